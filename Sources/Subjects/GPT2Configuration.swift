/// The shape of a GPT-2 model.
public struct GPT2Configuration: Hashable, Sendable {
    /// The MLP's nonlinearity, by its name in Hugging Face configurations.
    public enum Activation: String, Hashable, Sendable, CaseIterable {
        /// x · ½(1 + tanh(√(2/π)(x + 0.044715 x³))).
        case geluNew = "gelu_new"
        /// x · ½(1 + erf(x/√2)).
        case gelu
        /// max(x, 0).
        case relu
    }

    /// How many tokens there are.
    public let vocabularySize: Int
    /// The longest sequence, in tokens.
    public let contextLength: Int
    /// The residual stream's width.
    public let width: Int
    /// How many blocks.
    public let layerCount: Int
    /// How many attention heads, each `width / headCount` wide.
    public let headCount: Int
    /// The MLP's inner width.
    public let innerWidth: Int
    /// What is added to the variance in layer norms.
    public let layerNormEpsilon: Float
    /// The MLP's nonlinearity.
    public let activation: Activation

    /// - Parameter innerWidth: nil for four times the width.
    /// - Precondition: all sizes are above 0 and `headCount` divides `width`.
    public init(
        vocabularySize: Int, contextLength: Int, width: Int, layerCount: Int, headCount: Int,
        innerWidth: Int? = nil, layerNormEpsilon: Float = 1e-5, activation: Activation = .geluNew
    ) {
        let innerWidth = innerWidth ?? 4 * width
        let sizes = [vocabularySize, contextLength, width, layerCount, headCount, innerWidth]
        precondition(
            sizes.allSatisfy { $0 > 0 } && width % headCount == 0,
            "GPT2Configuration: sizes \(sizes), \(width) over \(headCount) heads")
        self.vocabularySize = vocabularySize
        self.contextLength = contextLength
        self.width = width
        self.layerCount = layerCount
        self.headCount = headCount
        self.innerWidth = innerWidth
        self.layerNormEpsilon = layerNormEpsilon
        self.activation = activation
    }

    /// Width of one head.
    public var headWidth: Int { width / headCount }
}

extension GPT2Configuration {
    /// What a configuration file says.
    struct File {
        let configuration: GPT2Configuration
        /// Whether the unembedding is the token embedding.
        let tiesEmbedding: Bool
    }

    /// Reads a Hugging Face `config.json`.
    ///
    /// A field that would change the computation in a way that is not implemented is refused, and
    /// so is one nobody here knows.
    static func read(path: String) throws(SubjectError) -> File {
        let fields = try ConfigurationFields(path: path)
        try fields.refuseOthers(than: consulted.union(withoutEffect))
        try refuseOtherComputations(fields)
        let width = try fields.size("n_embd")
        let headCount = try fields.size("n_head")
        guard width % headCount == 0 else {
            throw fields.invalid("n_head", "a divisor of n_embd, which is \(width)")
        }
        let contextLength = try fields.size("n_positions")
        if let other = try fields.optionalSize("n_ctx"), other != contextLength {
            throw fields.invalid("n_ctx", "\(contextLength), as n_positions")
        }
        let name = try fields.optionalText("activation_function") ?? "gelu_new"
        guard let activation = Activation(rawValue: name) else {
            let known = Activation.allCases.map(\.rawValue).joined(separator: ", ")
            throw fields.unsupported("activation_function", "only \(known) are computed")
        }
        let epsilon = try fields.positive("layer_norm_epsilon", default: 1e-5)
        return File(
            configuration: GPT2Configuration(
                vocabularySize: try fields.size("vocab_size"), contextLength: contextLength,
                width: width, layerCount: try fields.size("n_layer"), headCount: headCount,
                innerWidth: try fields.optionalSize("n_inner"),
                layerNormEpsilon: Float(epsilon), activation: activation),
            tiesEmbedding: try fields.flag("tie_word_embeddings", default: true))
    }

    private static func refuseOtherComputations(
        _ fields: ConfigurationFields
    ) throws(SubjectError) {
        guard try fields.text("model_type") == "gpt2" else {
            throw fields.unsupported("model_type", "only \"gpt2\" is computed")
        }
        guard try fields.flag("scale_attn_weights", default: true) else {
            throw fields.unsupported(
                "scale_attn_weights", "attention scores are divided by √(head width)")
        }
        let absent = [
            ("scale_attn_by_inverse_layer_idx", "attention scores are not divided by the layer"),
            ("add_cross_attention", "there is no second sequence to attend to"),
            ("is_encoder_decoder", "there is only a decoder"),
        ]
        for (name, reason) in absent where try fields.flag(name, default: false) {
            throw fields.unsupported(name, reason)
        }
        switch fields.present("pruned_heads") {
        case nil, .object([]): break
        default: throw fields.unsupported("pruned_heads", "all heads are computed")
        }
    }

    /// Fields that are read.
    private static let consulted: Set<String> = [
        "model_type", "vocab_size", "n_positions", "n_ctx", "n_embd", "n_layer", "n_head",
        "n_inner", "activation_function", "layer_norm_epsilon", "tie_word_embeddings",
        "scale_attn_weights", "scale_attn_by_inverse_layer_idx", "add_cross_attention",
        "is_encoder_decoder", "pruned_heads",
    ]

    /// Fields of Hugging Face's GPT-2 that concern training, text generation, classification heads
    /// or storage, not the forward pass in 32 bits; and our own notes `board` and `training`.
    private static let withoutEffect: Set<String> = [
        "_attn_implementation_autoset", "_commit_hash", "_name_or_path", "_num_labels",
        "architectures", "attn_pdrop", "bad_words_ids", "begin_suppress_tokens", "board",
        "bos_token_id", "chunk_size_feed_forward", "cross_attention_hidden_size",
        "decoder_start_token_id", "diversity_penalty", "do_sample", "dtype", "early_stopping",
        "embd_pdrop", "encoder_no_repeat_ngram_size", "eos_token_id",
        "exponential_decay_length_penalty", "finetuning_task", "forced_bos_token_id",
        "forced_eos_token_id", "gradient_checkpointing", "id2label", "initializer_range",
        "is_decoder", "label2id", "length_penalty", "max_length", "min_length",
        "no_repeat_ngram_size", "num_beam_groups", "num_beams", "num_labels",
        "num_return_sequences", "output_attentions", "output_hidden_states", "output_past",
        "output_scores", "pad_token_id", "prefix", "problem_type", "remove_invalid_values",
        "reorder_and_upcast_attn", "repetition_penalty", "resid_pdrop", "return_dict",
        "return_dict_in_generate", "sep_token_id", "summary_activation",
        "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj",
        "suppress_tokens", "task_specific_params", "temperature", "tf_legacy_loss",
        "tie_encoder_decoder", "tokenizer_class", "top_k", "top_p", "torch_dtype", "torchscript",
        "training", "transformers_version", "typical_p", "use_bfloat16", "use_cache",
    ]
}
