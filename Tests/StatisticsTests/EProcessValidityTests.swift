import LinearAlgebra
import Statistics
import Testing

/// Ten thousand inquiries into hypotheses that are false, each stopped at the moment that suits
/// the inquirer best: as soon as the evidence reaches 1/α, or after 400 observations.
@Suite struct EProcessValidityTests {
    static let inquiryCount = 10_000
    static let observationLimit = 400
    static let level = 0.05

    /// The number of inquiries that confirm a hypothesis; `next` is the world's next observation.
    func confirmationCount(
        bar: Double, seed: UInt64, inquiries: Int = inquiryCount, limit: Int = observationLimit,
        mirrored: Bool = false, next: (inout SeededGenerator, EProcess) -> Double
    ) -> Int {
        var generator = SeededGenerator(seed: seed)
        var confirmed = 0
        for _ in 0..<inquiries {
            var process =
                mirrored ? EProcess(nullMeanAtLeast: bar) : EProcess(nullMeanAtMost: bar)
            while process.count < limit && !process.rejects(at: Self.level) {
                process.observe(next(&generator, process))
            }
            if process.rejects(at: Self.level) { confirmed += 1 }
        }
        return confirmed
    }

    /// α n and three binomial standard errors.
    var allowedCount: Double {
        let n = Double(Self.inquiryCount)
        return Self.level * n + 3 * (n * Self.level * (1 - Self.level)).squareRoot()
    }

    @Test(arguments: [0.1, 0.5]) func confirmsRarely_whenCoinsLandAtTheBar(bar: Double) {
        let confirmed = confirmationCount(bar: bar, seed: 11) { generator, _ in
            generator.unit() < bar ? 1 : 0
        }
        #expect(Double(confirmed) <= allowedCount)
        // Not vacuous: the inquirer who looks every time does cross the line now and then.
        #expect(confirmed > 50)
    }

    /// Pairs judged lost, drawn or won.
    @Test func confirmsRarely_whenPairsAverageTheBar() {
        let confirmed = confirmationCount(bar: 0.6, seed: 12) { generator, _ in
            let u = generator.unit()
            return u < 0.35 ? 1 : u < 0.85 ? 0.5 : 0
        }
        #expect(Double(confirmed) <= allowedCount)
    }

    /// The world sees the evidence: it gambles with long odds when behind, plays safe when far
    /// behind, and nears the line with bold steps; its conditional mean never exceeds the bar.
    @Test func confirmsRarely_whenTheWorldAdapts() {
        let bar = 0.4
        let confirmed = confirmationCount(bar: bar, seed: 13) { generator, process in
            switch process.logValue {
            case ..<(-2): return generator.unit() < bar / 0.8 ? 0.8 : 0
            case ..<0: return bar + (generator.unit() < 0.5 ? -0.1 : 0.1)
            case ..<1.5: return generator.unit() < bar ? 1 : 0
            default: return process.count % 3 == 0 ? bar : generator.unit() < bar / 0.7 ? 0.7 : 0
            }
        }
        #expect(Double(confirmed) <= allowedCount)
    }

    @Test func refutesRarely_whenCoinsLandAtTheBar() {
        let confirmed = confirmationCount(bar: 0.7, seed: 14, mirrored: true) { generator, _ in
            generator.unit() < 0.7 ? 1 : 0
        }
        #expect(Double(confirmed) <= allowedCount)
    }

    /// Five false hypotheses an inquiry, all fed by the same coins, share one budget.
    @Test func confirmsRarely_whenHypothesesShareABudget() {
        let budget = ErrorBudget(total: Self.level)
        var generator = SeededGenerator(seed: 15)
        var confirmed = 0
        for _ in 0..<Self.inquiryCount {
            let anyConfirmed = (1...5).contains { ordinal in
                let level = budget.level(ofHypothesis: ordinal)
                var process = EProcess(nullMeanAtMost: 0.5)
                while process.count < Self.observationLimit / 5 && !process.rejects(at: level) {
                    process.observe(generator.unit() < 0.5 ? 1 : 0)
                }
                return process.rejects(at: level)
            }
            if anyConfirmed { confirmed += 1 }
        }
        #expect(Double(confirmed) <= allowedCount)
    }

    @Test(arguments: [0.05, 0.3, 0.5, 0.75]) func confirmsMostly_whenTheMeanIsWellAbove(
        bar: Double
    ) {
        let confirmed = confirmationCount(bar: bar, seed: 16, inquiries: 1000, limit: 200) {
            generator, _ in generator.unit() < bar + 0.2 ? 1 : 0
        }
        #expect(confirmed >= 900)
        let refuted = confirmationCount(
            bar: 1 - bar, seed: 17, inquiries: 1000, limit: 200, mirrored: true
        ) { generator, _ in generator.unit() < 0.8 - bar ? 1 : 0 }
        #expect(refuted >= 900)
    }
}
