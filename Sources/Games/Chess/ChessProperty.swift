/// One atomic statement about a chess position.
///
/// Its canonical text is ``formula``, read back by ``parse(_:)``; plain words come from
/// ``sentence(negated:)``. How it is to be understood in detail is said by the ``ChessDefinitions``
/// of the observation it is asked of.
///
/// - Source: Karvonen et al. 2024 (arXiv 2408.00113), section 3 and table 3.
public enum ChessProperty: Hashable, Comparable, Sendable {
    /// The square holds this piece.
    case piece(ChessPiece, Square)
    /// The mover's opponent attacks the square.
    case threatened(Square)
    /// A legal move ends on the square.
    case legal(Square)
    /// The mover is in check.
    case check
    /// The mover can give check.
    case canCheck
    /// The mover has a queen.
    case queen
    /// The mover can take a queen.
    case canCaptureQueen
    /// The mover has bishops on squares of both colors.
    case bishopPair
    /// The mover has a right to castle.
    case castling
    case castlingKingside
    case castlingQueenside
    /// A pawn, knight, bishop or rook of the mover, not pinned, attacks two higher pieces.
    case fork
    /// A piece of either side is pinned to its king.
    case pin
    /// The mover can capture en passant.
    case enPassant
    /// Two of the mover's pieces of one kind can go to the same square.
    case ambiguousMoves

    /// Whether the property holds.
    ///
    /// - Complexity: O(1).
    public func holds(in observation: ChessObservation) -> Bool {
        switch self {
        case .piece(let piece, let square):
            observation.position.squares(of: piece) & observation.seen & square.mask != 0
        case .threatened(let square): observation.threatened & square.mask != 0
        case .legal(let square): observation.legal & square.mask != 0
        case .check: observation.isCheck
        case .canCheck: observation.canCheck
        case .queen: observation.hasQueen
        case .canCaptureQueen: observation.canCaptureQueen
        case .bishopPair: observation.hasBishopPair
        case .castling: observation.canCastleKingside || observation.canCastleQueenside
        case .castlingKingside: observation.canCastleKingside
        case .castlingQueenside: observation.canCastleQueenside
        case .fork: observation.hasFork
        case .pin: observation.hasPin
        case .enPassant: observation.hasLegalEnPassant
        case .ambiguousMoves: observation.hasAmbiguousMoves
        }
    }
}

extension ChessProperty {
    /// The board-state properties: each piece on each square, 768 of the paper. The clean ones
    /// leave out pawns on the first and last rank, which are never there: 736.
    public static func boardState(_ definitions: ChessDefinitions = .clean) -> [ChessProperty] {
        ChessPiece.all.flatMap { piece in
            Square.all(in: .max).filter { square in
                definitions == .reference || piece.kind != .pawn
                    || square.mask & ChessPosition.lastRanks == 0
            }.map { .piece(piece, $0) }
        }
    }

    /// The strategy properties: 64 threatened squares, 64 targets of legal moves, and 12 flags.
    public static let strategy: [ChessProperty] =
        Square.all(in: .max).map(threatened) + Square.all(in: .max).map(legal) + flags

    /// Board state, then strategy, in a fixed order without duplicates: 876, or the paper's 908.
    public static func catalogue(_ definitions: ChessDefinitions = .clean) -> [ChessProperty] {
        boardState(definitions) + strategy
    }

    static let flags: [ChessProperty] = [
        .check, .canCheck, .queen, .canCaptureQueen, .bishopPair, .castling, .castlingKingside,
        .castlingQueenside, .fork, .pin, .enPassant, .ambiguousMoves,
    ]

    /// Where each property holds: a bit set of positions per property.
    ///
    /// - Returns: [properties][⌈positions / 64⌉]; position `i` is bit `i % 64` of word `i / 64`.
    public static func bits(
        of properties: [ChessProperty], in positions: [ChessPosition],
        definitions: ChessDefinitions = .clean
    ) -> [[UInt64]] {
        let wordCount = (positions.count + 63) / 64
        var bits = Array(
            repeating: Array(repeating: UInt64(0), count: wordCount), count: properties.count)
        for (row, position) in positions.enumerated() {
            let observation = ChessObservation(position, definitions: definitions)
            for (index, property) in properties.enumerated()
            where property.holds(in: observation) {
                bits[index][row / 64] |= 1 << UInt64(row % 64)
            }
        }
        return bits
    }
}
