import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

private let sortFolder = SharedData.file("models/nanogpt-sort")

/// A small sorting model, with every intermediate recorded by PyTorch.
///
/// - Source: llm-viz (Brendan Bycroft, MIT licence), nanogpt-sort; weights are [out × in].
@Suite(.enabled(if: sortFolder != nil, SharedData.absence))
struct NanoGPTSortTests {
    private let weights: Tensors
    private let recorded: Tensors
    private let model: GPT2
    private let sequences: [[Int]]

    /// Tensors in JSON with base64 data.
    struct Tensors {
        let fields: [String: Any]

        init(_ name: String) throws {
            let path = try #require(sortFolder) + "/" + name
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            fields = try #require(
                try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }

        func floats(_ name: String) throws -> [Float] {
            let tensor = try #require(fields[name] as? [String: Any])
            let text = try #require(tensor["data"] as? String)
            let data = try #require(Data(base64Encoded: text))
            return data.withUnsafeBytes { bytes in
                (0..<bytes.count / 4).map {
                    bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
                }
            }
        }

        func matrix(_ name: String) throws -> Matrix {
            let tensor = try #require(fields[name] as? [String: Any])
            let shape = try #require(tensor["shape"] as? [Int])
            return Matrix(rows: shape[0], columns: shape[1], storage: try floats(name))
        }

        func norm(_ name: String) throws -> GPT2Weights.Norm {
            .init(gain: try floats("\(name).weight"), shift: try floats("\(name).bias"))
        }

        func affine(_ name: String) throws -> GPT2Weights.Affine {
            .init(
                weights: try matrix("\(name).weight").transposed(),
                bias: try floats("\(name).bias"))
        }
    }

    init() throws {
        weights = try Tensors("gpt-nano-sort-model.json")
        recorded = try Tensors("gpt-nano-sort-t0-partials.json")
        let source = weights
        let blocks = try (0..<3).map { n in
            let h = "transformer.h.\(n)."
            return GPT2Weights.Block(
                attentionNorm: try source.norm(h + "ln_1"),
                queryKeyValue: try source.affine(h + "attn.c_attn"),
                attentionOutput: try source.affine(h + "attn.c_proj"),
                mlpNorm: try source.norm(h + "ln_2"),
                expand: try source.affine(h + "mlp.c_fc"),
                contract: try source.affine(h + "mlp.c_proj"))
        }
        model = GPT2(
            configuration: GPT2Configuration(
                vocabularySize: 3, contextLength: 11, width: 48, layerCount: 3, headCount: 3),
            weights: GPT2Weights(
                tokenEmbedding: try source.matrix("transformer.wte.weight"),
                positionEmbedding: try source.matrix("transformer.wpe.weight"), blocks: blocks,
                finalNorm: try source.norm("transformer.ln_f"),
                head: try source.matrix("lm_head.weight")))
        let tokens = try recorded.floats("idx").map { Int($0) }
        sequences = (0..<3).map { Array(tokens[$0 * 11..<($0 + 1) * 11]) }
    }

    @Test(arguments: [
        ("hook_embed", "x"), ("blocks.0.hook_resid_pre", "x"),
        ("blocks.0.hook_resid_mid", "attnResid"), ("blocks.0.hook_resid_post", "mlpResid"),
        ("blocks.1.hook_resid_pre", "block0"), ("blocks.1.hook_resid_post", "block1"),
        ("blocks.2.hook_resid_post", "block2"),
    ])
    func streamAgrees(hook: String, name: String) throws {
        let rows = try model.residuals(of: sequences, at: try model.hook(named: hook))
        let expected = try recorded.floats(name).map(Double.init)
        #expect(relativeError(rows.values.storage, expected) < 1e-5)
    }

    @Test func logitsAgree() throws {
        let logits = try model.logits(of: sequences, threads: 2)
        let expected = try recorded.floats("lm_head").map(Double.init)
        #expect(relativeError(logits.values.storage, expected) < 1e-5)
    }

    @Test func kernelsAgree() throws {
        func rows(_ name: String, width: Int, _ body: (RowView) throws -> Void) throws -> [Float] {
            var values = try recorded.floats(name)
            try values.withUnsafeMutableBufferPointer {
                try body(RowView($0.baseAddress!, count: 33, width: width))
            }
            return values
        }
        let norm = try weights.norm("transformer.h.0.ln_1")
        let normed = try rows("x", width: 48) { view in
            norm.gain.withUnsafeBufferPointer { gain in
                norm.shift.withUnsafeBufferPointer { shift in
                    RowKernels.layerNorm(view, gain: gain, shift: shift, epsilon: 1e-5, into: view)
                }
            }
        }
        let expectedNorm = try recorded.floats("ln1").map(Double.init)
        #expect(relativeError(normed, expectedNorm) < 1e-5)
        let gelu = try rows("fc", width: 192) { RowKernels.geluTanh($0) }
        let expectedGelu = try recorded.floats("gelu").map(Double.init)
        #expect(relativeError(gelu, expectedGelu) < 1e-5)

        var attention = CausalAttention(headWidth: 16, capacity: 11)
        var mixed = [Float](repeating: 0, count: 33 * 48)
        _ = try rows("qkv", width: 144) { all in
            mixed.withUnsafeMutableBufferPointer { buffer in
                let output = RowView(buffer.baseAddress!, count: 33, width: 48)
                for sequence in 0..<3 {
                    let range = sequence * 11..<(sequence + 1) * 11
                    for head in 0..<3 {
                        let part = all.rows(range)
                        attention.run(
                            query: part.columns(head * 16, width: 16),
                            key: part.columns(48 + head * 16, width: 16),
                            value: part.columns(96 + head * 16, width: 16),
                            into: output.rows(range).columns(head * 16, width: 16))
                    }
                }
            }
        }
        let expectedMixture = try recorded.floats("y").map(Double.init)
        #expect(relativeError(mixed, expectedMixture) < 1e-5)
    }
}
