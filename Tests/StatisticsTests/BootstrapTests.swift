import Foundation
import LinearAlgebra
import Statistics
import Testing

@Suite struct BootstrapTests {
    static let methods: [Bootstrap.Method] = [.percentile, .biasCorrectedAccelerated]

    @Test(arguments: methods) func meanIntervalCoversAboutAtItsLevel(method: Bootstrap.Method) {
        var generator = SeededGenerator(seed: 5)
        var coveredCount = 0
        for _ in 0..<600 {
            let differences = (0..<40).map { _ in 0.3 + generator.normal() }
            let estimate = Bootstrap.meanInterval(
                differences, replicates: 300, level: 0.95, generator: &generator, method: method)
            if estimate?.interval?.contains(0.3) == true { coveredCount += 1 }
        }
        // 0.95 less the method's known shortfall at 40 units, give or take three standard errors.
        #expect((0.9...0.98).contains(Double(coveredCount) / 600))
    }

    /// Positions of one game share its luck. Resampled as if independent they would seem far more
    /// informative than they are.
    @Test func groupIntervalCovers_whereIgnoringGroupsDoesNot() {
        var generator = SeededGenerator(seed: 6)
        var (grouped, ignored) = (0, 0)
        let ratio: ([Double]) -> Double? = { $0[1] > 0 ? $0[0] / $0[1] : nil }
        for _ in 0..<300 {
            var observations: [[Double]] = []
            let groups = (0..<40).map { _ in
                let luck = generator.normal()
                let values = (0..<8).map { _ in 1 + luck + 0.5 * generator.normal() }
                observations += values.map { [$0, 1] }
                return [values.reduce(0, +), 8]
            }
            let byGroup = Bootstrap.interval(
                groups: groups, replicates: 200, level: 0.9, generator: &generator,
                statistic: ratio)
            let byObservation = Bootstrap.interval(
                groups: observations, replicates: 100, level: 0.9, generator: &generator,
                statistic: ratio)
            if byGroup?.interval?.contains(1) == true { grouped += 1 }
            if byObservation?.interval?.contains(1) == true { ignored += 1 }
        }
        #expect((0.83...0.95).contains(Double(grouped) / 300))
        #expect(Double(ignored) / 300 < 0.7)
    }

    @Test(arguments: methods) func sameSeedGivesSameInterval(method: Bootstrap.Method) {
        let differences = (0..<20).map { sin(Double($0)) }
        func estimate(seed: UInt64) -> Estimate? {
            var generator = SeededGenerator(seed: seed)
            return Bootstrap.meanInterval(
                differences, replicates: 200, level: 0.9, generator: &generator, method: method)
        }
        #expect(estimate(seed: 1) == estimate(seed: 1))
        #expect(estimate(seed: 1)?.interval != estimate(seed: 2)?.interval)
        #expect(estimate(seed: 1)?.count == 20)
    }

    /// The mean is the ratio of sums with weight 1, so both entries must agree to rounding.
    @Test func meanIntervalEqualsTheGeneralOne() throws {
        let differences = (0..<15).map { cos(Double($0 * $0)) }
        var first = SeededGenerator(seed: 9)
        var second = first
        let mean = try #require(
            Bootstrap.meanInterval(differences, replicates: 99, level: 0.8, generator: &first))
        let general = try #require(
            Bootstrap.interval(
                groups: differences.map { [$0, 1] }, replicates: 99, level: 0.8,
                generator: &second
            ) { $0[0] / $0[1] })
        #expect(mean == general)
        #expect(first == second)
    }

    @Test func correctedIntervalLeansTowardsTheLongTail() throws {
        var generator = SeededGenerator(seed: 3)
        let skewed = (0..<30).map { _ in exp(1.2 * generator.normal()) }
        let ends = try Self.methods.map {
            var generator = SeededGenerator(seed: 4)
            let estimate = Bootstrap.meanInterval(
                skewed, replicates: 2000, level: 0.9, generator: &generator, method: $0)
            return try #require(estimate?.interval)
        }
        #expect(ends[1].low > ends[0].low && ends[1].high > ends[0].high)
    }

    @Test func isNil_whenDataAreDegenerate() {
        var generator = SeededGenerator(seed: 1)
        func mean(_ values: [Double], _ replicates: Int = 50) -> Estimate? {
            Bootstrap.meanInterval(
                values, replicates: replicates, level: 0.9, generator: &generator)
        }
        #expect(mean([]) == nil)
        #expect(mean([1, .nan]) == nil)
        #expect(mean([2]) == Estimate(value: 2, interval: nil, count: 1))
        #expect(mean([1, 2], 0)?.interval == nil)
        let constant = Bootstrap.meanInterval(
            [1, 1, 1], replicates: 50, level: 0.9, generator: &generator,
            method: .biasCorrectedAccelerated)
        #expect(constant == Estimate(value: 1, interval: nil, count: 3))
    }

    /// A replicate misses the only positive group with a chance of about 1/e, far above 5 %.
    @Test func intervalIsNil_whenReplicatesAreOftenUndefined() throws {
        var generator = SeededGenerator(seed: 2)
        let ratio: ([Double]) -> Double? = { $0[1] > 0 ? $0[0] / $0[1] : nil }
        let rare = [[1.0, 2.0]] + Array(repeating: [0.0, 0.0], count: 30)
        let estimate = Bootstrap.interval(
            groups: rare, replicates: 200, level: 0.9, generator: &generator, statistic: ratio)
        #expect(estimate == Estimate(value: 0.5, interval: nil, count: 31))
        let undefined = Bootstrap.interval(
            groups: [[0, 0], [0, 0]], replicates: 10, level: 0.9, generator: &generator,
            statistic: ratio)
        #expect(undefined == nil)
        let notFinite = Bootstrap.interval(
            groups: [[1], [2]], replicates: 10, level: 0.9, generator: &generator
        ) { _ in .infinity }
        #expect(notFinite == nil)
    }
}
