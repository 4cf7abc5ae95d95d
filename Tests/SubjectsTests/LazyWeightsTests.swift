import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

/// Weights are checked for shape at once and read when a pass needs them.
@Suite struct LazyWeightsTests {
    /// A copy of a recorded model with one number of one tensor changed, in 32 bits.
    private func changed(_ model: String, _ tensor: String, to value: Float) throws -> ModelCopy {
        let copy = try ModelCopy(model)
        let whole = try Safetensors(path: copy.path + "/model.safetensors")
        var file = TensorFile()
        for entry in whole.entries {
            var values = try whole.floats(entry.name, shape: entry.shape)
            if entry.name == tensor { values[1] = value }
            file.add(entry.name, values, shape: entry.shape)
        }
        try copy.folder.write("model.safetensors", file.bytes)
        return copy
    }

    @Test(arguments: [
        ("llama-scaled", "model.layers.1.mlp.down_proj.weight"),
        ("neox-parallel", "gpt_neox.layers.1.attention.query_key_value.weight"),
        ("gpt2", "transformer.h.1.mlp.c_fc.weight"),
        ("gemma2", "model.layers.1.input_layernorm.weight"),
    ])
    func readsABlock_onlyWhenAPassComesToIt(model: String, tensor: String) throws {
        let copy = try changed(model, tensor, to: .nan)
        let broken = try Transformer(folder: copy.path)
        let sound = try Transformer(folder: RecordedModel(model).folder)
        let early = TransformerHook.block(0, .residualPost)
        let tokens = [[3, 1, 4, 1, 5]]
        #expect(
            try broken.activations(of: tokens, at: early)
                == sound.activations(of: tokens, at: early))
        let text = message {
            _ = try broken.activations(of: tokens, at: .block(1, .residualPost))
        }
        #expect(text.contains(tensor) && text.contains("NaN"), "\(text)")
    }

    @Test func refusesATokenWhoseEmbeddingIsNoNumber_andNoOther() throws {
        let copy = try changed("qwen2", "model.embed_tokens.weight", to: .infinity)
        let model = try Transformer(folder: copy.path)
        let hook = TransformerHook.block(0, .residualPost)
        #expect(throws: SubjectError.self) { try model.activations(of: [[5, 0]], at: hook) }
        #expect(throws: Never.self) { try model.activations(of: [[5, 1]], at: hook) }
    }

    /// The fixtures are in 16 bits; the same numbers in 32 must act the same.
    @Test(arguments: RecordedModel.decoders)
    func weightsOf16Bits_giveTheBitsOfTheSameNumbersIn32(name: String) throws {
        let recorded = try RecordedModel(name)
        let whole = try Safetensors(path: recorded.folder + "/model.safetensors")
        let copy = try ModelCopy(name)
        var file = TensorFile()
        for entry in whole.entries {
            file.add(
                entry.name, try whole.floats(entry.name, shape: entry.shape), shape: entry.shape)
        }
        try copy.folder.write("model.safetensors", file.bytes)
        let request = ForwardRequest(hooks: [.finalNorm], logits: .all)
        let narrow = try Transformer(folder: recorded.folder).forward(recorded.sequences, request)
        let wide = try Transformer(folder: copy.path).forward(recorded.sequences, request)
        #expect(narrow == wide)
    }
}
