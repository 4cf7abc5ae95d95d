import LinearAlgebra
import Statistics
import Testing

@Suite struct GroupedBootstrapTests {
    /// Groups of five that share half of their variance: rows alone would promise far too much.
    @Test func intervalsOfAMeanCoverAtTheirLevel_whenGroupsAgree() throws {
        var covered = 0
        for seed in UInt64(0)..<300 {
            var generator = SeededGenerator(seed: seed, stream: 10)
            let groups = (0..<300).map { $0 / 5 }
            let shared = (0..<60).map { _ in generator.normal() }
            let values = groups.map { shared[$0] + generator.normal() }
            let estimate = Bootstrap.grouped(
                groups: groups, replicates: 400, level: 0.9, seed: seed
            ) { rows in rows.reduce(0) { $0 + values[$1] } / Double(rows.count) }
            covered += try #require(estimate?.interval).contains(0) ? 1 : 0
            #expect(estimate?.count == 60)
        }
        #expect((250...288).contains(covered), "\(covered)")
    }

    @Test func intervalsOfADifferenceCoverAtTheirLevel() throws {
        var covered = 0
        for seed in UInt64(0)..<200 {
            var generator = SeededGenerator(seed: seed, stream: 11)
            let target = (0..<150).map { _ in generator.normal() }
            // Equally good predictions: the true difference is 0.
            let first = target.map { $0 + generator.normal() }
            let second = target.map { $0 + generator.normal() }
            let pair = try #require(
                Bootstrap.pairedSpearman(
                    first, second, target: target, groups: Array(0..<150), replicates: 300,
                    level: 0.9, seed: seed))
            covered += try #require(pair.difference.interval).contains(0) ? 1 : 0
            let difference = pair.first.value - pair.second.value
            #expect(abs(pair.difference.value - difference) < 1e-15)
        }
        #expect((162...194).contains(covered), "\(covered)")
    }

    @Test func hasNoInterval_whenThereIsOneGroupOrNoValue() {
        let one = Bootstrap.grouped(groups: [3, 3, 3], replicates: 50, level: 0.9, seed: 1) {
            Double($0.count)
        }
        #expect(one?.value == 3)
        #expect(one?.interval == nil)
        let often = Bootstrap.grouped(groups: [0, 1, 2], replicates: 50, level: 0.9, seed: 1) {
            Set($0).count == 3 ? 1 : nil
        }
        #expect(often?.interval == nil)
        #expect(
            Bootstrap.grouped(groups: [0], replicates: 9, level: 0.9, seed: 1) { _ in nil } == nil)
    }

    @Test func sameSeedGivesTheSameInterval() {
        func once(_ seed: UInt64) -> Estimate? {
            Bootstrap.grouped(groups: Array(0..<50), replicates: 99, level: 0.8, seed: seed) {
                Double($0.reduce(0, +))
            }
        }
        #expect(once(4) == once(4))
        #expect(once(4) != once(5))
    }
}
