import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct PairedTestsTests {
    /// Every assignment of signs to the ranks, counted.
    private func enumerated(_ differences: [Double]) -> Double {
        let differing = differences.filter { $0 != 0 }
        guard let ranks = RankStatistics.midranks(differing.map(abs)), !differing.isEmpty else {
            return 1
        }
        let mean = ranks.reduce(0, +) / 2
        let seen = zip(ranks, differing).reduce(0) { $1.1 > 0 ? $0 + $1.0 : $0 }
        var atLeast = 0
        for signs in 0..<(1 << ranks.count) {
            let sum = ranks.indices.reduce(0.0) { signs >> $1 & 1 == 1 ? $0 + ranks[$1] : $0 }
            if abs(sum - mean) >= abs(seen - mean) - 1e-9 { atLeast += 1 }
        }
        return Double(atLeast) / Double(1 << ranks.count)
    }

    private func differences(_ seed: UInt64, upTo most: Int, steps: Int) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        return (0..<generator.below(most + 1)).map { _ in
            Double(generator.below(2 * steps + 1) - steps)
        }
    }

    @Test(arguments: UInt64(0)..<120) func agreesWithEnumeration_tiesAndZerosIncluded(seed: UInt64)
    {
        let values = differences(seed, upTo: 11, steps: seed % 2 == 0 ? 3 : 40)
        #expect(abs(PairedTests.signedRank(values) - enumerated(values)) < 1e-12)
    }

    @Test(arguments: UInt64(0)..<60) func dependsOnNoOrderAndNoSide_andIsAChance(seed: UInt64) {
        let values = differences(seed, upTo: 90, steps: 9)
        var generator = SeededGenerator(seed: seed, stream: 1)
        let shuffled = values.shuffled(using: &generator)
        for test in [PairedTests.sign, PairedTests.signedRank] {
            let chance = test(values)
            #expect(chance > 0 && chance <= 1)
            #expect(abs(test(shuffled) - chance) < 1e-12)
            #expect(abs(test(values.map { -$0 }) - chance) < 1e-12)
            #expect(test(values + [0, 0]) == chance)
        }
    }

    @Test func givesThePublishedValues() {
        // Eight wins of eight: 2/2⁸ by both.
        let wins = (1...8).map(Double.init)
        #expect(abs(PairedTests.sign(wins) - 2.0 / 256) < 1e-12)
        #expect(abs(PairedTests.signedRank(wins) - 2.0 / 256) < 1e-12)
        // Wilcoxon's own example of 1945 (after Darwin's maize): W = 24 of 15 pairs, p = 0.041.
        let maize: [Double] = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
        #expect(abs(PairedTests.signedRank(maize) - 0.0413) < 5e-4)
        #expect(PairedTests.sign([]) == 1 && PairedTests.signedRank([0, 0]) == 1)
    }

    @Test func normalDistributionMeetsTheExactOne_atTheLimit() {
        var generator = SeededGenerator(seed: 5)
        let values = (0..<PairedTests.exactLimit).map { _ in generator.normal() + 0.25 }
        let exact = PairedTests.signedRank(values)
        // One more pair of the least weight takes it past the limit.
        let approximate = PairedTests.signedRank(values + [1e-9])
        #expect(abs(exact - approximate) < 0.01)
    }
}
