import Foundation
import LinearAlgebra
import Subjects
import Testing

@testable import Dictionaries

/// Twelve steps beside PyTorch's autograd and Adam, some latents dead.
///
/// - Source: `Fixtures/make_topk.py`, torch 2.15 in double precision.
@Suite struct ReferenceParityTests {
    private let file: Safetensors

    init() throws {
        let path = try #require(
            Bundle.module.path(
                forResource: "topk-steps", ofType: "safetensors", inDirectory: "Fixtures"))
        file = try Safetensors(path: path)
    }

    private func put(_ tensor: String, into rows: RowView) throws {
        let values = try file.floats(tensor, shape: [rows.count, rows.width])
        for r in 0..<rows.count {
            for c in 0..<rows.width { rows.row(r)[c] = values[r * rows.width + c] }
        }
    }

    private func difference(_ block: ParameterBlock, _ tensor: String) throws -> Float {
        let ours = block.matrix
        let shape = ours.rows == 1 ? [ours.columns] : [ours.rows, ours.columns]
        return zip(ours.storage, try file.floats(tensor, shape: shape))
            .reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    @Test func takesTheStepsThatPyTorchTakes() throws {
        var generator = SeededGenerator(seed: 1)
        let trainer = TopKTrainer(
            setting(width: 10, latents: 24, k: 3, batch: 16, deadWeight: 0.25, deadAfter: 32),
            &generator)
        try put("encoder", into: trainer.encoder.values)
        try put("decoder", into: trainer.decoder.values)
        let rows = try file.floats("rows", shape: [192, 10])
        let losses = try file.floats("losses", shape: [12, 2])
        let batch = trainer.batch.view(16)
        for step in 0..<12 {
            for r in 0..<16 {
                for c in 0..<10 { batch.row(r)[c] = rows[(step * 16 + r) * 10 + c] }
            }
            let loss = trainer.step(rate: 0.01)
            #expect(abs(loss.unexplained + loss.auxiliary - Double(losses[2 * step])) < 1e-5)
            #expect(loss.deadLatents == Int(losses[2 * step + 1]))
        }
        #expect(try difference(trainer.encoder, "encoder_after") < 1e-4)
        #expect(try difference(trainer.decoder, "decoder_after") < 1e-4)
        #expect(try difference(trainer.encoderBias, "encoder_bias_after") < 1e-4)
        #expect(try difference(trainer.decoderBias, "decoder_bias_after") < 1e-4)
    }
}
