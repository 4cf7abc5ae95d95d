import JSON

extension TransformerConfiguration {
    /// Reads a Hugging Face `config.json` of one of the known families.
    ///
    /// A field that would change the computation in a way that is not implemented is refused, and
    /// so is one nobody here knows. Absent fields mean what Hugging Face's classes take them for.
    static func read(path: String) throws(SubjectError) -> TransformerConfiguration {
        let fields = try ConfigurationFields(path: path)
        guard let family = Family(rawValue: try fields.text("model_type")) else {
            let known = Family.allCases.map(\.rawValue).joined(separator: ", ")
            throw fields.unsupported("model_type", "only \(known) are computed here")
        }
        guard family != .gpt2 else { return try gpt2(path: path) }
        try fields.refuseOthers(than: family.consulted.union(Family.withoutEffect))
        return try DecoderFields(fields: fields, family: family).configuration()
    }

    /// GPT-2 has names of its own for everything.
    private static func gpt2(path: String) throws(SubjectError) -> TransformerConfiguration {
        let file = try GPT2Configuration.read(path: path)
        let c = file.configuration
        let activation: Activation =
            switch c.activation {
            case .geluNew: .geluTanh
            case .gelu: .gelu
            case .relu: .relu
            }
        return TransformerConfiguration(
            family: .gpt2, vocabularySize: c.vocabularySize, contextLength: c.contextLength,
            width: c.width, headCount: c.headCount, keyValueHeadCount: c.headCount,
            headWidth: c.headWidth, innerWidth: c.innerWidth,
            layers: (0..<c.layerCount).map { _ in Layer(window: nil, rotary: nil) }, rotaries: [],
            activation: activation, normEpsilon: c.layerNormEpsilon,
            attentionScale: 1 / Float(c.headWidth).squareRoot(), attentionSoftCap: nil,
            logitSoftCap: nil, embeddingScale: 1, hasParallelResidual: false,
            hasQueryKeyValueBias: true, hasAttentionOutputBias: true, hasMLPBias: true,
            tiesEmbedding: file.tiesEmbedding)
    }
}

extension TransformerConfiguration.Family {
    /// The fields that are read and obeyed, or refused by value.
    fileprivate var consulted: Set<String> {
        let common: Set<String> = [
            "add_cross_attention", "hidden_act", "hidden_size", "intermediate_size",
            "is_decoder", "is_encoder_decoder", "max_position_embeddings", "model_type",
            "num_attention_heads", "num_hidden_layers", "original_max_position_embeddings",
            "quantization_config", "rope_parameters",
            "rope_interleaved", "rope_scaling", "rope_theta", "tie_word_embeddings", "vocab_size",
        ]
        let grouped: Set<String> = ["head_dim", "num_key_value_heads", "rms_norm_eps"]
        let windowed: Set<String> = ["layer_types", "sliding_window"]
        let gemma: Set<String> = [
            "attention_bias", "attn_logit_softcapping", "final_logit_softcapping",
            "hidden_activation", "query_pre_attn_scalar", "use_bidirectional_attention",
        ]
        switch self {
        case .gpt2: return []
        case .gptNeoX:
            return common.union([
                "attention_bias", "layer_norm_eps", "partial_rotary_factor", "rotary_emb_base",
                "rotary_pct", "use_parallel_residual",
            ])
        case .llama: return common.union(grouped).union(["attention_bias", "mlp_bias"])
        case .mistral: return common.union(grouped).union(["sliding_window"])
        case .qwen2, .qwen3:
            return common.union(grouped).union(windowed)
                .union(["attention_bias", "max_window_layers", "use_mrope", "use_sliding_window"])
        case .gemma2: return common.union(grouped).union(windowed).union(gemma)
        case .gemma3:
            return common.union(grouped).union(windowed).union(gemma)
                .union([
                    "_sliding_window_pattern", "rope_local_base_freq", "sliding_window_pattern",
                ])
        }
    }

    /// Fields that configurations carry and that do not change activations or logits.
    fileprivate static let withoutEffect = HarmlessFields.common.union([
        "attention_dropout", "hidden_dropout",
    ])
}

extension ConfigurationFields {
    /// A size that the weights confirm, small enough that products of two do not overflow.
    func extent(_ name: String, limit: Int = 1 << 24) throws(SubjectError) -> Int {
        let value = try size(name)
        guard value <= limit else { throw invalid(name, "a whole number from 1 to \(limit)") }
        return value
    }

    func optionalExtent(_ name: String, limit: Int = 1 << 24) throws(SubjectError) -> Int? {
        present(name) == nil ? nil : try extent(name, limit: limit)
    }

    /// A number above 0 that 32 bits hold with its reciprocal, or nil if absent or null.
    func optionalPositive(_ name: String) throws(SubjectError) -> Double? {
        guard present(name) != nil else { return nil }
        let value = try positive(name, default: 1)
        guard (1e-30...1e30).contains(value) else {
            throw invalid(name, "a number from 1e-30 to 1e30")
        }
        return value
    }

    func texts(_ name: String) throws(SubjectError) -> [String]? {
        guard let value = present(name) else { return nil }
        guard case .array(let values) = value else { throw invalid(name, "a list of texts") }
        var result: [String] = []
        for value in values {
            guard case .string(let text) = value else { throw invalid(name, "a list of texts") }
            result.append(text)
        }
        return result
    }
}
