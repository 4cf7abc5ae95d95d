import LinearAlgebra
import Testing

@testable import Dictionaries

/// Every kind of trainer that chooses latents by rank.
enum Ranked: String, CaseIterable, CustomTestStringConvertible {
    case topK, batchTopK, matryoshka, weightedTopK, weightedMatryoshka, maskedTopK
    case maskedBatchTopK, maskedMatryoshka

    var testDescription: String { rawValue }

    private var isMasked: Bool { rawValue.hasPrefix("masked") }

    /// - Parameter setting: for plain TopK.
    func trainer(_ setting: TopKTrainer.Setting, seed: UInt64) -> TopKTrainer {
        var setting = setting
        let f = setting.latentCount
        if ![.topK, .weightedTopK, .maskedTopK].contains(self) { setting.selection = .batch }
        if [.matryoshka, .weightedMatryoshka, .maskedMatryoshka].contains(self) {
            setting.prefixes = [f / 5, f / 2, f]
        }
        if [.weightedTopK, .weightedMatryoshka].contains(self) {
            setting.errorWeights = (0..<setting.width).map { 0.5 + Float($0 % 4) / 2 }
        }
        var generator = SeededGenerator(seed: seed)
        var masking = TemporalMasking()
        masking.decay = 0.5
        masking.warmUpShare = 0
        let mask = TemporalMask(masking, latentCount: f, stepCount: 10, seed: seed)
        return TopKTrainer(setting, mask: isMasked ? mask : nil, &generator)
    }

    /// A trainer in the middle of things: biases that are not 0, an encoder that is not the decoder's
    /// transpose, some dead latents, some masked.
    func unsettled(seed: UInt64, threads: Int = 1) -> TopKTrainer {
        let trainer = trainer(
            setting(
                width: 6, latents: 20, k: 3, batch: 8, deadWeight: 0.25, deadAfter: 10,
                threads: threads), seed: seed)
        var generator = SeededGenerator(seed: seed)
        func disturb(_ rows: RowView, _ size: Double) {
            for r in 0..<rows.count {
                for c in 0..<rows.width { rows.row(r)[c] += Float(size * generator.normal()) }
            }
        }
        disturb(trainer.encoder.values, 0.3)
        disturb(trainer.encoderBias.values, 0.3)
        disturb(trainer.decoderBias.values, 0.5)
        disturb(trainer.batch.view(8), 1)
        if isMasked {
            _ = trainer.differentiate()
            trainer.mask?.begin(5)
        }
        for latent in stride(from: 0, to: 20, by: 3) { trainer.silence[latent] = 10 }
        return trainer
    }
}
