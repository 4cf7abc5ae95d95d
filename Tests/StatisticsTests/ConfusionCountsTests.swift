import Statistics
import Testing

@Suite struct ConfusionCountsTests {
    let counts = ConfusionCounts(
        truePositives: 6, falsePositives: 2, trueNegatives: 9, falseNegatives: 3)

    @Test func ratiosFollowTheirFormulas() {
        #expect(counts.precision == 6.0 / 8)
        #expect(counts.recall == 6.0 / 9)
        #expect(counts.specificity == 9.0 / 11)
        #expect(counts.balancedAccuracy == (6.0 / 9 + 9.0 / 11) / 2)
        #expect(counts.f1 == 12.0 / 17)
        #expect(counts.total == 20)
    }

    @Test func ratiosAreNil_whenUndefined() {
        let nothing = ConfusionCounts()
        #expect(nothing.precision == nil)
        #expect(nothing.recall == nil)
        #expect(nothing.specificity == nil)
        #expect(nothing.balancedAccuracy == nil)
        #expect(nothing.f1 == nil)
        let allFalse = ConfusionCounts(trueNegatives: 5)
        #expect(allFalse.specificity == 1)
        #expect(allFalse.balancedAccuracy == nil)
        let missed = ConfusionCounts(trueNegatives: 5, falseNegatives: 2)
        #expect(missed.f1 == 0)
        #expect(missed.precision == nil)
    }

    @Test func sumsCountByCount() {
        let sum = counts + ConfusionCounts(truePositives: 1, falseNegatives: 0.5)
        #expect(
            sum
                == ConfusionCounts(
                    truePositives: 7, falsePositives: 2, trueNegatives: 9, falseNegatives: 3.5))
    }
}
