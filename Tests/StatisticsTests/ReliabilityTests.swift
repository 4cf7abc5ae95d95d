import LinearAlgebra
import Statistics
import Testing

@Suite struct ReliabilityTests {
    @Test func intraclassMatchesScipysMeanSquares() throws {
        for row in try MiningReference.load().intraclass {
            let value = try #require(IntraclassCorrelation(table(row.ratings)))
            let interval = try #require(value.oneWay.interval)
            #expect(abs(value.oneWay.value - row.oneWay) < 1e-9)
            #expect(distance([interval.low, interval.high], row.interval) < 1e-9)
            #expect(abs(value.agreement - row.agreement) < 1e-9)
            #expect(abs(value.consistency - row.consistency) < 1e-9)
        }
    }

    /// Table 2 and 4 of Shrout and Fleiss 1979.
    @Test func intraclassMatchesShroutAndFleiss() throws {
        let ratings: [[Double]] = [
            [9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7],
        ]
        let value = try #require(IntraclassCorrelation(table(ratings)))
        #expect(abs(value.oneWay.value - 0.17) < 0.005)
        #expect(abs(value.agreement - 0.29) < 0.005)
        #expect(abs(value.consistency - 0.71) < 0.005)
    }

    @Test func retestsAreSummedUp() throws {
        let same = try #require(Reliability(first: [1, 2, 3, 4], second: [1, 2, 3, 4]))
        #expect(same.unchanged == 1)
        #expect(same.meanChange == 0)
        #expect(same.intraclass?.oneWay.value == 1)
        let moved = try #require(Reliability(first: [1, 2, 3, 4], second: [2, 2, 3, 1]))
        #expect(moved.unchanged == 0.5)
        #expect(moved.meanChange == 1)
        let constant = try #require(Reliability(first: [3, 3], second: [3, 3]))
        #expect(constant.intraclass == nil)
        #expect(constant.spearman == nil)
        #expect(Reliability(first: [], second: []) == nil)
        #expect(Reliability(first: [.nan], second: [1]) == nil)
    }

    /// A feature measured with error correlates less; dividing by √ICC makes up for it.
    @Test func attenuationIsUndone() throws {
        var generator = SeededGenerator(seed: 7)
        let truth = (0..<20000).map { _ in generator.normal() }
        let target = truth.map { $0 + generator.normal() }
        let first = truth.map { $0 + 0.8 * generator.normal() }
        let second = truth.map { $0 + 0.8 * generator.normal() }
        let reliability = try #require(
            Reliability(first: first, second: second)?.intraclass?.oneWay.value)
        let raw = try #require(RankStatistics.pearson(first, target))
        let corrected = try #require(Reliability.disattenuated(raw, reliability: reliability))
        #expect(raw < 0.58)
        #expect(abs(corrected - 0.5.squareRoot()) < 0.02)
        #expect(Reliability.disattenuated(0.5, reliability: 0) == nil)
        #expect(Reliability.disattenuated(0.9, reliability: 0.25) == 1)
    }
}
