/// A chess position as bit sets of squares, with all that the rules need to go on from it.
///
/// Every value has one king a side, and the side that has just moved is not in check: it comes from
/// ``start``, from ``init(fen:)``, which refuses anything else, or from ``playing(_:)``.
public struct ChessPosition: Hashable, Sendable {
    public internal(set) var pawns: UInt64
    public internal(set) var knights: UInt64
    public internal(set) var bishops: UInt64
    public internal(set) var rooks: UInt64
    public internal(set) var queens: UInt64
    public internal(set) var kings: UInt64
    /// The squares with White's pieces.
    public internal(set) var white: UInt64
    /// The squares with Black's pieces.
    public internal(set) var black: UInt64
    /// The square a pawn has just passed over in a step of two, whether or not a pawn can capture
    /// there: one bit, or none.
    public internal(set) var enPassant: UInt64
    /// Plies since the last capture or pawn's move.
    public internal(set) var halfmoveClock: Int
    /// 1 at the start, one more after each of Black's moves.
    public internal(set) var moveNumber: Int
    /// The side to move, the mover.
    public internal(set) var turn: ChessColor
    public internal(set) var castling: CastlingRights

    /// The position before the first move.
    public static let start = ChessPosition(
        pawns: 0x00FF_0000_0000_FF00, knights: 0x4200_0000_0000_0042,
        bishops: 0x2400_0000_0000_0024, rooks: 0x8100_0000_0000_0081,
        queens: 0x0800_0000_0000_0008, kings: 0x1000_0000_0000_0010, white: 0xFFFF,
        black: 0xFFFF_0000_0000_0000, enPassant: 0, halfmoveClock: 0, moveNumber: 1, turn: .white,
        castling: .all)

    /// All squares with a piece.
    @inline(__always)
    public var occupied: UInt64 { white | black }

    /// The squares with a side's pieces.
    @inline(__always)
    public func pieces(of color: ChessColor) -> UInt64 { color == .white ? white : black }

    /// The squares with pieces of a kind, of both sides.
    @inline(__always)
    public func pieces(_ kind: ChessKind) -> UInt64 {
        switch kind {
        case .pawn: pawns
        case .knight: knights
        case .bishop: bishops
        case .rook: rooks
        case .queen: queens
        case .king: kings
        }
    }

    /// The squares with a piece of one side.
    @inline(__always)
    public func squares(of piece: ChessPiece) -> UInt64 {
        pieces(piece.kind) & pieces(of: piece.color)
    }

    /// What stands on a square.
    public func piece(at square: Square) -> ChessPiece? {
        guard let kind = kind(at: square.mask) else { return nil }
        return ChessPiece(white & square.mask != 0 ? .white : .black, kind)
    }

    @inline(__always)
    func kind(at mask: UInt64) -> ChessKind? {
        if occupied & mask == 0 { return nil }
        if pawns & mask != 0 { return .pawn }
        if knights & mask != 0 { return .knight }
        if bishops & mask != 0 { return .bishop }
        if rooks & mask != 0 { return .rook }
        return queens & mask != 0 ? .queen : .king
    }

    /// A side's king; every position has one.
    @inline(__always)
    func king(of color: ChessColor) -> Int { (kings & pieces(of: color)).trailingZeroBitCount }

    /// The pieces of `color` that attack a square, with `occupied` in the sliders' way.
    @inline(__always)
    func attackers(of bit: Int, by color: ChessColor, through occupied: UInt64) -> UInt64 {
        let square: UInt64 = 1 &<< UInt64(bit)
        let steps =
            ChessAttacks.pawn(square, of: color.opponent) & pawns
            | ChessAttacks.knight(square) & knights | ChessAttacks.king(square) & kings
        let slides =
            ChessAttacks.bishop(bit, occupied) & (bishops | queens)
            | ChessAttacks.rook(bit, occupied) & (rooks | queens)
        return (steps | slides) & pieces(of: color)
    }

    /// Whether the mover's king is attacked.
    public var isCheck: Bool { checkers != 0 }

    /// The opponent's pieces that attack the mover's king.
    public var checkers: UInt64 {
        attackers(of: king(of: turn), by: turn.opponent, through: occupied)
    }

    /// The squares that a side attacks, its own pieces' squares included where they are protected.
    public func attacked(by color: ChessColor) -> UInt64 {
        let mine = pieces(of: color)
        var result = ChessAttacks.pawn(pawns & mine, of: color)
        for kind in ChessKind.allCases where kind != .pawn {
            var rest = pieces(kind) & mine
            while rest != 0 {
                result |= ChessAttacks.piece(kind, rest.trailingZeroBitCount, occupied)
                rest &= rest &- 1
            }
        }
        return result
    }

    /// A side's pieces that may not leave the line between their king and an attacking slider.
    public func pinned(_ color: ChessColor) -> UInt64 {
        let king = king(of: color)
        let (mine, theirs) = (pieces(of: color), pieces(of: color.opponent))
        var snipers =
            ChessAttacks.bishop(king, theirs) & (bishops | queens) & theirs
            | ChessAttacks.rook(king, theirs) & (rooks | queens) & theirs
        var result: UInt64 = 0
        while snipers != 0 {
            let shields = ChessAttacks.between(king, snipers.trailingZeroBitCount) & mine
            if shields.nonzeroBitCount == 1 { result |= shields }
            snipers &= snipers &- 1
        }
        return result
    }
}

/// Which castlings neither king nor rook has spoilt by moving, or the rook by being taken.
public struct CastlingRights: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let whiteKingside = CastlingRights(rawValue: 1)
    public static let whiteQueenside = CastlingRights(rawValue: 2)
    public static let blackKingside = CastlingRights(rawValue: 4)
    public static let blackQueenside = CastlingRights(rawValue: 8)
    public static let all = CastlingRights(rawValue: 15)

    /// A side's right to castle towards the h-file.
    public static func kingside(_ color: ChessColor) -> CastlingRights {
        color == .white ? whiteKingside : blackKingside
    }

    /// A side's right to castle towards the a-file.
    public static func queenside(_ color: ChessColor) -> CastlingRights {
        color == .white ? whiteQueenside : blackQueenside
    }
}
