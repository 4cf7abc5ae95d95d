import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct SignFlipsTests {
    private func normal(_ generator: inout SeededGenerator) -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
    }

    /// Groups of ten whose rows share both columns' parts: shuffled rows would call nearly everything
    /// significant.
    @Test func keepsItsLevel_whereRowsOfAGroupGoTogether() {
        var rejected = 0
        for seed in 0..<400 {
            var generator = SeededGenerator(seed: UInt64(seed))
            var (first, second, groups): ([Double], [Double], [Int]) = ([], [], [])
            for group in 0..<40 {
                let (a, b) = (normal(&generator), normal(&generator))
                for _ in 0..<10 {
                    first.append(a + 0.3 * normal(&generator))
                    second.append(b + 0.3 * normal(&generator))
                    groups.append(group)
                }
            }
            let p = SignFlips.pValue(first, second, groups: groups, flips: 199, seed: 1)
            rejected += p <= 0.05 ? 1 : 0
        }
        #expect(rejected < 36, "\(rejected) of 400")
        #expect(rejected > 6, "\(rejected) of 400")
    }

    @Test func findsWhatGoesTogether_andIsTheSameEachTime() {
        var generator = SeededGenerator(seed: 3)
        let first = (0..<300).map { _ in normal(&generator) }
        let second = first.map { 0.4 * $0 + normal(&generator) }
        let groups = Array(0..<300)
        let p = SignFlips.pValue(first, second, groups: groups, flips: 999, seed: 5)
        #expect(p == 0.001)
        #expect(p == SignFlips.pValue(first, second, groups: groups, flips: 999, seed: 5))
        #expect(
            SignFlips.pValue([0, 0], [0, 0], groups: [0, 1], flips: 99, seed: 1) == 1)
    }
}
