/// What the module refuses, with the data that explains it.
public enum GameError: Error, Equatable, Sendable {
    /// A board that is neither 6×6 nor 8×8.
    case unsupportedSize(Int)
    /// A text that names no square of the board.
    case unknownSquare(String, size: Int)
    /// The first move of a game that breaks the rules; `number` counts from 1, `alternatives` are
    /// the moves that were legal in its place.
    case illegalMove(
        number: Int, square: String, reason: IllegalMoveReason, alternatives: [String])
    /// A transcript above the bound on its length.
    case transcriptTooLong(byteCount: Int, limit: Int)
    /// A transcript in which something other than a square stands where a move should.
    case unreadableTranscript(moveNumber: Int, found: String, size: Int)
    /// A text that is no board property.
    case unreadableProperty(String, PropertyFault)

    /// At most 24 characters of a text, for messages about input of any length.
    static func excerpt(of text: some StringProtocol) -> String {
        let start = text.prefix(24)
        return start.endIndex == text.endIndex ? String(start) : start + "…"
    }
}

/// Why a move is illegal.
public enum IllegalMoveReason: Equatable, Sendable {
    /// The square is not part of this board.
    case offTheBoard
    /// Neither player has a move left.
    case gameOver
    /// A disc lies there already.
    case occupied
    /// The square is free, but no opposing disc would be turned over.
    case flipsNothing
}

/// What is wrong with the text of a board property.
public enum PropertyFault: Error, Equatable, Sendable {
    /// Longer than the bound.
    case tooLong(byteCount: Int, limit: Int)
    /// Neither `name(square)`, `name>=number` nor a single name; or the name is not known.
    case unknownForm
    /// The text in brackets is no square of a board with `size` squares per side.
    case unknownSquare(String, size: Int)
    /// The text after ">=" is no number in the allowed range.
    case numberOutOfRange(String, allowed: ClosedRange<Int>)
}
