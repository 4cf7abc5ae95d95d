import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

/// A copy of a recorded model whose configuration and tensors can be changed.
struct ModelCopy {
    let folder = try! TemporaryFolder()
    private let source: RecordedModel
    var path: String { folder.path }

    init(_ name: String) throws {
        source = try RecordedModel(name)
        let files = FileManager.default
        for file in ["config.json", "model.safetensors"] {
            try files.copyItem(atPath: "\(source.folder)/\(file)", toPath: "\(path)/\(file)")
        }
    }

    /// The configuration with some fields set to a JSON text, or removed if nil.
    func configure(_ changes: [String: String?]) throws {
        let file = URL(fileURLWithPath: source.folder + "/config.json")
        var fields = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        for (name, text) in changes {
            fields[name] = try text.map {
                try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)
            }
        }
        let data = try JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys])
        try folder.write("config.json", Array(data))
    }

    /// Replaces the tensors' file by shards that take turns, and an index.
    func shard(into count: Int) throws {
        let whole = try Safetensors(path: source.folder + "/model.safetensors")
        var shards = [TensorFile](repeating: TensorFile(), count: count)
        var map: [String: String] = [:]
        for (n, entry) in whole.entries.enumerated() {
            let values = try whole.floats(entry.name, shape: entry.shape)
            shards[n % count].add(entry.name, values, shape: entry.shape)
            map[entry.name] = Self.name(n % count, count)
        }
        for (n, shard) in shards.enumerated() {
            try folder.write(Self.name(n, count), shard.bytes)
        }
        try FileManager.default.removeItem(atPath: path + "/model.safetensors")
        try index(map)
    }

    func index(_ map: [String: String]) throws {
        let fields: [String: Any] = ["metadata": ["total_size": 1], "weight_map": map]
        let data = try JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys])
        try folder.write("model.safetensors.index.json", Array(data))
    }

    static func name(_ n: Int, _ count: Int) -> String { "model-\(n + 1)-of-\(count).safetensors" }
}

@Suite struct TransformerFolderTests {
    @Test func shardsGiveTheSameBits_asOneFile() throws {
        let recorded = try RecordedModel("qwen3")
        let copy = try ModelCopy("qwen3")
        try copy.shard(into: 3)
        let hook = TransformerHook.block(1, .residualPost)
        let whole = try Transformer(folder: recorded.folder)
            .activations(of: recorded.sequences, at: hook)
        let sharded = try Transformer(folder: copy.path)
            .activations(of: recorded.sequences, at: hook)
        #expect(whole == sharded)
    }

    @Test func refusesAnIndexThatIsWrong() throws {
        let copy = try ModelCopy("mistral")
        try copy.shard(into: 2)
        func text(_ map: [String: String]) throws -> String {
            try copy.index(map)
            return message { _ = try Transformer(folder: copy.path) }
        }
        #expect(try text([:]).contains("weight_map"))
        #expect(try text(["model.norm.weight": "../x.safetensors"]).contains("beside it"))
        #expect(try text(["nothing": ModelCopy.name(0, 2)]).contains("shard that holds"))
        let first = try Safetensors(path: "\(copy.path)/\(ModelCopy.name(0, 2))").entries[0].name
        #expect(try text([first: ModelCopy.name(0, 2)]).contains("is unknown"))
        #expect(try text([first: "absent.safetensors"]).contains("cannot be read"))
    }

    @Test(arguments: [
        ["llama-scaled", "surprise", "1", "field \"surprise\" is unknown"],
        ["llama-scaled", "num_key_value_heads", "4", "a divisor of num_attention_heads"],
        ["llama-scaled", "rope_theta", "7", "rope_theta"],
        ["llama-scaled", "tie_word_embeddings", "true", "other than model.embed_tokens.weight"],
        ["llama-scaled", "hidden_act", "\"quick_gelu\"", "only gelu"],
        ["llama-scaled", "model_type", "\"falcon\"", "only gpt2, gpt_neox, llama"],
        ["llama-scaled", "attention_bias", "true", "self_attn.q_proj.bias"],
        ["llama-scaled", "num_hidden_layers", "1", "model.layers.1."],
        ["llama-scaled", "num_hidden_layers", "3", "model.layers.2."],
        ["llama-scaled", "quantization_config", "{\"bits\": 4}", "dequantise"],
        ["llama-scaled", "rope_parameters", "{\"rope_type\": \"su\"}", "only default"],
        ["llama-scaled", "rope_parameters", "{\"rope_type\": \"yarn\"}", "factor\" is absent"],
        ["mistral", "layer_types", "[]", "field \"layer_types\" is unknown"],
        ["qwen2", "layer_types", "[\"full_attention\"]", "3 types"],
        ["qwen2", "use_sliding_window", "false", "use_sliding_window is false"],
        ["gemma2", "hidden_act", "\"gelu\"", "as hidden_activation"],
        ["gemma2", "query_pre_attn_scalar", "null", "query_pre_attn_scalar"],
        ["gemma3", "use_bidirectional_attention", "true", "attention is causal"],
        ["gemma3", "rope_theta", "1e6", "rope_parameters says it already"],
        ["neox-parallel", "rotary_pct", "0.25", "elsewhere"],
        ["neox-parallel", "rope_parameters", "{\"partial_rotary_factor\": 0.3}", "in pairs"],
    ])
    func refusesByName(model: [String]) throws {
        let copy = try ModelCopy(model[0])
        try copy.configure([model[1]: model[2]])
        let found = message { _ = try Transformer(folder: copy.path) }
        #expect(found.contains(model[3]), "\(found)")
    }

    /// What files written before transformers 5 say instead of `rope_parameters`.
    private static let olderWords: [String: [String: String?]] = [
        "llama-scaled": [
            "rope_theta": "5e5", "dtype": nil, "torch_dtype": "\"bfloat16\"",
            "rope_scaling":
                #"{"type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "#
                + #""original_max_position_embeddings": 16}"#,
        ],
        "neox-parallel": ["rotary_pct": "0.5", "rotary_emb_base": "10000"],
        "qwen2": ["rope_theta": "1e6", "layer_types": nil],
        "gemma2": ["rope_theta": "1e4", "layer_types": nil],
        "gemma3": [
            "rope_theta": "1e6", "rope_local_base_freq": "1e4", "layer_types": nil,
            "_sliding_window_pattern": nil, "sliding_window_pattern": "6",
            "rope_scaling": #"{"rope_type": "linear", "factor": 8}"#,
        ],
    ]

    @Test(arguments: olderWords.keys.sorted())
    func readsOlderWords(model: String) throws {
        let copy = try ModelCopy(model)
        var changes = try #require(Self.olderWords[model])
        changes.updateValue(nil, forKey: "rope_parameters")
        try copy.configure(changes)
        let own = try Transformer(folder: RecordedModel(model).folder)
        #expect(try Transformer(folder: copy.path).configuration == own.configuration)
    }

    @Test func hooksAreFoundByEitherName() throws {
        let llama = try Transformer(folder: RecordedModel("llama-scaled").folder)
        let gemma = try Transformer(folder: RecordedModel("gemma2").folder)
        let neox = try Transformer(folder: RecordedModel("neox-parallel").folder)
        for (model, name, hook) in [
            (llama, "blocks.1.hook_resid_mid", TransformerHook.block(1, .residualMid)),
            (llama, "blocks.1.attn.hook_z", .block(1, .mixture)),
            (llama, "model.layers.1.output", .block(1, .residualPost)),
            (llama, "layers.0", .block(0, .residualPost)),
            (llama, "model.layers.0.self_attn", .block(0, .attentionOut)),
            (llama, "model.embed_tokens", .embedding), (llama, "model.norm", .finalNorm),
            (gemma, "model.layers.1.post_attention_layernorm", .block(1, .attentionOut)),
            (gemma, "model.layers.1.post_feedforward_layernorm", .block(1, .mlpOut)),
            (neox, "gpt_neox.layers.1.attention", .block(1, .attentionOut)),
            (neox, "gpt_neox.final_layer_norm", .finalNorm),
            (neox, "ln_final.hook_normalized", .finalNorm),
        ] { #expect(try model.hook(named: name) == hook) }
        for (model, name) in [
            (llama, "blocks.2.hook_resid_pre"), (llama, "blocks.01.hook_resid_pre"),
            (llama, "ln_final.hook_normalized"), (llama, "model.layers.-1"), (llama, ""),
            (llama, "gpt_neox.layers.1"), (gemma, "model.layers.1.self_attn"),
            (gemma, "model.embed_tokens"), (neox, "blocks.0.hook_resid_mid"),
        ] { #expect(message { _ = try model.hook(named: name) }.contains("does not exist")) }
    }
}
