import LinearAlgebra
import Subjects
import Testing

@testable import Dictionaries

@Suite struct BatchTopKTests {
    /// Candidates of rows above a floor.
    private func candidates(_ rows: [[Float]], above floor: Float) -> BatchCandidates {
        let candidates = BatchCandidates(chunks: (rows.count + 1) / 2)
        for list in candidates.lists { list.begin() }
        for (index, row) in rows.enumerated() {
            row.withUnsafeBufferPointer {
                guard let base = $0.baseAddress else { return }
                candidates.lists[index / 2].add(base, count: row.count, above: floor)
            }
        }
        return candidates
    }

    private struct Element {
        let row: Int
        let latent: Int
        let value: Float
    }

    /// The elements above 0, the greatest first.
    private static func positives(_ rows: [[Float]]) -> [Element] {
        rows.indices.flatMap { row in
            rows[row].indices.map { Element(row: row, latent: $0, value: rows[row][$0]) }
        }
        .filter { $0.value > 0 }
        .sorted { ($1.value, $0.row, $0.latent) < ($0.value, $1.row, $1.latent) }
    }

    private func chosen(_ choice: LatentChoice, rows: Int) -> [[Int]] {
        (0..<rows).map { row in choice.places(of: row).map { Int(choice.latents[$0]) } }
    }

    @Test(arguments: UInt64(1)...100) func choosesWhatASortChooses(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        // Few different values, so that many are equal.
        let rows = (0..<5).map { _ in
            (0..<23).map { _ in Float(generator.below(9) - 4) / 3 }
        }
        let k = 1 + generator.below(8)
        let leftOut = generator.below(23)
        var sorted = Self.positives(rows)
        let all = sorted.map(\.value)
        sorted.removeAll { $0.latent == leftOut }
        sorted = Array(sorted.prefix(5 * k))
        let expected = rows.indices.map { row in
            sorted.filter { $0.row == row }.map { $0.latent }.sorted()
        }
        let choice = LatentChoice(rows: 5, count: k, latentCount: 23)
        let result = candidates(rows, above: 0)
            .choose(5 * k, leavingOut: { $0 == leftOut }, into: choice)
        #expect(chosen(choice, rows: 5) == expected)
        #expect(result.smallest == (all.count >= 5 * k ? all[5 * k - 1] : 0))
        #expect(result.isFull == (sorted.count == 5 * k))
    }

    @Test func choosesTheSame_withAFloorThatLeavesEnough() {
        var generator = SeededGenerator(seed: 1)
        let rows = (0..<6).map { _ in (0..<40).map { _ in Float(generator.normal()) } }
        let (one, other) = (
            LatentChoice(rows: 6, count: 3, latentCount: 40),
            LatentChoice(rows: 6, count: 3, latentCount: 40)
        )
        _ = candidates(rows, above: 0).choose(18, leavingOut: nil, into: one)
        _ = candidates(rows, above: 0.8).choose(18, leavingOut: nil, into: other)
        #expect(chosen(one, rows: 6) == chosen(other, rows: 6))
    }

    @Test func forgetsTheBeginning_inAShortTraining() {
        var threshold = RunningThreshold(stepCount: 100)
        for step in 0..<100 { threshold.note(step < 60 ? 100 : 2, step: step) }
        #expect(abs((threshold.value ?? 0) - 2) < 0.1)
        #expect(RunningThreshold(stepCount: 100_000).firstStep == 1_000)
        #expect(RunningThreshold(stepCount: 100_000).decay == 0.999)
    }

    @Test(arguments: [Ranked.batchTopK, .matryoshka, .maskedBatchTopK])
    func usesAsManyLatentsAfterwards_asInTraining(kind: Ranked) throws {
        var rows = PlantedRows(width: 20, count: 30, active: 3, seed: 2)
        var plan = setting(width: 20, latents: 60, k: 3, batch: 128, deadAfter: 5_000)
        plan.stepCount = 600
        let trainer = kind.trainer(plan, seed: 2)
        trainer.train(on: &rows, steps: 600, rate: 0.004)
        let form = trainer.trained()
        guard case .jumpReLU(let threshold) = form.architecture else {
            Issue.record("\(form.architecture)")
            return
        }
        #expect(Set(threshold).count == 1 && threshold[0] > 0)
        let dictionary = SparseAutoencoder(
            form.weights, architecture: form.architecture,
            subtractsDecoderBias: form.subtractsDecoderBias,
            origin: .init(hookName: "a", modelName: "b", contextSize: 1, prependsBOS: false))
        let batch = trainer.batch.view(128)
        rows.fill(batch)
        let encoded = try dictionary.encode(
            Matrix(
                rows: 128, columns: 20,
                storage: (0..<128).flatMap {
                    Array(UnsafeBufferPointer(start: batch.row($0), count: 20))
                }))
        let active = Double(encoded.reduce(0) { $0 + $1.indices.count }) / 128
        #expect(abs(active - 3) < 0.6, "\(active)")
    }

    @Test(arguments: [[], [0, 10], [5, 5, 10], [3, 2, 10], [5], [4, 20]])
    func refusesPrefixes_whenTheyAreNoLevels(prefixes: [Int]) {
        #expect(throws: DictionaryError.self) {
            try TrainingArchitecture.matryoshka(k: 2, prefixes: prefixes).check(latentCount: 10)
        }
    }

    @Test func explainsMoreWithItsFirstLatents_whenTheyAreALevel() {
        /// What the first fifth of the latents leaves unexplained.
        func left(_ kind: Ranked) -> Double {
            var rows = PlantedRows(width: 20, count: 40, active: 4, seed: 5)
            let trainer = kind.trainer(
                setting(width: 20, latents: 50, k: 4, batch: 128, deadAfter: 5_000), seed: 5)
            trainer.train(on: &rows, steps: 800, rate: 0.004)
            var slow = SlowTopK(trainer)
            for latent in 10..<50 { slow.decoder[latent] = slow.decoder[latent].map { _ in 0 } }
            return slow.square(slow.residuals)
        }
        #expect(left(.matryoshka) < 0.9 * left(.batchTopK))
    }
}
