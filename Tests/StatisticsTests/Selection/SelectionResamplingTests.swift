import Foundation
import LinearAlgebra
import Statistics
import Testing

@Suite struct SelectionResamplingTests {
    @Test func stabilityTellsSignalFromNoise() throws {
        var generator = SeededGenerator(seed: 1)
        let problem = PlantedProblem.make(
            rows: 600, features: 30, strengths: [0.5, 0.4], groupSize: 2, generator: &generator)
        let stability = StabilitySelection(FeatureSelection(), problem, pairCount: 20, seed: 3)
        #expect(Set(stability.stable(threshold: 0.7)) == [0, 1])
        #expect(stability.frequencies[2...].allSatisfy { $0 < 0.4 })
        let bound = try #require(stability.errorBound(threshold: 0.9))
        #expect(bound < 0.2)
        let again = StabilitySelection(FeatureSelection(), problem, pairCount: 20, seed: 3)
        #expect(again == stability)
    }

    /// The bound speaks of expectations: the mean of what is falsely stable is below its mean.
    @Test func stableNoiseIsRarerThanItsBound() throws {
        var (found, bounds) = (0.0, 0.0)
        for seed in UInt64(0)..<40 {
            var generator = SeededGenerator(seed: seed, stream: 8)
            let problem = PlantedProblem.make(
                rows: 160, features: 15, strengths: [], generator: &generator)
            let eager = FeatureSelection(maximumCount: 2, confidence: 0.01)
            let stability = StabilitySelection(eager, problem, pairCount: 15, seed: seed)
            found += Double(stability.stable(threshold: 0.75).count)
            bounds += try #require(stability.errorBound(threshold: 0.75))
        }
        #expect(found <= bounds + 3 * bounds.squareRoot(), "\(found) of \(bounds)")
    }

    @Test func boundIsShahAndSamworths() throws {
        var generator = SeededGenerator(seed: 5)
        let problem = PlantedProblem.make(
            rows: 200, features: 10, strengths: [1], generator: &generator)
        let stability = StabilitySelection(
            FeatureSelection(maximumCount: 1), problem, pairCount: 10, seed: 1)
        #expect(stability.averageCount == 1)
        // q = 1, p = 10, B = 10: C(0.7) = 1/(2 · 0.35), C(0.9) = 4 · 0.15/1.1.
        let low = try #require(stability.errorBound(threshold: 0.7))
        #expect(abs(low - 0.1 / 0.7) < 1e-12)
        let high = try #require(stability.errorBound(threshold: 0.9))
        #expect(abs(high - 0.1 * 0.6 / 1.1) < 1e-12)
        #expect(stability.errorBound(threshold: 0.5) == nil)
    }

    @Test func nullTellsSignalFromNoise() {
        var generator = SeededGenerator(seed: 2)
        let signal = PlantedProblem.make(
            rows: 300, features: 20, strengths: [0.4], controlled: true, generator: &generator)
        let null = SelectionNull(FeatureSelection(), signal, permutations: 60, seed: 4)
        #expect(null.pValue == 1 / 61.0)
        #expect(null.observed == FeatureSelection().path(signal, seed: 4))
        #expect(null.falseAlarmRate < 0.2)
        // The control keeps its part in every shuffled target.
        #expect(null.scores.allSatisfy { $0 > 0.2 })
        #expect(SelectionNull(FeatureSelection(), signal, permutations: 60, seed: 4) == null)
    }

    /// A selection that always takes three features: its p-value is uniform on noise.
    @Test func nullIsUniformOnNoise() {
        let selection = FeatureSelection(maximumCount: 3, confidence: 1e-9)
        let pValues = (UInt64(0)..<150).map { seed in
            var generator = SeededGenerator(seed: seed, stream: 9)
            let problem = PlantedProblem.make(
                rows: 100, features: 10, strengths: [], generator: &generator)
            return SelectionNull(selection, problem, permutations: 39, seed: seed).pValue
        }
        for level in [0.1, 0.25, 0.5, 0.75] {
            let share = Double(pValues.count { $0 <= level }) / 150
            #expect(abs(share - level) < 4 * (level * (1 - level) / 150).squareRoot())
        }
    }
}
