import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

/// Models and dictionaries on disk: what is accepted, and what each refusal says.
@Suite struct FolderTests {
    private let folder: TemporaryFolder
    private let configuration = GPT2Configuration(
        vocabularySize: 7, contextLength: 6, width: 8, layerCount: 2, headCount: 2)
    private let weights: GPT2Weights

    init() throws {
        folder = try TemporaryFolder()
        var g = SeededGenerator(seed: 5)
        weights = .random(configuration, &g, untied: true)
    }

    private static let plainFields: [String: String] = [
        "model_type": "\"gpt2\"", "vocab_size": "7", "n_positions": "6", "n_embd": "8",
        "n_layer": "2", "n_head": "2", "activation_function": "\"gelu_new\"",
        "layer_norm_epsilon": "1e-05", "tie_word_embeddings": "false", "board": "6",
        "training": "{\"games\": 3}", "bos_token_id": "null", "attn_pdrop": "0.1",
    ]

    private func writeConfiguration(_ changes: [String: String?] = [:]) throws {
        var fields = Self.plainFields
        for (name, value) in changes { fields[name] = value }
        let text = fields.map { "\"\($0)\": \($1)" }.sorted().joined(separator: ",\n")
        try folder.write("config.json", "{\(text)}")
    }

    private func tensors(prefix: String = "") -> TensorFile {
        var file = TensorFile()
        func add(_ name: String, _ affine: GPT2Weights.Affine) {
            file.add("\(prefix)\(name).weight", affine.weights)
            file.add("\(prefix)\(name).bias", affine.bias)
        }
        func add(_ name: String, _ norm: GPT2Weights.Norm) {
            file.add("\(prefix)\(name).weight", norm.gain)
            file.add("\(prefix)\(name).bias", norm.shift)
        }
        file.add(prefix + "wte.weight", weights.tokenEmbedding)
        file.add(prefix + "wpe.weight", weights.positionEmbedding)
        for (n, block) in weights.blocks.enumerated() {
            add("h.\(n).ln_1", block.attentionNorm)
            add("h.\(n).attn.c_attn", block.queryKeyValue)
            add("h.\(n).attn.c_proj", block.attentionOutput)
            add("h.\(n).ln_2", block.mlpNorm)
            add("h.\(n).mlp.c_fc", block.expand)
            add("h.\(n).mlp.c_proj", block.contract)
            file.add("\(prefix)h.\(n).attn.bias", [1, 0, 1, 1], shape: [1, 1, 2, 2])
            file.add("\(prefix)h.\(n).attn.masked_bias", [-1e4], shape: [])
        }
        add("ln_f", weights.finalNorm)
        if let head = weights.head { file.add("lm_head.weight", head) }
        return file
    }

    private func refusal() -> String { message { _ = try GPT2(folder: folder.path) } }

    @Test(arguments: ["", "transformer."]) func readsAModel(prefix: String) throws {
        try writeConfiguration()
        try folder.write("model.safetensors", tensors(prefix: prefix).bytes)
        let model = try GPT2(folder: folder.path)
        let expected = try GPT2(configuration: configuration, weights: weights)
            .logits(of: [[1, 2, 3]])
        #expect(try model.logits(of: [[1, 2, 3]]) == expected)
    }

    @Test func usesTheEmbedding_whenItIsTied() throws {
        try writeConfiguration(["tie_word_embeddings": nil])
        try folder.write("model.safetensors", tensors().bytes)
        var tied = weights
        tied.head = nil
        let expected = try GPT2(configuration: configuration, weights: tied).logits(of: [[4]])
        #expect(try GPT2(folder: folder.path).logits(of: [[4]]) == expected)
    }

    @Test func refusesFields_byName() throws {
        try folder.write("model.safetensors", tensors().bytes)
        func refusal(_ name: String, _ value: String?) throws -> String {
            try writeConfiguration([name: value])
            let text = self.refusal()
            #expect(text.contains("\"\(name)\"") && text.contains("/config.json: field"))
            return text
        }
        #expect(try refusal("rope_theta", "1e4").contains("unknown"))
        #expect(try refusal("scale_attn_by_inverse_layer_idx", "true").contains("not supported"))
        #expect(try refusal("add_cross_attention", "true").contains("not supported"))
        #expect(try refusal("scale_attn_weights", "false").contains("not supported"))
        #expect(try refusal("pruned_heads", "{\"0\": [1]}").contains("not supported"))
        #expect(
            try refusal("activation_function", "\"silu\"").contains("gelu_new, gelu, relu"))
        #expect(try refusal("model_type", "\"llama\"").contains("only \"gpt2\""))
        #expect(try refusal("n_head", "3").contains("a divisor of n_embd, which is 8"))
        #expect(try refusal("n_embd", "\"8\"").contains("is \"8\" but must be a whole number"))
        #expect(try refusal("n_layer", nil).contains("is absent; add it as a whole number"))
        #expect(try refusal("n_ctx", "5").contains("6, as n_positions"))
        #expect(try refusal("layer_norm_epsilon", "0").contains("a number above 0"))
    }

    @Test func refusesTensors_byName() throws {
        try writeConfiguration()
        func refusal(_ change: (inout TensorFile) -> Void) throws -> String {
            var file = tensors()
            change(&file)
            try folder.write("model.safetensors", file.bytes)
            return self.refusal()
        }
        #expect(try refusal { _ in } == "no error")
        #expect(
            try refusal { $0.tensors.removeAll { $0.name == "h.1.mlp.c_fc.bias" } }
                .contains("\"h.1.mlp.c_fc.bias\" of shape [32] is absent"))
        #expect(
            try refusal { $0.tensors.removeAll { $0.name == "lm_head.weight" } }
                .contains("\"lm_head.weight\" of shape [7, 8] is absent"))
        #expect(
            try refusal { $0.tensors[0].shape = [8, 7] }
                .contains("has shape [8, 7], the configuration asks for [7, 8]"))
        #expect(
            try refusal { $0.add("h.0.crossattention.bias", [1]) }
                .contains("\"h.0.crossattention.bias\" is unknown"))
        #expect(try refusal { $0.add("h.2.ln_1.bias", [1]) }.contains("is unknown"))
    }
}
