import Foundation
import LinearAlgebra
import Subjects
import Testing

/// A random model of the fixtures, with what PyTorch computes with it; see `make_models.py`.
struct RecordedModel {
    let folder: String
    let expected: Safetensors
    let sequences: [[Int]]

    static let decoders = [
        "neox-parallel", "neox-sequential", "llama-scaled", "llama-biased", "mistral", "qwen2",
        "qwen3", "gemma2", "gemma3", "gpt2", "gpt2-untied", "llama-yarn", "qwen2-yarn",
        "llama-longrope", "llama-dynamic",
    ]

    init(_ name: String) throws {
        let fixtures = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures")
        folder = fixtures.appendingPathComponent("models/\(name)").path
        expected = try Safetensors(path: folder + "/expected.safetensors")
        let file = expected
        func numbers(_ name: String) throws -> [Int] {
            let shape = try #require(file.entry(name)).shape
            return try file.floats(name, shape: shape).map { Int($0) }
        }
        let tokens = try numbers("tokens")
        var first = 0
        var sequences: [[Int]] = []
        for length in try numbers("lengths") {
            sequences.append(Array(tokens[first..<first + length]))
            first += length
        }
        self.sequences = sequences
    }

    func values(_ name: String) throws -> [Double] {
        let shape = try #require(expected.entry(name), "no \(name)").shape
        return try expected.floats(name, shape: shape).map(Double.init)
    }
}

@Suite struct TransformerParityTests {
    /// Within 2e-4 of PyTorch, relative to the greatest element, at every place that is recorded.
    @Test(arguments: RecordedModel.decoders)
    func everyLayerAgrees(name: String) throws {
        let recorded = try RecordedModel(name)
        let model = try Transformer(folder: recorded.folder)
        let c = model.configuration
        let last = c.layerCount - 1
        var places: [(TransformerHook, String)] = [
            (.embedding, "embed"), (.block(last, .mixture), "z"),
            (.block(last, .neurons), "neurons"), (.finalNorm, "final"),
        ]
        for n in 0...last {
            places.append((.block(n, .residualPost), "post.\(n)"))
            if recorded.expected.entry("mid.\(n)") != nil {
                places.append((.block(n, .residualMid), "mid.\(n)"))
            }
        }
        let result = try model.forward(
            recorded.sequences, ForwardRequest(hooks: places.map(\.0), logits: .all), threads: 2)
        var worst = 0.0
        for (hook, key) in places {
            let rows = try #require(result.activations[hook])
            let error = relativeError(rows.values.storage, try recorded.values(key))
            #expect(error < 2e-4, "\(name) at \(hook): \(error)")
            worst = max(worst, error)
        }
        let logits = try #require(result.logits)
        let error = relativeError(logits.values.storage, try recorded.values("logits"))
        #expect(error < 2e-4, "\(name), logits: \(error)")
        if ProcessInfo.processInfo.environment["CONJECTURE_PRINT_PARITY"] != nil {
            print("parity \(name): layers \(worst), logits \(error)")
        }
    }
}
