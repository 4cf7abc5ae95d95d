/// What the chess part of the module refuses, with the data that explains it.
public enum ChessError: Error, Equatable, Sendable {
    /// A text that is no position in Forsyth–Edwards notation.
    case unreadableFEN(String, FENFault)
    /// A text that names no single legal move of the position.
    case refusedMove(String, SANFault, fen: String)
    /// A game of a PGN text; `number` counts games from 1, `line` and `ply` too.
    case unreadableGame(number: Int, title: String, line: Int, PGNFault)
    /// A transcript; `offset` counts its characters from 0.
    case unreadableTranscript(offset: Int, TranscriptFault)
    /// A text that is no chess property.
    case unreadableProperty(String, ChessPropertyFault)

    /// At most 24 characters of a text, control characters made harmless, for messages.
    static func excerpt(of text: some StringProtocol) -> String {
        String(
            GameError.excerpt(of: text).map { character in
                character.unicodeScalars.contains { $0.properties.generalCategory == .control }
                    ? "·" : character
            })
    }
}

/// What is wrong with a position in Forsyth–Edwards notation.
public enum FENFault: Error, Equatable, Sendable {
    case tooLong(byteCount: Int, limit: Int)
    case fieldCount(Int)
    /// The first field is not eight ranks of eight squares.
    case placement
    case turn
    case castling
    case enPassant
    case number(String, least: Int)
    case kings
    case pawnOnLastRank
    case castlingWithoutPieces
    case enPassantWithoutPawn
    case opponentInCheck
}

/// Why a text gives no move of a position.
public enum SANFault: Error, Equatable, Sendable {
    /// Not of the form of a move.
    case unreadable
    /// No legal move is meant.
    case illegal
    /// Several legal moves are meant, here with their full texts.
    case ambiguous([String])
    /// A pawn reaches the last rank without saying what it becomes, or something else "promotes".
    case promotion
}

/// What is wrong with a game of a PGN text.
public enum PGNFault: Error, Equatable, Sendable {
    /// A tag that is not `[Name "value"]` on one line.
    case tag(String)
    case tooManyTags(limit: Int)
    /// A text that does not begin a move, a comment or anything else that may stand there.
    case unexpected(String)
    /// A comment in braces, or a variation, that the text ends in.
    case unclosed(String)
    /// A closing parenthesis without its opening.
    case unopened
    case tooDeep(limit: Int)
    case tooManyMoves(limit: Int)
    /// The FEN tag.
    case start(FENFault)
    /// The move that the rules refuse; `ply` counts from 1.
    case move(ply: Int, String, SANFault)
    /// The next game or the end comes before a result.
    case noResult
}

/// What is wrong with a transcript of characters.
public enum TranscriptFault: Error, Equatable, Sendable {
    case tooLong(characterCount: Int, limit: Int)
    /// The character is not of the vocabulary.
    case character(String)
    /// The text does not begin with ";".
    case opening
    /// Something else than this stands there.
    case expected(String)
    case move(ply: Int, String, SANFault)
}

/// What is wrong with the text of a chess property.
public enum ChessPropertyFault: Error, Equatable, Sendable {
    case tooLong(byteCount: Int, limit: Int)
    /// Neither `name(square)` nor a single name; or the name is not known.
    case unknownForm
    case unknownSquare(String)
}
