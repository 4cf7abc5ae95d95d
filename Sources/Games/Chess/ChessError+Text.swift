extension ChessError: CustomStringConvertible {
    /// The thing, the reason and the cure, in one sentence or two.
    public var description: String {
        switch self {
        case .unreadableFEN(let text, let fault):
            "position \"\(text)\": \(fault.sentence)"
        case .refusedMove(let text, let fault, let fen):
            "move \"\(text)\" in \(fen): \(fault.sentence)"
        case .unreadableGame(let number, let title, let line, let fault):
            "game \(number) (\(title)), line \(line): \(fault.sentence)"
        case .unreadableTranscript(let offset, let fault):
            "transcript, character \(offset): \(fault.sentence)"
        case .unreadableProperty(let text, let fault):
            "chess property \"\(text)\": \(fault.sentence)"
        }
    }
}

extension FENFault {
    var sentence: String {
        switch self {
        case .tooLong(let byteCount, let limit):
            "\(byteCount) bytes are too long. Write one position in at most \(limit)."
        case .fieldCount(let count):
            "\(count) fields. Write placement, turn, castling and passed square, then if wanted "
                + "both counters, as \(ChessPosition.start.fen)."
        case .placement:
            "the placement must be eight ranks of eight squares, 8 first. Write pieces as "
                + "PNBRQKpnbrqk, gaps as numbers, and / between ranks."
        case .turn: "the side to move must be w or b."
        case .castling: "the rights to castle must be some of KQkq, in this order, or -."
        case .enPassant: "the passed square must be a square such as e3, or -."
        case .number(let text, let least):
            "\"\(text)\" is no counter. Write a whole number from \(least) to 9999."
        case .kings: "each side must have one king."
        case .pawnOnLastRank: "a pawn stands on rank 1 or 8. Put a piece there or nothing."
        case .castlingWithoutPieces:
            "a right to castle needs its king and rook at home. Leave the right out, or write -."
        case .enPassantWithoutPawn:
            "no pawn can just have passed that square by a step of two. Write - for it."
        case .opponentInCheck:
            "the side that has just moved is in check. Change the side to move, or the pieces."
        }
    }
}

extension SANFault {
    var sentence: String {
        switch self {
        case .unreadable: "this is no move. Write one as e4, Nbd7, exd8=Q or O-O."
        case .illegal: "no legal move of this position is written so. Check the moves before it."
        case .ambiguous(let texts):
            "several moves are written so. Write one of \(texts.joined(separator: ", "))."
        case .promotion:
            "a pawn's move to the last rank, and no other, says what it becomes: =N, =B, =R or =Q."
        }
    }
}

extension PGNFault {
    var sentence: String {
        switch self {
        case .tag(let text):
            "\"\(text)\" is no tag. Write [Name \"value\"] on one line, at most "
                + "\(PGNReader.tagByteLimit) bytes."
        case .tooManyTags(let limit): "more than \(limit) tags. Leave the others out."
        case .unexpected(let text):
            "\"\(text)\" is neither a move nor anything that may stand between moves. Remove it."
        case .unclosed(let text): "\"\(text)\" is never closed. Close it, or remove it."
        case .unopened: "a variation is closed that was not opened. Remove the parenthesis."
        case .tooDeep(let limit): "variations are nested more than \(limit) deep. Remove some."
        case .tooManyMoves(let limit): "more than \(limit) plies. Split the game, or cut it."
        case .start(let fault): "the FEN tag: \(fault.sentence)"
        case .move(let ply, let text, let fault):
            "ply \(ply), \"\(text)\": \(fault.sentence)"
        case .noResult:
            "the game ends without a result. Write 1-0, 0-1, 1/2-1/2 or * behind the last move."
        }
    }
}

extension TranscriptFault {
    var sentence: String {
        switch self {
        case .tooLong(let count, let limit):
            "\(count) characters are too many. Pass at most \(limit)."
        case .character(let text):
            "\"\(text)\" is not of the vocabulary. Use only \"\(ChessTranscript.vocabulary)\"."
        case .opening: "a transcript begins with \";\", as \";1.e4 e5 2.Nf3\"."
        case .expected(let text): "\"\(text)\" must stand here, as in \";1.e4 e5 2.Nf3\"."
        case .move(let ply, let text, let fault):
            "ply \(ply), \"\(text)\": \(fault.sentence)"
        }
    }
}

extension ChessPropertyFault {
    var sentence: String {
        switch self {
        case .tooLong(let byteCount, let limit):
            "\(byteCount) bytes are too long. Write one property in at most \(limit)."
        case .unknownForm: "no known form. Write one of \(ChessProperty.knownForms)."
        case .unknownSquare(let text):
            "\"\(text)\" is no square. Write a file letter and a rank number, a1 to h8."
        }
    }
}
