import LinearAlgebra
import Statistics
import Testing

@Suite struct FeatureSelectionTests {
    @Test(arguments: UInt64(0)..<30) func matchesRegressionsRowByRow(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed, stream: 1)
        let problem = PlantedProblem.make(
            rows: 90 + generator.below(60), features: 7, strengths: [0.8, -0.6, 0.5],
            groupSize: 1 + generator.below(3), controlled: seed % 2 == 0, generator: &generator)
        let path = FeatureSelection(maximumCount: 4).path(problem, seed: seed)
        let plain = try PlainSelection.greedy(problem, count: 4)
        for (step, expected) in zip(path.steps, plain) {
            #expect(step.feature == expected.feature)
            #expect(abs(step.correlation - expected.correlation) < 1e-10)
            #expect(step.gain == abs(step.correlation))
        }
        #expect(path.steps.count >= 1)
    }

    @Test(arguments: UInt64(0)..<10) func findsWhatIsPlanted(seed: UInt64) {
        var generator = SeededGenerator(seed: seed, stream: 2)
        let problem = PlantedProblem.make(
            rows: 800, features: 30, strengths: [0.5, -0.4, 0.3], generator: &generator)
        let path = FeatureSelection().path(problem, seed: seed)
        #expect(Set(path.selected).isSuperset(of: [0, 1, 2]))
        #expect(path.selected.count <= 4)
        #expect(path.score > 0.4)
        let beam = FeatureSelection(search: .beam(width: 3)).path(problem, seed: seed)
        #expect(Set(beam.selected).isSuperset(of: [0, 1, 2]))
        #expect(FeatureSelection(search: .beam(width: 1)).path(problem, seed: seed) == path)
    }

    /// At confidence 0.95 one selection in twenty may take noise; 400 draws stay below 0.085 but
    /// for one time in a thousand.
    @Test func takesNothingFromNoise_beyondTheStatedRate() {
        var taken = 0
        for seed in UInt64(0)..<400 {
            var generator = SeededGenerator(seed: seed, stream: 3)
            let problem = PlantedProblem.make(
                rows: 200, features: 20, strengths: [], generator: &generator)
            taken += FeatureSelection().path(problem, seed: seed).selected.isEmpty ? 0 : 1
        }
        #expect(Double(taken) / 400 < 0.085, "\(taken)")
    }

    /// Rows of a group agree in target and features, which shuffled rows do not show.
    @Test func takesLittleFromNoise_whenGroupsAgree() {
        var taken = 0
        for seed in UInt64(0)..<300 {
            var generator = SeededGenerator(seed: seed, stream: 4)
            let problem = PlantedProblem.make(
                rows: 400, features: 20, strengths: [], groupSize: 4, generator: &generator)
            taken += FeatureSelection().path(problem, seed: seed).selected.isEmpty ? 0 : 1
        }
        #expect(Double(taken) / 300 < 0.12, "\(taken)")
    }

    @Test(arguments: UInt64(0)..<10) func doesNotTakeAConfoundedFeature(seed: UInt64) {
        var generator = SeededGenerator(seed: seed, stream: 5)
        let problem = PlantedProblem.make(
            rows: 600, features: 10, strengths: [0.5], controlled: true, generator: &generator)
        let path = FeatureSelection().path(problem, seed: seed)
        #expect(path.selected.first == 0)
        #expect(!path.selected.contains(1) || path.steps.count > 1)
        #expect(path.controlScore > 0.3)
        #expect(path.score > path.controlScore)
    }

    @Test func nestedScoreIsAroundZeroOnNoise_andHighOnSignal() {
        var scores: [Double] = []
        for seed in UInt64(0)..<60 {
            var generator = SeededGenerator(seed: seed, stream: 6)
            let problem = PlantedProblem.make(
                rows: 300, features: 30, strengths: [], generator: &generator)
            // No stop to speak of, so that noise is taken.
            let selection = FeatureSelection(maximumCount: 5, confidence: 1e-9)
            scores.append(selection.nestedScore(problem, seed: seed).score)
        }
        let mean = scores.reduce(0, +) / 60
        #expect(abs(mean) < 0.025, "\(mean)")
        var generator = SeededGenerator(seed: 1, stream: 7)
        let problem = PlantedProblem.make(
            rows: 500, features: 20, strengths: [0.7, 0.5], generator: &generator)
        let nested = FeatureSelection().nestedScore(problem, seed: 1)
        #expect(nested.score > 0.5)
        #expect(nested.selected.allSatisfy { Set($0).isSuperset(of: [0, 1]) })
    }

    @Test func endsQuietly_whenNothingCanBeTaken() {
        let rows = 40
        let twin = (0..<rows).map { Double($0 * 7 % 40) }
        let constant = [Double](repeating: 2, count: rows)
        let problem = SelectionProblem(
            candidates: ColumnMatrix(rows: rows, columns: [twin, constant, twin]),
            target: twin.map { $0 * $0 }, folds: (0..<rows).map { $0 % 4 })
        let path = FeatureSelection().path(problem, seed: 0)
        #expect(path.selected == [0])
        #expect(path.ending == .nothingLeft)
        #expect(path.score > 0.999)
        let none = SelectionProblem(
            candidates: ColumnMatrix(rows: rows, columns: 0), target: twin,
            folds: (0..<rows).map { $0 % 4 })
        #expect(FeatureSelection().path(none, seed: 0).score == 0)
    }
}
