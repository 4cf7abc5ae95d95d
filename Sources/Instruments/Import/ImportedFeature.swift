/// A feature as somebody else published it: where it fires, what it was called, what it writes.
public struct ImportedFeature: Sendable, Hashable {
    /// Part of a text on which the feature was measured.
    public struct Exemplar: Sendable, Hashable {
        /// Which part of the activations' range it was drawn from.
        public struct Bin: Sendable, Hashable {
            public let minimum: Float
            public let maximum: Float
            /// The share of activations that lie there.
            public let share: Float
        }

        /// Tokens as they were published.
        public let spellings: [String]
        /// One activation per token.
        public let values: [Float]
        public let bin: Bin?

        public init(spellings: [String], values: [Float], bin: Bin? = nil) {
            precondition(spellings.count == values.count, "\(spellings.count), \(values.count)")
            self.spellings = spellings
            self.values = values
            self.bin = bin
        }

        /// Tokens for people, first tokens marked; their places are those in ``text``.
        public var tokens: [TextReading.Token] {
            TokenPieces.tokens(spellings, special: nil, in: text ?? "")
        }

        /// The text that the tokens spell, first tokens left out; nil if it cannot be known, as a
        /// character was lost or they end within one.
        public var text: String? {
            let marks = TokenPieces.marks(spellings, nil)
            let own = zip(spellings, marks).filter { !$0.1 }.map(\.0)
            let spelling = TokenPieces.Spelling.guess(own)
            let bytes = own.compactMap(spelling.bytes).flatMap { $0 }
            let text = String(validating: bytes, as: UTF8.self)
            return text?.contains("\u{FFFD}") == true ? nil : text
        }
    }

    public struct Explanation: Sendable, Hashable {
        public let text: String
        /// The model that wrote it, if it is said.
        public let author: String?
        /// How, for instance "oai_token-act-pair".
        public let method: String?

        public init(text: String, author: String?, method: String?) {
            self.text = text
            self.author = author
            self.method = method
        }
    }

    /// A token that the feature makes more or less likely.
    public struct Logit: Sendable, Hashable {
        public let token: String
        public let value: Float
    }

    public let feature: NeuronpediaFeature
    public var exemplars: [Exemplar] = []
    public var explanations: [Explanation] = []
    /// Made more likely, the most first.
    public var promoted: [Logit] = []
    /// Made less likely.
    public var suppressed: [Logit] = []
    /// The share of tokens on which it is above 0.
    public var density: Double?
    /// The greatest activation that was seen.
    public var greatest: Float?
    /// Where in the model the dictionary reads, by TransformerLens name.
    public var hookName: String?

    public init(_ feature: NeuronpediaFeature) { self.feature = feature }
}
