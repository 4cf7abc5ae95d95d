import JSON

/// The shape of a BERT or MiniLM encoder.
public struct BERTConfiguration: Hashable, Sendable {
    /// How many tokens there are.
    public let vocabularySize: Int
    /// The longest sequence, in tokens.
    public let contextLength: Int
    /// How many token types there are.
    public let typeCount: Int
    /// The stream's width.
    public let width: Int
    public let layerCount: Int
    /// How many attention heads, each `width / headCount` wide.
    public let headCount: Int
    /// The MLP's inner width.
    public let innerWidth: Int
    /// What is added to the variance in layer norms.
    public let normEpsilon: Float
    public let activation: TransformerConfiguration.Activation

    /// Width of one head.
    public var headWidth: Int { width / headCount }

    /// Reads a Hugging Face `config.json`; as strict as that of a decoder.
    static func read(path: String) throws(SubjectError) -> BERTConfiguration {
        let fields = try ConfigurationFields(path: path)
        guard try fields.text("model_type") == "bert" else {
            throw fields.unsupported("model_type", "only \"bert\" is computed as an encoder")
        }
        try fields.refuseOthers(than: consulted.union(withoutEffect))
        for name in ["add_cross_attention", "is_decoder", "is_encoder_decoder"]
        where try fields.flag(name, default: false) {
            throw fields.unsupported(name, "there is only an encoder")
        }
        let position = try fields.optionalText("position_embedding_type")
        guard position == nil || position == "absolute" else {
            throw fields.unsupported("position_embedding_type", "only \"absolute\" is computed")
        }
        switch fields.present("pruned_heads") {
        case nil, .object([]): break
        default: throw fields.unsupported("pruned_heads", "all heads are computed")
        }
        let width = try fields.extent("hidden_size")
        let heads = try fields.extent("num_attention_heads")
        guard width % heads == 0 else {
            throw fields.invalid("num_attention_heads", "a divisor of hidden_size, \(width)")
        }
        return BERTConfiguration(
            vocabularySize: try fields.extent("vocab_size"),
            contextLength: try fields.extent("max_position_embeddings"),
            typeCount: try fields.optionalExtent("type_vocab_size") ?? 2, width: width,
            layerCount: try fields.extent("num_hidden_layers", limit: 4096), headCount: heads,
            innerWidth: try fields.extent("intermediate_size"),
            normEpsilon: Float(try fields.positive("layer_norm_eps", default: 1e-12)),
            activation: try activation(fields))
    }

    private static func activation(
        _ fields: ConfigurationFields
    ) throws(SubjectError) -> TransformerConfiguration.Activation {
        switch try fields.optionalText("hidden_act") ?? "gelu" {
        case "gelu": return .gelu
        case "gelu_new", "gelu_pytorch_tanh": return .geluTanh
        case "relu": return .relu
        default:
            throw fields.unsupported(
                "hidden_act", "only gelu, gelu_new, gelu_pytorch_tanh and relu are computed")
        }
    }

    private static let consulted: Set<String> = [
        "add_cross_attention", "hidden_act", "hidden_size", "intermediate_size", "is_decoder",
        "is_encoder_decoder", "layer_norm_eps", "max_position_embeddings", "model_type",
        "num_attention_heads", "num_hidden_layers", "position_embedding_type", "pruned_heads",
        "type_vocab_size", "vocab_size",
    ]

    /// The pooler's fields among them: there is none here.
    private static let withoutEffect = HarmlessFields.common.union([
        "attention_probs_dropout_prob", "directionality", "hidden_dropout_prob", "pooler_fc_size",
        "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type",
        "tie_word_embeddings",
    ])
}
