import Testing

@testable import Statistics

@Suite struct BinomialIntervalTests {
    @Test func matchesScipy() throws {
        for row in try Reference.load().binomial {
            let exact = try #require(
                BinomialInterval.clopperPearson(
                    successes: row.successes, trials: row.trials, level: row.level))
            let wilson = try #require(
                BinomialInterval.wilson(
                    successes: row.successes, trials: row.trials, level: row.level))
            #expect(agree([exact.low, exact.high], row.clopperPearson, tolerance: 1e-9), "\(row)")
            #expect(agree([wilson.low, wilson.high], row.wilson, tolerance: 1e-9), "\(row)")
            #expect(exact.level == row.level && wilson.level == row.level)
        }
    }

    @Test(arguments: [(0, 0), (-1, 5), (6, 5), (0, -1)])
    func isNil_whenCountsMakeNoSense(successes: Int, trials: Int) {
        let (k, n) = (successes, trials)
        #expect(BinomialInterval.wilson(successes: k, trials: n, level: 0.9) == nil)
        #expect(BinomialInterval.clopperPearson(successes: k, trials: n, level: 0.9) == nil)
    }

    @Test(arguments: [0, 1, -0.5, Double.nan])
    func isNil_whenLevelMakesNoSense(level: Double) {
        #expect(BinomialInterval.wilson(successes: 1, trials: 2, level: level) == nil)
        #expect(BinomialInterval.clopperPearson(successes: 1, trials: 2, level: level) == nil)
    }

    /// The coverage is a finite sum, so "never below the level" is checked exactly.
    @Test(arguments: [1, 2, 7, 25]) func clopperPearsonCoversAtLeastAtItsLevel(trials: Int) throws {
        let intervals = try (0...trials).map {
            try #require(
                BinomialInterval.clopperPearson(successes: $0, trials: trials, level: 0.9))
        }
        for step in 1..<100 {
            let p = Double(step) / 100
            var mass = 1.0
            for _ in 0..<trials { mass *= 1 - p }
            var coverage = 0.0
            for (k, interval) in intervals.enumerated() {
                if interval.contains(p) { coverage += mass }
                mass *= p / (1 - p) * Double(trials - k) / Double(k + 1)
            }
            #expect(coverage >= 0.9 - 1e-9, "p = \(p)")
        }
    }

    @Test func incompleteBetaInvertsItself() throws {
        for (a, b) in [(0.5, 0.5), (1, 1), (2, 9), (300, 4), (5e4, 5e4)] {
            for p in [1e-6, 0.01, 0.4, 0.99] {
                let x = try #require(IncompleteBeta.inverse(p, a: a, b: b))
                let back = try #require(IncompleteBeta.value(at: x, a: a, b: b))
                #expect(agree(back, p, tolerance: 1e-9), "a \(a), b \(b), p \(p)")
            }
        }
    }

    @Test func normalQuantileMatchesScipy() throws {
        for row in try Reference.load().normal {
            let z = NormalDistribution.quantile(row.chance)
            #expect(abs(z - row.quantile) <= 1e-14 * max(1, abs(z)))
            #expect(agree(NormalDistribution.cumulative(z), row.chance, tolerance: 1e-11))
        }
    }
}
