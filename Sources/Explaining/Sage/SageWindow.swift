import Foundation
import Instruments
import JSON

/// A stretch of a text with the activation of each token, as SAGE shows it.
struct SageWindow: Hashable, Sendable {
    struct Token: Hashable, Sendable {
        /// With the blanks before it, so that the tokens in a row are the text.
        let text: String
        let value: Float
    }

    let tokens: [Token]
    /// The place of the strongest token.
    let peak: Int

    var maximum: Float { tokens[peak].value }

    /// - Returns: nil where there is no token.
    init?(_ tokens: some Sequence<Token>) {
        let tokens = Array(tokens)
        guard
            let peak = tokens.indices.max(by: { tokens[$0].value < tokens[$1].value })
        else { return nil }
        self.tokens = tokens
        self.peak = tokens.firstIndex { $0.value == tokens[peak].value } ?? peak
    }

    /// A whole text's own tokens, without those that the subject added.
    init?(_ reading: TextReading, of text: String) {
        let bytes = Array(text.utf8)
        var end = 0
        var tokens: [Token] = []
        for (token, value) in zip(reading.tokens, reading.values[0]) where !token.isSpecial {
            var piece = token.text
            if let own = token.bytes, end <= own.upperBound, own.upperBound <= bytes.count {
                piece = String(decoding: bytes[end..<own.upperBound], as: UTF8.self)
                end = own.upperBound
            }
            tokens.append(Token(text: piece, value: value))
        }
        self.init(tokens)
    }

    /// The strongest token with so many on each side.
    func around(_ reach: Int) -> SageWindow {
        SageWindow(tokens[max(0, peak - reach)...min(tokens.count - 1, peak + reach)]) ?? self
    }

    /// The first tokens as JSON pairs of token and activation, with four decimals.
    func line(first count: Int = .max) -> String {
        let pairs = tokens.prefix(count).map { token in
            "[\(JSONValue.string(token.text).text),\(Self.text(token.value))]"
        }
        return "[\(pairs.joined(separator: ","))]"
    }

    static func text(_ value: Float) -> String { String(format: "%.4f", value) }
}
