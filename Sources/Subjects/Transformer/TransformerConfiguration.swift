/// The shape of a decoder: everything its forward pass depends on, apart from the weights.
///
/// Made by reading a folder or a checkpoint, never by guessing: see ``Transformer``.
public struct TransformerConfiguration: Hashable, Sendable {
    /// The architectures that are computed, by `model_type` in Hugging Face configurations.
    public enum Family: String, Hashable, Sendable, CaseIterable {
        case gpt2
        case gptNeoX = "gpt_neox"
        case llama
        case mistral
        case qwen2
        case qwen3
        case gemma2
        case gemma3 = "gemma3_text"
    }

    /// The MLP's nonlinearity.
    public enum Activation: Hashable, Sendable {
        /// x · ½(1 + erf(x/√2)).
        case gelu
        /// x · ½(1 + tanh(√(2/π)(x + 0.044715 x³))).
        case geluTanh
        /// max(x, 0).
        case relu
        /// x / (1 + e⁻ˣ).
        case silu
    }

    /// What a layer may differ in.
    public struct Layer: Hashable, Sendable {
        /// How many positions up to its own a query sees, or nil for all.
        public let window: Int?
        /// How positions enter, an index into ``TransformerConfiguration/rotaries``, or nil where
        /// nothing is turned.
        public let rotary: Int?
    }

    public let family: Family
    /// How many tokens there are.
    public let vocabularySize: Int
    /// The longest sequence, in tokens.
    public let contextLength: Int
    /// The residual stream's width.
    public let width: Int
    /// How many query heads.
    public let headCount: Int
    /// How many heads of keys and values; a divisor of ``headCount``.
    public let keyValueHeadCount: Int
    /// The dimensions of a head; `headCount · headWidth` may differ from ``width``.
    public let headWidth: Int
    /// The MLP's inner width.
    public let innerWidth: Int
    /// The layers, first to last.
    public let layers: [Layer]
    /// The rotary embeddings in use.
    public let rotaries: [Rotary]
    public let activation: Activation
    /// What is added to the variance or mean square in norms.
    public let normEpsilon: Float
    /// What query · key is multiplied by.
    public let attentionScale: Float
    /// Scores become cap · tanh(score / cap), unless nil.
    public let attentionSoftCap: Float?
    /// Logits become cap · tanh(logit / cap), unless nil.
    public let logitSoftCap: Float?
    /// What token embeddings are multiplied by.
    public let embeddingScale: Float
    /// Whether attention and MLP both read the stream before the block, and are added together.
    public let hasParallelResidual: Bool
    /// Whether queries, keys and values have biases.
    public let hasQueryKeyValueBias: Bool
    /// Whether attention's output map has a bias.
    public let hasAttentionOutputBias: Bool
    /// Whether the MLP's maps have biases.
    public let hasMLPBias: Bool
    /// Whether the unembedding is the token embedding.
    public let tiesEmbedding: Bool

    /// How many layers.
    public var layerCount: Int { layers.count }
    /// Whether queries and keys are normed over ``headWidth`` before their rotation.
    public var normsQueriesAndKeys: Bool { family == .qwen3 || family == .gemma3 }
    /// Whether attention's and the MLP's outputs are normed before they are added.
    public var normsOutputs: Bool { family == .gemma2 || family == .gemma3 }
    /// Whether norms divide by the root mean square, or are layer norms with shifts.
    public var usesRMSNorm: Bool { family != .gptNeoX && family != .gpt2 }
    /// Whether norms multiply by 1 + weight.
    public var offsetsGain: Bool { normsOutputs }
    /// Whether the MLP is down(f(gate x) · up x), or down(f(up x)).
    public var hasGatedMLP: Bool { family != .gptNeoX && family != .gpt2 }
    /// Whether a learned vector of the position is added to the token's embedding.
    public var hasLearnedPositions: Bool { family == .gpt2 }
    /// The heads' mixtures side by side, headCount · headWidth.
    public var mixtureWidth: Int { headCount * headWidth }
    /// Queries, keys and values side by side.
    public var queryKeyValueWidth: Int { (headCount + 2 * keyValueHeadCount) * headWidth }
}
