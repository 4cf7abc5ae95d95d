import LinearAlgebra
import Statistics
import Testing

@Suite struct SequentialScreenTests {
    /// A population of rows whose Spearman correlation is exactly what it is: the screen speaks of
    /// these rows, so the truth is known.
    struct Population {
        let target: [Double]
        let feature: [Double]
        let correlation: Double

        /// - Parameter levels: the feature's different values; 0 for no ties.
        init(rows: Int, strength: Double, levels: Int, seed: UInt64) {
            var generator = SeededGenerator(seed: seed, stream: 30)
            let target = (0..<rows).map { _ in generator.normal() }
            let raw = target.map { strength * $0 + generator.normal() }
            // Uneven steps: the top value is rare.
            feature =
                levels == 0
                ? raw
                : raw.map { value in
                    Double((1..<levels).count { value > 1.4 - 0.9 * Double(levels - 1 - $0) })
                }
            self.target = target
            correlation = RankStatistics.spearman(feature, target) ?? 0
        }
    }

    func screen(
        _ population: Population, bar: Double, level: Double, rowLimit: Int? = nil, seed: UInt64
    ) -> SequentialScreen {
        var screen = SequentialScreen(
            target: population.target, bar: bar, level: level, rowLimit: rowLimit, seed: seed)
        while screen.verdict == .open {
            screen.observe(screen.needed.map { population.feature[$0] })
        }
        return screen
    }

    /// The bar is set where the population lies, so every drop is an error: over 2,000 seeds they
    /// stay at the level, give or take its binomial scatter.
    @Test(arguments: [0, 5, 2]) func dropsAFeatureAtTheBar_noMoreOftenThanTheLevel(levels: Int) {
        var dropped = 0
        let population = Population(rows: 800, strength: 0.35, levels: levels, seed: 1)
        for seed in UInt64(0)..<2000 {
            let screen = screen(
                population, bar: abs(population.correlation), level: 0.1, seed: seed)
            dropped += screen.verdict == .dropped ? 1 : 0
        }
        #expect(Double(dropped) / 2000 < 0.12, "\(dropped) at \(population.correlation)")
    }

    @Test(arguments: [0, 5, 2]) func dropsAHopelessFeatureEarly(levels: Int) {
        var rows = 0
        for seed in UInt64(0)..<100 {
            let population = Population(rows: 2000, strength: 0, levels: levels, seed: seed)
            let screen = screen(population, bar: 0.25, level: 0.1, seed: seed)
            #expect(screen.verdict == .dropped)
            rows += screen.measuredCount
        }
        #expect(rows / 100 < (levels == 2 ? 320 : 240), "\(rows / 100)")
    }

    @Test func keepsAStrongFeature() {
        var kept = 0
        for seed in UInt64(0)..<100 {
            let population = Population(rows: 600, strength: -0.6, levels: 5, seed: seed)
            let screen = screen(population, bar: 0.25, level: 0.1, seed: seed)
            kept += screen.verdict == .kept ? 1 : 0
            if let estimate = screen.estimate, screen.verdict == .kept {
                #expect(abs(estimate - population.correlation) < 0.2)
            }
        }
        #expect(kept >= 99)
    }

    @Test func endsAtItsLimit_andAsksForEachRowOnce() {
        let population = Population(rows: 300, strength: 1, levels: 0, seed: 3)
        let limited = screen(population, bar: 0.3, level: 0.05, rowLimit: 50, seed: 4)
        #expect(limited.verdict == .kept)
        #expect((50..<58).contains(limited.measuredCount))
        #expect(limited.needed.isEmpty)
        #expect(limited.values.allSatisfy { population.feature[$0.key] == $0.value })
        var asked: Set<Int> = []
        var again = SequentialScreen(target: population.target, seed: 4)
        while again.verdict == .open {
            #expect(again.needed.allSatisfy { asked.insert($0).inserted })
            again.observe(again.needed.map { population.feature[$0] })
        }
        let constant = SequentialScreen(target: [Double](repeating: 1, count: 20), seed: 0)
        #expect(constant.verdict == .kept)
    }
}
