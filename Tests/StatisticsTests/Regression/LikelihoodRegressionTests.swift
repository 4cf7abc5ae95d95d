import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct LikelihoodRegressionTests {
    @Test func logisticMatchesScikitLearnAndStatsmodels() throws {
        for row in try MiningReference.load().logistic {
            let model = try LogisticRegression(
                columns: table(row.columns), target: row.target, penalty: row.penalty,
                weights: row.weights, intercept: row.hasIntercept)
            #expect(distance(model.coefficients, row.coefficients) < 1e-9)
            #expect(abs(model.intercept - row.intercept) < 1e-9)
            if let expected = row.standardErrors {
                #expect(distance(try #require(model.standardErrors), expected) < 1e-9)
            }
        }
    }

    @Test func ordinalMatchesTheRootOfItsGradient_andStatsmodels() throws {
        for row in try MiningReference.load().ordinal {
            let model = try OrdinalRegression(
                columns: table(row.columns), target: row.target, penalty: 0)
            #expect(distance(model.coefficients, row.coefficients) < 1e-9)
            #expect(distance(model.thresholds, row.thresholds) < 1e-9)
            // Its optimiser, and its numerical Hessian, stop there.
            #expect(distance(model.coefficients, row.statsmodelsCoefficients) < 1e-4)
            let errors = try #require(model.standardErrors)
            #expect(
                zip(errors, row.standardErrors).allSatisfy { abs($0 - $1) < 1e-3 * $1 })
            let chances = model.probabilities(table(row.columns))
            for r in 0..<chances.rows {
                let sum = (0..<chances.columns).reduce(0) { $0 + chances[r, $1] }
                #expect(abs(sum - 1) < 1e-12)
            }
        }
    }

    /// With two levels it is logistic regression.
    @Test(arguments: [0.0, 3]) func ordinalOfTwoLevelsIsLogistic(penalty: Double) throws {
        var generator = SeededGenerator(seed: 4)
        let x = (0..<2).map { _ in (0..<100).map { _ in generator.normal() * 3 + 1 } }
        let y = x[0].map { $0 + 4 * generator.normal() > 1 ? 1.0 : 0 }
        let logistic = try LogisticRegression(columns: table(x), target: y, penalty: penalty)
        let ordinal = try OrdinalRegression(columns: table(x), target: y, penalty: penalty)
        #expect(distance(ordinal.coefficients, logistic.coefficients) < 1e-9)
        #expect(abs(ordinal.thresholds[0] + logistic.intercept) < 1e-9)
        #expect(distance(ordinal.predict(table(x)), logistic.predict(table(x))) < 1e-9)
    }

    @Test func betaBinomialMatchesScipysLikelihood() throws {
        for row in try MiningReference.load().betaBinomial {
            let model = try BetaBinomialRegression(
                columns: table(row.columns), successes: row.successes, trials: row.trials,
                penalty: 0)
            #expect(distance(model.coefficients, row.coefficients) < 1e-9)
            #expect(abs(model.intercept - row.intercept) < 1e-9)
            #expect(abs(model.dispersion - row.dispersion) < 1e-9)
        }
    }

    /// Nine in ten intervals of 90 % cover the truth, which binomial ones would not.
    @Test func betaBinomialErrorsAreHonest_whenVotesVaryBeyondBinomial() throws {
        var (covered, binomialCovered) = (0, 0)
        for seed in UInt64(0)..<120 {
            var generator = SeededGenerator(seed: seed, stream: 20)
            let x = (0..<150).map { _ in generator.normal() }
            let trials = x.map { _ in Double(5 + generator.below(20)) }
            let successes = zip(x, trials).map { value, count in
                // Noise on the log odds in place of a beta draw: the model is only near the truth.
                let chance = Logistic.chance(0.5 * value + generator.normal())
                return Double((0..<Int(count)).count { _ in generator.unit() < chance })
            }
            let model = try BetaBinomialRegression(
                columns: table([x]), successes: successes, trials: trials, penalty: 0)
            let plain = try LogisticRegression(
                columns: table([x]), target: zip(successes, trials).map { $0 / $1 }, penalty: 0,
                weights: trials)
            #expect(model.dispersion > 0.05)
            // Averaging over the noise draws the log odds in by about 0.86.
            let truth = 0.5 * 0.86
            let reach = 1.645 * (try #require(model.standardErrors))[0]
            covered += abs(model.coefficients[0] - truth) < reach ? 1 : 0
            let narrow = 1.645 * (try #require(plain.standardErrors))[0]
            binomialCovered += abs(plain.coefficients[0] - truth) < narrow ? 1 : 0
        }
        #expect(covered >= 98, "\(covered)")
        #expect(binomialCovered < 90, "\(binomialCovered)")
    }

    @Test func betaBinomialIsBinomial_whereVotesVaryNoMore() throws {
        let trials = [Double](repeating: 10, count: 40)
        let x = (0..<40).map { Double($0 % 2) }
        let successes = x.map { 3 + 4 * $0 }
        let model = try BetaBinomialRegression(
            columns: table([x]), successes: successes, trials: trials, penalty: 0)
        #expect(model.dispersion == 0)
        #expect(distance(model.predict(table([x])), successes.map { $0 / 10 }) < 1e-9)
    }

    @Test func saysWhatIsWrong() {
        let x = table([[1, 2, 3, 4]])
        #expect(throws: RegressionError.unsettled(model: "logistic regression", steps: 100)) {
            try LogisticRegression(columns: x, target: [0, 0, 1, 1], penalty: 0)
        }
        #expect(throws: RegressionError.constantTarget(model: "ordinal regression", value: 2)) {
            try OrdinalRegression(columns: x, target: [2, 2, 2, 2], penalty: 1)
        }
        #expect(
            throws: RegressionError.targetOutOfRange(
                model: "logistic regression", row: 2, value: 1.5, expected: "a number in 0…1")
        ) { try LogisticRegression(columns: x, target: [0, 1, 1.5, 0], penalty: 1) }
        #expect(
            throws: RegressionError.targetOutOfRange(
                model: "beta-binomial regression", row: 0, value: 3,
                expected: "a whole number in 0…2.0")
        ) {
            try BetaBinomialRegression(
                columns: x, successes: [3, 1, 1, 1], trials: [2, 2, 2, 2], penalty: 1)
        }
        let many = (0..<60).map(Double.init)
        #expect(
            throws: RegressionError.tooManyLevels(
                model: "ordinal regression", levels: 60, limit: 50)
        ) { try OrdinalRegression(columns: table([many]), target: many, penalty: 1) }
        // A penalty settles what is told apart completely.
        #expect(throws: Never.self) {
            try LogisticRegression(columns: x, target: [0, 0, 1, 1], penalty: 0.1)
        }
    }

    @Test func gammaFunctionsMatchScipy() throws {
        for row in try MiningReference.load().gamma {
            let scale = max(1, abs(row.digamma))
            #expect(abs(GammaFunctions.digamma(row.x) - row.digamma) < 1e-13 * scale)
            #expect(abs(GammaFunctions.trigamma(row.x) / row.trigamma - 1) < 1e-13)
        }
        for (x, count) in [(0.3, 300), (4.0, 2000)] {
            let fast = RisingSum(from: x, count: count)
            let terms = (0..<count).map { x + Double($0) }
            #expect(abs(fast.logs / terms.reduce(0) { $0 + log($1) } - 1) < 1e-12)
            #expect(abs(fast.inverses / terms.reduce(0) { $0 + 1 / $1 } - 1) < 1e-12)
            #expect(abs(fast.squares / terms.reduce(0) { $0 + 1 / ($1 * $1) } - 1) < 1e-12)
        }
    }
}
