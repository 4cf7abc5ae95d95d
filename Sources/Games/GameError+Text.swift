extension GameError: CustomStringConvertible {
    /// The thing, the reason and the cure, in one sentence or two.
    public var description: String {
        switch self {
        case .unsupportedSize(let size):
            "board of size \(size): only 6 and 8 are supported. Ask for one of these."
        case .unknownSquare(let text, let size):
            "square \"\(text)\": no such square. \(Self.squareForm(size: size))"
        case .illegalMove(let number, let square, let reason, let alternatives):
            "move \(number), \(square): \(reason.sentence). "
                + Self.cure(for: reason, alternatives: alternatives)
        case .transcriptTooLong(let byteCount, let limit):
            "transcript of \(byteCount) bytes: at most \(limit) are read. Pass one game at a time."
        case .unreadableTranscript(let moveNumber, let found, let size):
            "transcript, move \(moveNumber): \"\(found)\" does not start with a square. "
                + Self.squareForm(size: size)
        case .unreadableProperty(let text, let fault):
            "board property \"\(text)\": \(fault.sentence)"
        }
    }

    static func squareForm(size: Int) -> String {
        let last = size == 8 ? "H8" : "F6"
        return "Write a column letter and a row number, A1 to \(last)."
    }

    private static func cure(for reason: IllegalMoveReason, alternatives: [String]) -> String {
        alternatives.isEmpty
            ? "End the game before this move."
            : "Legal here: \(alternatives.joined(separator: ", "))."
    }
}

extension IllegalMoveReason {
    var sentence: String {
        switch self {
        case .offTheBoard: "the square is not part of this board"
        case .gameOver: "the game is over, neither player can move"
        case .occupied: "the square already holds a disc"
        case .flipsNothing: "the move would turn over no disc"
        }
    }
}

extension PropertyFault {
    var sentence: String {
        switch self {
        case .tooLong(let byteCount, let limit):
            "\(byteCount) bytes are too long. Write one property in at most \(limit)."
        case .unknownForm:
            "no known form. Write one of \(BoardProperty.knownForms)."
        case .unknownSquare(let text, let size):
            "\"\(text)\" is no square. \(GameError.squareForm(size: size))"
        case .numberOutOfRange(let text, let allowed):
            "\"\(text)\" is out of range. "
                + "Write a whole number from \(allowed.lowerBound) to \(allowed.upperBound)."
        }
    }
}
