import Digests

/// A window of a corpus, with one latent's activation on each of its tokens.
public struct ExemplarContext: Sendable, Hashable {
    /// A token of the text. First tokens that a subject adds are not among them.
    public struct Token: Sendable, Hashable {
        public let id: Int
        /// The piece of the text, white space before it included; the pieces of neighbours make up
        /// the text. Of tokens that share a character the first has it, the others are empty; a
        /// piece that is part of a character has its bytes as `<E2>`.
        public let text: String
        /// In the dictionary's units: exact at the maximum, elsewhere within 1/131,070 of it. 0 only
        /// where the latent is silent.
        public let activation: Float
    }

    /// The document's number in the corpus, from 0.
    public let document: Int
    /// The digest of the document's text, for splits by content.
    public let documentHash: Digest
    /// Where the window begins, in tokens of the document.
    public let firstToken: Int
    /// The tokens in order.
    public let tokens: [Token]

    /// The tokens' pieces put together.
    public var text: String { tokens.map(\.text).joined() }
    /// The greatest activation; 0 in a context of the background.
    public var maximum: Float { tokens.reduce(0) { max($0, $1.activation) } }
}

/// What a store knows of one latent.
public struct LatentExemplars: Sendable, Hashable {
    /// Contexts drawn from one part of the distribution of context maxima.
    public struct Quantile: Sendable, Hashable {
        /// The least maximum that belongs to it, to the width of a bin (4.4 %).
        public let from: Float
        /// The least maximum that is above it.
        public let upTo: Float
        /// Uniformly drawn, no two of the same tokens; in the order of the draw.
        public let contexts: [ExemplarContext]
    }

    /// A bar of the activation histogram.
    public struct Bin: Sendable, Hashable {
        public let from: Float
        public let upTo: Float
        /// Tokens; those below 2⁻¹² are in the first possible bin, those above 2¹² in the last.
        public let tokens: Int
    }

    /// A latent that fires on the same tokens.
    public struct Companion: Sendable, Hashable {
        public let latent: Int
        /// An estimate of the tokens on which both fire, never below the sampled truth.
        public let tokens: Int
        /// By how much ``tokens`` may be above the sampled truth.
        public let error: Int
    }

    public let latent: Int
    /// Tokens and contexts on which it fires, and of how many.
    public let firingTokens: Int
    public let firingContexts: Int
    public let tokens: Int
    public let contexts: Int
    /// The greatest activation of the corpus, 0 if it never fires.
    public let maximum: Float
    /// Contexts of greatest maximum, descending; no two of the same tokens.
    public let top: [ExemplarContext]
    /// From weak to strong.
    public let quantiles: [Quantile]
    /// Windows of the corpus drawn by chance in which the latent is silent.
    public let background: [ExemplarContext]
    public let histogram: [Bin]
    /// Descending by count.
    public let companions: [Companion]
    /// The firing tokens that the companions' counts stand for: an estimate of ``firingTokens``.
    public let companionTokens: Int

    /// The share of tokens on which it fires.
    public var firingsPerToken: Double { tokens == 0 ? 0 : Double(firingTokens) / Double(tokens) }
    /// The share of contexts on which it fires.
    public var firingsPerContext: Double {
        contexts == 0 ? 0 : Double(firingContexts) / Double(contexts)
    }
}
