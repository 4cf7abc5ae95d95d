import LinearAlgebra
import Statistics
import Testing

@Suite struct PermutationTestTests {
    @Test func isUniformOnNoise() throws {
        let pValues = try (UInt64(0)..<400).map { seed in
            var generator = SeededGenerator(seed: seed, stream: 12)
            let x = (0..<40).map { _ in Double(generator.below(5)) }
            let y = (0..<40).map { _ in generator.normal() }
            return try #require(PermutationTest.spearman(x, y, permutations: 99, seed: seed))
        }
        for level in [0.05, 0.2, 0.5, 0.8] {
            let share = Double(pValues.count { $0 <= level }) / 400
            #expect(abs(share - level) < 4 * (level * (1 - level) / 400).squareRoot())
        }
    }

    /// Strata that move both sides make a correlation that is none within them.
    @Test func strataKeepTheirPart() throws {
        var generator = SeededGenerator(seed: 3)
        let strata = (0..<200).map { $0 % 2 }
        let x = strata.map { Double($0) * 2 + generator.normal() }
        let y = strata.map { Double($0) * 2 + generator.normal() }
        let free = try #require(PermutationTest.spearman(x, y, permutations: 999, seed: 1))
        let kept = try #require(
            PermutationTest.spearman(x, y, strata: strata, permutations: 999, seed: 1))
        #expect(free == 0.001)
        #expect(kept > 0.02)
    }

    @Test func sidesSplitTheEvidence() throws {
        let x = (0..<30).map(Double.init)
        func p(_ side: PermutationTest.Side) throws -> Double {
            try #require(PermutationTest.spearman(x, x, side: side, permutations: 199, seed: 2))
        }
        #expect(try p(.greater) == 0.005)
        #expect(try p(.twoSided) == 0.005)
        #expect(try p(.less) == 1)
        let constant = x.map { _ in 1.0 }
        #expect(PermutationTest.spearman(x, constant, permutations: 9, seed: 0) == nil)
    }
}
