import LinearAlgebra
import Statistics
import Testing

@Suite struct AgreementTests {
    static let all: [AgreementStatistic] =
        [.percentAgreement, .fleissKappa]
        + CohenKappa.Weights.allCases.map { .cohenKappa($0) }
        + KrippendorffAlpha.Metric.allCases.map { .krippendorffAlpha($0) }

    /// Random numbers 0…categories − 1; raters repeat the truth except at the rate `noise`.
    static func ratings(
        _ generator: inout SeededGenerator, raters: Int, items: Int, categories: Int,
        missing: Double = 0, noise: Double = 0.4
    ) -> [[Double?]] {
        let truth = (0..<items).map { _ in generator.below(categories) }
        return (0..<raters).map { _ in
            truth.map { value -> Double? in
                if generator.unit() < missing { return nil }
                let seen = generator.unit() < noise ? generator.below(categories) : value
                return Double(seen)
            }
        }
    }

    /// The figure, or nil where it is undefined.
    static func value(_ ratings: [[Double?]], _ statistic: AgreementStatistic) throws -> Double? {
        try? RatingTable(numbers: ratings).agreement(statistic)
    }

    @Test(arguments: UInt64(0)..<100)
    func orderOfItemsAndRatersDoesNotMatter(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let raters = 2 + generator.below(3)
        let ratings = Self.ratings(
            &generator, raters: raters, items: 12, categories: 4,
            missing: generator.below(2) == 0 ? 0 : 0.3)
        let order = (0..<12).map { ($0, generator.next()) }.sorted { $0.1 < $1.1 }.map(\.0)
        let moved = ratings.reversed().map { row in order.map { row[$0] } }
        for statistic in Self.all {
            let (one, two) = (
                try Self.value(ratings, statistic), try Self.value(Array(moved), statistic)
            )
            #expect((one == nil) == (two == nil))
            if let one, let two { #expect(abs(one - two) < 1e-12) }
        }
    }

    @Test(arguments: UInt64(0)..<100)
    func namesOfCategoriesDoNotMatter_whereNoneIsNearer(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let ratings = Self.ratings(
            &generator, raters: 2, items: 15, categories: 3, missing: 0.1)
        let names = ["zebra", "ant", "moth"]
        let named = try RatingTable(
            labels: ratings.map { row in row.map { $0.map { names[Int($0)] } } })
        for statistic: AgreementStatistic in [
            .percentAgreement, .cohenKappa(.none), .krippendorffAlpha(.nominal),
        ] {
            let expected = try #require(try Self.value(ratings, statistic))
            #expect(abs(try named.agreement(statistic) - expected) < 1e-12)
        }
    }

    /// Ordered names are numbered from 0, also where one is never used.
    @Test func orderedNamesAreStepsApart() throws {
        let numbers: [[Double?]] = [[0, 1, 3, 3, nil, 0], [0, 3, 3, 1, 1, 1]]
        let names = ["low", "middle", "high", "top"]
        let labels = numbers.map { row in row.map { $0.map { names[Int($0)] } } }
        let named = try RatingTable(labels: labels, order: names)
        for statistic: AgreementStatistic in [
            .cohenKappa(.linear), .cohenKappa(.quadratic), .krippendorffAlpha(.ordinal),
        ] {
            let expected = try #require(try Self.value(numbers, statistic))
            #expect(abs(try named.agreement(statistic) - expected) < 1e-12)
        }
    }

    @Test func ratersWhoAlwaysAgreeGiveOne() throws {
        var generator = SeededGenerator(seed: 3)
        let ratings = Self.ratings(&generator, raters: 2, items: 30, categories: 5, noise: 0)
        for statistic in Self.all { #expect(try Self.value(ratings, statistic) == 1) }
    }

    @Test func independentRatersGiveAboutZero() throws {
        var generator = SeededGenerator(seed: 4)
        let ratings = Self.ratings(&generator, raters: 2, items: 20000, categories: 4, noise: 1)
        for statistic in Self.all where statistic != .percentAgreement {
            let value = try #require(try Self.value(ratings, statistic))
            // Four standard errors of a kappa of independent raters.
            #expect(abs(value) < 4 / 20000.0.squareRoot())
        }
    }

    /// With nothing missing α = κ + (1 − κ)/N for Fleiss' κ and N ratings in all.
    @Test(arguments: UInt64(0)..<100)
    func nominalAlphaIsFleissKappaForFewRatings(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let raters = 2 + generator.below(4)
        let ratings = Self.ratings(&generator, raters: raters, items: 9, categories: 3)
        guard let kappa = try Self.value(ratings, .fleissKappa) else { return }
        let alpha = try #require(try Self.value(ratings, .krippendorffAlpha(.nominal)))
        #expect(abs(alpha - (kappa + (1 - kappa) / Double(9 * raters))) < 1e-12)
    }

    /// With two categories all weights say the same.
    @Test(arguments: UInt64(0)..<50) func weightsDoNotMatter_forTwoCategories(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let ratings = Self.ratings(&generator, raters: 2, items: 20, categories: 2)
        guard let plain = try Self.value(ratings, .cohenKappa(.none)) else { return }
        for weights in CohenKappa.Weights.allCases {
            let value = try #require(try Self.value(ratings, .cohenKappa(weights)))
            #expect(abs(value - plain) < 1e-12)
        }
    }

    /// Table 1 of Krippendorff 2011: four observers, twelve units, twelve ratings missing or single.
    @Test func alphaIsKrippendorffsOwn() throws {
        let ratings: [[Double?]] = [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, nil, nil, nil],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nil, 3],
            [nil, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nil],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nil],
        ]
        let expected: [(KrippendorffAlpha.Metric, Double)] = [
            (.nominal, 0.743), (.ordinal, 0.815), (.interval, 0.849), (.ratio, 0.797),
        ]
        for (metric, alpha) in expected {
            let value = try #require(try Self.value(ratings, .krippendorffAlpha(metric)))
            #expect(abs(value - alpha) < 0.0005)
        }
    }
}
