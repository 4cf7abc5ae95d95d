import Statistics
import Testing

@Suite struct ErrorBudgetTests {
    @Test(arguments: [0.01, 0.05, 0.2, 1]) func levelsSumToAtMostTheTotal(total: Double) {
        let budget = ErrorBudget(total: total)
        var sum = 0.0
        for ordinal in 1...10_000 {
            sum += budget.level(ofHypothesis: ordinal)
            #expect(sum <= total)
        }
        #expect(abs(sum - total * (1 - 1.0 / 10_001)) < 1e-12)
    }

    @Test func firstLevelsFollowTheFormula() {
        let budget = ErrorBudget(total: 0.06)
        #expect(budget.level(ofHypothesis: 1) == 0.03)
        #expect(budget.level(ofHypothesis: 2) == 0.01)
        #expect(budget.level(ofHypothesis: .max) > 0)
    }

    @Test func nothingIsRejected_whenTheTotalIsZero() {
        var process = EProcess(nullMeanAtMost: 0.1)
        for _ in 0..<1000 { process.observe(1) }
        #expect(!process.rejects(at: ErrorBudget(total: 0).level(ofHypothesis: 1)))
    }
}
