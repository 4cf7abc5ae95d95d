/// What there is to say about a chess position: everything a ``ChessProperty`` needs, as sets of
/// squares and flags, so that each property is one word operation.
public struct ChessObservation: Hashable, Sendable {
    public let position: ChessPosition
    /// The squares whose pieces are seen: all, or with the reference's definitions those whose
    /// piece has changed since the start.
    public let seen: UInt64
    /// The squares that the mover's opponent attacks.
    public let threatened: UInt64
    /// The squares that a legal move ends on.
    public let legal: UInt64
    public let isCheck: Bool
    /// Whether a legal move gives check.
    public let canCheck: Bool
    /// Whether the mover has a queen.
    public let hasQueen: Bool
    /// Whether a legal move takes a queen.
    public let canCaptureQueen: Bool
    /// Whether the mover has bishops on squares of both colors.
    public let hasBishopPair: Bool
    /// The mover's rights to castle, now or later.
    public let canCastleKingside: Bool
    public let canCastleQueenside: Bool
    /// Whether an unpinned pawn, knight, bishop or rook of the mover attacks two higher pieces.
    public let hasFork: Bool
    /// Whether any piece of either side is pinned to its king.
    public let hasPin: Bool
    public let hasLegalEnPassant: Bool
    /// Whether the text of some legal move must name its origin.
    public let hasAmbiguousMoves: Bool

    /// - Complexity: about one position per legal move.
    public init(_ position: ChessPosition, definitions: ChessDefinitions = .clean) {
        let sight = ChessSight(position)
        let isReference = definitions == .reference
        self.position = position
        seen = isReference ? ~ChessSight.unmoved(in: position) : .max
        threatened = position.attacked(by: isReference ? .black : position.turn.opponent)
        legal = isReference && position.turn == .black ? 0 : sight.targets
        isCheck = position.isCheck
        canCheck = sight.canCheck
        hasQueen = position.queens & sight.mine != 0
        let queens = position.queens & sight.theirs
        canCaptureQueen = sight.targets & (isReference ? ChessSight.highest(queens) : queens) != 0
        let bishops = position.bishops & sight.mine
        hasBishopPair =
            isReference
            ? bishops.nonzeroBitCount >= 2
            : bishops & ChessPosition.darkSquares != 0 && bishops & ~ChessPosition.darkSquares != 0
        canCastleKingside = position.castling.contains(.kingside(position.turn))
        canCastleQueenside = position.castling.contains(.queenside(position.turn))
        hasFork = isReference ? sight.hasSummedFork : sight.hasFork
        hasPin = position.pinned(.white) | position.pinned(.black) != 0
        hasLegalEnPassant = position.hasLegalEnPassant
        hasAmbiguousMoves = sight.hasAmbiguousMoves(ofPawns: isReference)
    }
}

/// The parts of an observation that take more than one step.
private struct ChessSight {
    let position: ChessPosition
    let mine: UInt64
    let theirs: UInt64
    /// The union of all legal targets.
    private(set) var targets: UInt64 = 0
    private(set) var canCheck = false
    private let pinned: UInt64
    /// Per kind from pawn to king, the targets that more than one piece of the kind can reach.
    private var shared: [UInt64] = Array(repeating: 0, count: 6)

    init(_ position: ChessPosition) {
        self.position = position
        mine = position.pieces(of: position.turn)
        theirs = position.pieces(of: position.turn.opponent)
        pinned = position.pinned(position.turn)
        var (all, check): (UInt64, Bool) = (0, false)
        var reached: [UInt64] = Array(repeating: 0, count: 6)
        var shared = reached
        ChessLegality(position).forEachOrigin { kind, _, targets in
            let index = Int(kind.rawValue)
            shared[index] |= reached[index] & targets
            reached[index] |= targets
            all |= targets
        }
        position.forEachLegalMove { kind, from, to, promotion in
            check =
                check
                || position.applying(kind, from: from, to: to, promotion: promotion).isCheck
        }
        (targets, canCheck, self.shared) = (all, check, shared)
    }

    func hasAmbiguousMoves(ofPawns: Bool) -> Bool {
        ChessKind.allCases.contains { kind in
            (ofPawns || kind != .pawn) && shared[Int(kind.rawValue)] != 0
        }
    }

    /// What is worth more than an attacker and loses to it, in the paper's table.
    private static let higher: [(attacker: ChessKind, targets: [ChessKind])] = [
        (.pawn, [.knight, .bishop, .rook, .queen, .king]), (.knight, [.rook, .queen, .king]),
        (.bishop, [.rook, .queen, .king]), (.rook, [.queen, .king]),
    ]

    /// Whether one unpinned piece attacks two higher ones.
    var hasFork: Bool {
        Self.higher.contains { attacker, kinds in
            let higher = kinds.reduce(0) { $0 | position.pieces($1) } & theirs
            return attacks(of: attacker).contains { ($0 & higher).nonzeroBitCount >= 2 }
        }
    }

    /// The reference's fork: two attacks of one kind of piece on one kind of piece.
    var hasSummedFork: Bool {
        Self.higher.contains { attacker, kinds in
            let attacks = attacks(of: attacker)
            return kinds.contains { kind in
                let targets = position.pieces(kind) & theirs
                return attacks.reduce(0) { $0 + ($1 & targets).nonzeroBitCount } >= 2
            }
        }
    }

    /// What each unpinned piece of a kind attacks.
    private func attacks(of kind: ChessKind) -> [UInt64] {
        Square.all(in: position.pieces(kind) & mine & ~pinned).map { square in
            kind == .pawn
                ? ChessAttacks.pawn(square.mask, of: position.turn)
                : ChessAttacks.piece(kind, square.bit, position.occupied)
        }
    }

    /// The squares that hold what they held at the start.
    static func unmoved(in position: ChessPosition) -> UInt64 {
        ChessPiece.all.reduce(0) {
            $0 | position.squares(of: $1) & ChessPosition.start.squares(of: $1)
        }
    }

    static func highest(_ set: UInt64) -> UInt64 {
        set == 0 ? 0 : 1 << UInt64(63 - set.leadingZeroBitCount)
    }
}
