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

    /// Fields of Hugging Face's GPT-2 that concern training or classification heads, and our own
    /// notes `board` and `training`.
    private static let withoutEffect = HarmlessFields.common.union([
        "attn_pdrop", "board", "embd_pdrop", "is_decoder", "reorder_and_upcast_attn", "resid_pdrop",
        "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type",
        "summary_use_proj", "training",
    ])
}
