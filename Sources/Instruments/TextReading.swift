/// What an instrument read off one text: its tokens, and the latents' activation on each.
public struct TextReading: Sendable, Hashable {
    /// A token of the text as the subject sees it.
    public struct Token: Sendable, Hashable {
        /// The piece of the text, or the token's name where it stands for none (a first token) or for
        /// part of a character.
        public let text: String
        /// Where the piece lies, in bytes of UTF-8; nil where the instrument does not say.
        public let bytes: Range<Int>?
        /// Whether the subject added it: no part of the text, and left out of maxima.
        public let isSpecial: Bool

        public init(text: String, bytes: Range<Int>?, isSpecial: Bool) {
            self.text = text
            self.bytes = bytes
            self.isSpecial = isSpecial
        }
    }

    public let tokens: [Token]
    /// For each latent that was asked for, in that order, one activation per token.
    public let values: [[Float]]

    /// - Precondition: each latent has as many values as there are tokens.
    public init(tokens: [Token], values: [[Float]]) {
        precondition(
            values.allSatisfy { $0.count == tokens.count },
            "\(tokens.count) tokens, values \(values.map(\.count))")
        self.tokens = tokens
        self.values = values
    }

    /// The greatest activation on a token of the text itself, or nil if it has none.
    ///
    /// - Parameter latent: its place among those asked for.
    public func maximum(_ latent: Int) -> (token: Int, value: Float)? {
        var best: (token: Int, value: Float)?
        for (place, value) in values[latent].enumerated() where !tokens[place].isSpecial {
            if best.map({ value > $0.value }) ?? true { best = (place, value) }
        }
        return best
    }
}

/// What came of measuring one text. A failure is a value: it is counted, never turned into a number.
public enum TextOutcome: Sendable, Hashable {
    case reading(TextReading)
    case failed(reason: String)

    public var reading: TextReading? {
        guard case .reading(let reading) = self else { return nil }
        return reading
    }
}
