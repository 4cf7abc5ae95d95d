import Instruments
import Texts

/// A text in pieces, and what a feature did on each.
public struct MeasuredText: Codable, Hashable, Sendable {
    /// How a text on which the feature is silent came to be one.
    public enum Silence: String, Codable, Hashable, Sendable, CaseIterable {
        /// What stands before the first firing piece of another text. A model that reads from left to
        /// right has the same activations there.
        case prefix
        /// Measured, and holds a piece on which the feature fires elsewhere.
        case lookalike
        /// Measured.
        case measured
        /// Another feature's exemplar, without a piece on which this one is known to fire; that this
        /// one is silent there is assumed, not measured.
        case borrowed

        /// Whether the text resembles those on which the feature fires.
        public var isHard: Bool { self == .prefix || self == .lookalike }
    }

    /// Together they are the text.
    public let pieces: [String]
    /// One activation for each piece.
    public let values: [Float]
    /// Nil where the feature is not silent.
    public let silence: Silence?

    /// - Precondition: as many values as pieces.
    public init(pieces: [String], values: [Float], silence: Silence? = nil) {
        precondition(pieces.count == values.count, "\(pieces.count), \(values.count)")
        self.pieces = pieces
        self.values = values
        self.silence = silence
    }

    /// The text that an exemplar's tokens spell, without first tokens. Tokens that share a character
    /// become one piece with the greatest of their activations.
    ///
    /// - Returns: nil when the text is not known, or empty.
    public init?(_ exemplar: ImportedFeature.Exemplar) {
        guard let text = exemplar.text, !text.isEmpty else { return nil }
        let bytes = Array(text.utf8)
        var pieces: [String] = []
        var values: [Float] = []
        var start = 0
        var greatest = -Float.infinity
        for (token, value) in zip(exemplar.tokens, exemplar.values) where !token.isSpecial {
            guard let place = token.bytes else { return nil }
            greatest = max(greatest, value)
            guard place.upperBound > start,
                let piece = String(validating: bytes[start..<place.upperBound], as: UTF8.self)
            else { continue }
            pieces.append(piece)
            values.append(greatest)
            start = place.upperBound
            greatest = -.infinity
        }
        guard start == bytes.count else { return nil }
        self.init(pieces: pieces, values: values)
    }

    public var text: String { pieces.joined() }

    /// The greatest activation and its piece; nil for no pieces.
    public var maximum: (piece: Int, value: Float)? {
        values.indices.max { values[$0] < values[$1] }.map { ($0, values[$0]) }
    }

    /// Where each piece lies, in bytes of the text.
    public var places: [Range<Int>] {
        var start = 0
        return pieces.map { piece in
            defer { start += piece.utf8.count }
            return start..<start + piece.utf8.count
        }
    }

    /// At most `count` pieces round the greatest activation, or the last ones before a firing piece.
    public func window(_ count: Int) -> MeasuredText {
        guard pieces.count > count else { return self }
        let centre = silence == .prefix ? pieces.count : maximum?.piece ?? 0
        let start = min(max(0, centre - count / 2), pieces.count - count)
        return MeasuredText(
            pieces: Array(pieces[start..<start + count]),
            values: Array(values[start..<start + count]), silence: silence)
    }

    /// The same text as one on which a feature is silent.
    func silent(_ silence: Silence, values: [Float]? = nil) -> MeasuredText {
        MeasuredText(pieces: pieces, values: values ?? self.values, silence: silence)
    }

    /// What stands before the first piece above 0; nil when that is shorter than `least` pieces.
    func prefixBeforeFiring(least: Int) -> MeasuredText? {
        guard let first = values.firstIndex(where: { $0 > 0 }), first >= least else { return nil }
        return MeasuredText(
            pieces: Array(pieces[..<first]), values: Array(values[..<first]), silence: .prefix)
    }

    /// The piece in lower case without blanks round it.
    static func folded(_ piece: String) -> String {
        piece.lowercased().filter { !$0.isWhitespace }
    }
}
