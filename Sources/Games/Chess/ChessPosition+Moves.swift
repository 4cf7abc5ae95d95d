extension ChessPosition {
    /// The legal moves: by kind from pawn to king, then by origin, target and promotion.
    public var legalMoves: [ChessMove] {
        var moves: [ChessMove] = []
        forEachLegalMove { _, from, to, promotion in
            moves.append(
                ChessMove(from: Square(bit: from), to: Square(bit: to), promotion: promotion))
        }
        return moves
    }

    /// How many legal moves there are; faster than listing them.
    public var legalMoveCount: Int {
        var count = 0
        ChessLegality(self).forEachOrigin { kind, _, targets in
            count &+= targets.nonzeroBitCount
            if kind == .pawn { count &+= 3 &* (targets & Self.lastRanks).nonzeroBitCount }
        }
        return count
    }

    /// The position after a move.
    ///
    /// - Returns: nil if the move is illegal here; a pawn's move to the last rank needs a
    ///   promotion, and no other move may have one.
    public func playing(_ move: ChessMove) -> ChessPosition? {
        let origin = move.from.mask
        guard pieces(of: turn) & origin != 0, let kind = kind(at: origin) else { return nil }
        let promotes = kind == .pawn && move.to.mask & Self.lastRanks != 0
        guard promotes == (move.promotion != nil),
            move.promotion.map(ChessKind.promotions.contains) != false,
            ChessLegality(self).targets(of: kind, from: move.from.bit) & move.to.mask != 0
        else { return nil }
        return applying(kind, from: move.from.bit, to: move.to.bit, promotion: move.promotion)
    }

    /// The position after a move that is known to be legal.
    func applying(_ move: ChessMove) -> ChessPosition {
        guard let kind = kind(at: move.from.mask) else {
            preconditionFailure("applying(\(move.coordinates)): nothing stands on the origin")
        }
        return applying(kind, from: move.from.bit, to: move.to.bit, promotion: move.promotion)
    }

    @inline(__always)
    func forEachLegalMove(_ body: (ChessKind, Int, Int, ChessKind?) -> Void) {
        ChessLegality(self).forEachOrigin { kind, from, targets in
            var rest = targets
            while rest != 0 {
                let to = rest.trailingZeroBitCount
                if kind == .pawn, rest & (0 &- rest) & Self.lastRanks != 0 {
                    for promotion in ChessKind.promotions { body(kind, from, to, promotion) }
                } else {
                    body(kind, from, to, nil)
                }
                rest &= rest &- 1
            }
        }
    }

    /// The position after the mover's piece of this kind goes from one square to another.
    func applying(
        _ kind: ChessKind, from: Int, to: Int, promotion: ChessKind?
    ) -> ChessPosition {
        var next = self
        let (origin, target): (UInt64, UInt64) = (1 &<< UInt64(from), 1 &<< UInt64(to))
        let captured = takenPawn(kind, target) | pieces(of: turn.opponent) & target
        if captured != 0 { next.remove(captured) }
        next.shift(kind, origin | target)
        next.enPassant = 0
        if kind == .pawn {
            if let promotion {
                next.pawns &= ~target
                next.toggle(promotion, target)
            } else if abs(to &- from) == 16 {
                next.enPassant = 1 &<< UInt64((from &+ to) / 2)
            }
        } else if kind == .king, abs(to &- from) == 2 {
            next.shift(
                .rook, to > from ? 0b1010_0000 &<< UInt64(from & 56) : 0b1001 &<< UInt64(from & 56))
        }
        if castling != [], (origin | target) & Self.castlingSquares != 0 {
            next.castling.subtract(Self.rightsLost(by: origin | target))
        }
        next.halfmoveClock = kind == .pawn || captured != 0 ? 0 : halfmoveClock &+ 1
        if turn == .black { next.moveNumber &+= 1 }
        next.turn = turn.opponent
        return next
    }

    /// The pawn that a capture en passant takes, which does not stand on the target.
    @inline(__always)
    private func takenPawn(_ kind: ChessKind, _ target: UInt64) -> UInt64 {
        guard kind == .pawn, target & enPassant != 0 else { return 0 }
        return turn == .white ? target >> 8 : target << 8
    }

    @inline(__always)
    private mutating func remove(_ squares: UInt64) {
        pawns &= ~squares
        knights &= ~squares
        bishops &= ~squares
        rooks &= ~squares
        queens &= ~squares
        white &= ~squares
        black &= ~squares
    }

    /// Moves the mover's piece of a kind between two squares, given as one set.
    @inline(__always)
    private mutating func shift(_ kind: ChessKind, _ squares: UInt64) {
        toggle(kind, squares)
        if turn == .white { white ^= squares } else { black ^= squares }
    }

    @inline(__always)
    private mutating func toggle(_ kind: ChessKind, _ squares: UInt64) {
        switch kind {
        case .pawn: pawns ^= squares
        case .knight: knights ^= squares
        case .bishop: bishops ^= squares
        case .rook: rooks ^= squares
        case .queen: queens ^= squares
        case .king: kings ^= squares
        }
    }

    static let lastRanks = ChessAttacks.rank1 | ChessAttacks.rank8

    /// The home squares of kings and rooks.
    private static let castlingSquares: UInt64 = 0x9100_0000_0000_0091

    /// The rights that are lost once a piece has left one of these squares or come to it.
    private static func rightsLost(by squares: UInt64) -> CastlingRights {
        var lost: CastlingRights = []
        if squares & 0x90 != 0 { lost.insert(.whiteKingside) }
        if squares & 0x11 != 0 { lost.insert(.whiteQueenside) }
        if squares & 0x9000_0000_0000_0000 != 0 { lost.insert(.blackKingside) }
        if squares & 0x1100_0000_0000_0000 != 0 { lost.insert(.blackQueenside) }
        return lost
    }
}
