extension ChessPosition {
    /// Whether the mover is in check and has no legal move.
    public var isCheckmate: Bool { isCheck && legalMoveCount == 0 }

    /// Whether the mover has no legal move and is not in check.
    public var isStalemate: Bool { !isCheck && legalMoveCount == 0 }

    /// Whether neither side has the material to mate, by any play: lone kings, one knight more, or
    /// bishops that all stand on squares of one color.
    public var isInsufficientMaterial: Bool {
        if pawns | rooks | queens != 0 { return false }
        if knights != 0 { return bishops == 0 && knights.nonzeroBitCount == 1 }
        return bishops & Self.darkSquares == 0 || bishops & ~Self.darkSquares == 0
    }

    /// Whether the game ends here without a claim although moves are left: material that cannot
    /// mate, or 75 moves of each side without a capture or a pawn's move. The fifth repetition,
    /// which ends a game too, needs the game: see ``repetitionCount(in:)``.
    public var isDrawnByRule: Bool { isInsufficientMaterial || halfmoveClock >= 150 }

    /// How often the last of a game's positions has occurred in it, itself included.
    ///
    /// Positions are the same if the same pieces stand on the same squares, the same side is to
    /// move and the same moves are possible: rights to castle count, and so does a legal capture en
    /// passant (FIDE Laws of Chess, 9.2).
    ///
    /// - Parameter positions: a game's positions in order.
    /// - Returns: 0 only for no positions.
    public static func repetitionCount(in positions: some BidirectionalCollection<ChessPosition>)
        -> Int
    {
        guard let last = positions.last else { return 0 }
        let identity = last.identity
        // No position before a capture or a pawn's move can come back.
        return positions.suffix(last.halfmoveClock + 1).reduce(0) {
            $0 + ($1.identity == identity ? 1 : 0)
        }
    }

    /// Whether the mover may claim a draw: 50 moves of each side without a capture or a pawn's
    /// move, or a position for the third time; both also if a legal move brings it about.
    public static func canClaimDraw(after positions: [ChessPosition]) -> Bool {
        guard let last = positions.last else { return false }
        let nexts = last.legalMoves.map(last.applying)
        if last.halfmoveClock >= 100, !nexts.isEmpty { return true }
        if repetitionCount(in: positions) >= 3 { return true }
        return nexts.contains { next in
            next.halfmoveClock >= 100 && next.legalMoveCount > 0
                || repetitionCount(in: positions + [next]) >= 3
        }
    }

    /// Whether the mover has a legal capture en passant.
    public var hasLegalEnPassant: Bool {
        guard enPassant != 0 else { return false }
        let legality = ChessLegality(self)
        let bit = enPassant.trailingZeroBitCount
        let origins =
            ChessAttacks.pawn(enPassant, of: turn.opponent) & pawns & pieces(of: turn)
        return Square.all(in: origins).contains {
            legality.targets(of: .pawn, from: $0.bit) & (1 &<< UInt64(bit)) != 0
        }
    }

    /// The position as the rule of repetition sees it.
    private var identity: ChessPosition {
        var identity = self
        if !hasLegalEnPassant { identity.enPassant = 0 }
        identity.halfmoveClock = 0
        identity.moveNumber = 0
        return identity
    }

    static let darkSquares: UInt64 = 0xAA55_AA55_AA55_AA55
}
