import JSON

/// Reads what one family's `config.json` says, field by field.
struct DecoderFields {
    let fields: ConfigurationFields
    let family: TransformerConfiguration.Family

    func configuration() throws(SubjectError) -> TransformerConfiguration {
        try refuseOtherComputations()
        let width = try fields.extent("hidden_size")
        let heads = try fields.extent("num_attention_heads")
        let groups = try keyValueHeads(heads)
        let headWidth = try headWidth(width, heads)
        let layerCount = try fields.extent("num_hidden_layers", limit: 4096)
        let rotaryFields = RotaryFields(fields: fields, family: family)
        let rotaries = try rotaryFields.rotaries(headWidth: headWidth)
        let context = try rotaryFields.contextLength(
            try fields.extent("max_position_embeddings", limit: 1 << 32))
        let isGemma = family == .gemma2 || family == .gemma3
        let attentionBias = try fields.flag("attention_bias", default: family == .gptNeoX)
        let mlpBias = try fields.flag("mlp_bias", default: false)
        let isParallel = try fields.flag("use_parallel_residual", default: true)
        let isQwen2 = family == .qwen2
        return TransformerConfiguration(
            family: family, vocabularySize: try fields.extent("vocab_size"),
            contextLength: context, width: width, headCount: heads, keyValueHeadCount: groups,
            headWidth: headWidth, innerWidth: try fields.extent("intermediate_size"),
            layers: try LayerFields(fields: fields, family: family).layers(layerCount),
            rotaries: rotaries, activation: try activation(), normEpsilon: try normEpsilon(),
            attentionScale: try attentionScale(headWidth),
            attentionSoftCap: try fields.optionalPositive("attn_logit_softcapping")
                .map { Float($0) },
            logitSoftCap: try fields.optionalPositive("final_logit_softcapping")
                .map { Float($0) },
            embeddingScale: isGemma ? Float(width).squareRoot() : 1,
            hasParallelResidual: isParallel && family == .gptNeoX,
            hasQueryKeyValueBias: attentionBias || isQwen2,
            hasAttentionOutputBias: attentionBias && !isQwen2,
            hasMLPBias: mlpBias || family == .gptNeoX,
            tiesEmbedding: try fields.flag("tie_word_embeddings", default: isGemma))
    }

    private func refuseOtherComputations() throws(SubjectError) {
        let absent = [
            ("add_cross_attention", "there is no second sequence to attend to"),
            ("is_encoder_decoder", "there is only a decoder"),
            ("use_bidirectional_attention", "attention is causal"),
            ("rope_interleaved", "the halves of a head are turned, not its neighbours"),
            ("use_mrope", "there is one position for each token"),
        ]
        for (name, reason) in absent where try fields.flag(name, default: false) {
            throw fields.unsupported(name, reason)
        }
        if fields.present("quantization_config") != nil {
            throw fields.unsupported(
                "quantization_config", "weights are read as F32, F16 or BF16; dequantise them")
        }
        if family == .qwen2, try fields.flag("attention_bias", default: false) {
            throw fields.unsupported(
                "attention_bias", "qwen2 has biases on queries, keys and values alone")
        }
    }

    private func keyValueHeads(_ heads: Int) throws(SubjectError) -> Int {
        // Where the field is absent, Hugging Face's classes differ; one default would be a guess.
        let groups =
            family == .gptNeoX || (family == .llama && fields.present("num_key_value_heads") == nil)
            ? heads : try fields.extent("num_key_value_heads")
        guard heads % groups == 0 else {
            throw fields.invalid(
                "num_key_value_heads", "a divisor of num_attention_heads, which is \(heads)")
        }
        return groups
    }

    private func headWidth(_ width: Int, _ heads: Int) throws(SubjectError) -> Int {
        let limit = 1 << 16
        if family != .gptNeoX, let given = try fields.optionalExtent("head_dim", limit: limit) {
            return given
        }
        guard family != .qwen3, family != .gemma2, family != .gemma3 else {
            throw fields.invalid("head_dim", "a whole number above 0")
        }
        guard width % heads == 0 else {
            throw fields.invalid("num_attention_heads", "a divisor of hidden_size, \(width)")
        }
        guard width / heads <= limit else {
            throw fields.invalid("num_attention_heads", "such that heads are at most \(limit) wide")
        }
        return width / heads
    }

    private func normEpsilon() throws(SubjectError) -> Float {
        family == .gptNeoX
            ? Float(try fields.positive("layer_norm_eps", default: 1e-5))
            : Float(try fields.positive("rms_norm_eps", default: 1e-6))
    }

    private func attentionScale(_ headWidth: Int) throws(SubjectError) -> Float {
        let isGemma = family == .gemma2 || family == .gemma3
        guard isGemma else { return 1 / Float(headWidth).squareRoot() }
        guard let scalar = try fields.optionalPositive("query_pre_attn_scalar") else {
            throw fields.invalid("query_pre_attn_scalar", "a number above 0")
        }
        return Float(1 / scalar.squareRoot())
    }

    private func activation() throws(SubjectError) -> TransformerConfiguration.Activation {
        let isGemma = family == .gemma2 || family == .gemma3
        let field = isGemma ? "hidden_activation" : "hidden_act"
        if isGemma, let other = try fields.optionalText("hidden_act"),
            let own = try fields.optionalText(field), other != own
        {
            throw fields.invalid("hidden_act", "\"\(own)\", as hidden_activation")
        }
        let standard =
            isGemma ? "gelu_pytorch_tanh" : family == .gptNeoX ? "gelu" : "silu"
        switch try fields.optionalText(field) ?? standard {
        case "gelu": return .gelu
        case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": return .geluTanh
        case "relu": return .relu
        case "silu", "swish": return .silu
        default:
            throw fields.unsupported(
                field,
                "only gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, relu, silu and swish "
                    + "are computed")
        }
    }
}
