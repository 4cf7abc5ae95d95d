/// The rules of chess, the notations its games are kept in, and statements about its positions.
///
/// Like ``Othello`` beside it, this folder gives known truth for experiments on game-playing models
/// and knows nothing of models or measurements. Read in this order:
///
/// - ``ChessPosition`` and ``ChessMove``: a position, its legal moves, what a move makes of it.
///   Moves are found in `ChessLegality`, attacks in `ChessAttacks`; draws are in
///   `ChessPosition+Draws`.
/// - FEN for positions, SAN for moves, ``PGNReader`` and ``ChessGame`` for recorded games, and
///   ``ChessTranscript`` for the one line of characters that ChessGPT reads.
/// - ``ChessObservation`` and ``ChessProperty``: the board-state and strategy properties of
///   Karvonen et al. 2024, in a clean form and as the reference program computes them.
///
/// A ``Square`` is read as 8·(rank − 1) + file: a1 is bit 0, h1 bit 7, h8 bit 63.
public enum Chess {
    /// The number of lines of `depth` plies from a position, the usual check of a move generator.
    ///
    /// - Precondition: `depth` ≥ 0.
    /// - Complexity: one position per line of depth − 1; the last ply is counted, not played.
    public static func perft(_ position: ChessPosition, depth: Int) -> Int {
        precondition(depth >= 0, "perft(depth: \(depth)): the depth must be 0 or more")
        if depth == 0 { return 1 }
        if depth == 1 { return position.legalMoveCount }
        var count = 0
        position.forEachLegalMove { kind, from, to, promotion in
            let next = position.applying(kind, from: from, to: to, promotion: promotion)
            count += perft(next, depth: depth - 1)
        }
        return count
    }

    /// Uniformly random legal moves until the game is over, or so many plies have been played.
    ///
    /// Over means checkmate, stalemate, material that cannot mate, or 75 moves without a capture or
    /// a pawn's move. The same generator gives the same game.
    public static func randomGame(
        from start: ChessPosition = .start, plyLimit: Int = 400,
        using generator: inout some RandomNumberGenerator
    ) -> [ChessMove] {
        var moves: [ChessMove] = []
        var position = start
        while moves.count < plyLimit, !position.isDrawnByRule {
            guard let move = position.legalMoves.randomElement(using: &generator) else { break }
            moves.append(move)
            position = position.applying(move)
        }
        return moves
    }
}

/// A side.
public enum ChessColor: UInt8, CaseIterable, Comparable, Sendable {
    case white, black

    public var opponent: ChessColor { self == .white ? .black : .white }

    /// "white" or "black".
    public var name: String { self == .white ? "white" : "black" }

    public static func < (a: ChessColor, b: ChessColor) -> Bool { a.rawValue < b.rawValue }
}

/// What a piece is, whoever owns it.
public enum ChessKind: UInt8, CaseIterable, Comparable, Sendable {
    case pawn, knight, bishop, rook, queen, king

    /// "pawn" to "king".
    public var name: String {
        switch self {
        case .pawn: "pawn"
        case .knight: "knight"
        case .bishop: "bishop"
        case .rook: "rook"
        case .queen: "queen"
        case .king: "king"
        }
    }

    /// The English capital: P N B R Q K.
    public var letter: String { String(UnicodeScalar(Self.letters[Int(rawValue)])) }

    /// The kind with this English capital.
    init?(letter: UInt8) {
        guard let index = Self.letters.firstIndex(of: letter) else { return nil }
        self = Self.allCases[index]
    }

    /// What a pawn may become.
    public static let promotions: [ChessKind] = [.knight, .bishop, .rook, .queen]

    public static func < (a: ChessKind, b: ChessKind) -> Bool { a.rawValue < b.rawValue }

    private static let letters = Array("PNBRQK".utf8)
}

/// A piece of one side.
public struct ChessPiece: Hashable, Comparable, Sendable {
    public let color: ChessColor
    public let kind: ChessKind

    public init(_ color: ChessColor, _ kind: ChessKind) {
        self.color = color
        self.kind = kind
    }

    /// The twelve pieces, White's first, each from pawn to king.
    public static let all = ChessColor.allCases.flatMap { color in
        ChessKind.allCases.map { ChessPiece(color, $0) }
    }

    public static func < (a: ChessPiece, b: ChessPiece) -> Bool {
        (a.color, a.kind) < (b.color, b.kind)
    }
}
