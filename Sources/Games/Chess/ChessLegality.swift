/// What binds the mover in a position: checks and pins, worked out once, then asked per piece.
///
/// Moves are legal as they are generated, none is tried and taken back: a checked side may take the
/// checker or step between, a pinned piece stays on its line, a king avoids attacked squares.
struct ChessLegality {
    let position: ChessPosition
    let mine: UInt64
    let theirs: UInt64
    let king: Int
    let pinned: UInt64
    /// The opponent's pieces that give check.
    let checkers: UInt64
    /// Where a piece other than the king may go; all squares if there is no check.
    let evasions: UInt64

    @inline(__always)
    init(_ position: ChessPosition) {
        self.position = position
        mine = position.pieces(of: position.turn)
        theirs = position.pieces(of: position.turn.opponent)
        king = position.king(of: position.turn)
        pinned = position.pinned(position.turn)
        checkers = position.checkers
        evasions =
            switch checkers.nonzeroBitCount {
            case 0: .max
            case 1: checkers | ChessAttacks.between(king, checkers.trailingZeroBitCount)
            default: 0
            }
    }

    /// The squares the mover's piece of this kind on `bit` may legally go to.
    @inline(__always)
    func targets(of kind: ChessKind, from bit: Int) -> UInt64 {
        if kind == .king { return kingTargets }
        if kind == .pawn { return pawnTargets(from: bit) }
        let free = ChessAttacks.piece(kind, bit, position.occupied) & ~mine & evasions
        return pinned & (1 &<< UInt64(bit)) == 0 ? free : free & ChessAttacks.line(king, bit)
    }

    private func pawnTargets(from bit: Int) -> UInt64 {
        let pawn: UInt64 = 1 &<< UInt64(bit)
        let empty = ~position.occupied
        let isWhite = position.turn == .white
        let single = (isWhite ? pawn << 8 : pawn >> 8) & empty
        let third: UInt64 = isWhite ? 0xFF << 16 : 0xFF << 40
        let double = (isWhite ? (single & third) << 8 : (single & third) >> 8) & empty
        let attacks = ChessAttacks.pawn(pawn, of: position.turn)
        var targets = (single | double | attacks & theirs) & evasions
        if pinned & pawn != 0 { targets &= ChessAttacks.line(king, bit) }
        if attacks & position.enPassant != 0, survivesEnPassant(by: pawn) {
            targets |= position.enPassant
        }
        return targets
    }

    /// Whether the king is safe once both pawns are gone from their squares. Taking en passant
    /// opens two squares at once, so that neither the pins nor the evasions say whether it is
    /// legal.
    private func survivesEnPassant(by pawn: UInt64) -> Bool {
        let passed = position.enPassant
        let victim = position.turn == .white ? passed >> 8 : passed << 8
        let occupied = position.occupied & ~(pawn | victim) | passed
        let attackers = position.attackers(
            of: king, by: position.turn.opponent, through: occupied)
        return attackers & ~victim == 0
    }

    private var kingTargets: UInt64 {
        // The king itself must not shield the squares behind it.
        let occupied = position.occupied & ~(1 &<< UInt64(king))
        var open = ChessAttacks.king(1 &<< UInt64(king)) & ~mine
        var targets: UInt64 = 0
        while open != 0 {
            let bit = open.trailingZeroBitCount
            if isSafe(bit, through: occupied) { targets |= 1 &<< UInt64(bit) }
            open &= open &- 1
        }
        return checkers == 0 && position.castling != [] ? targets | castlings : targets
    }

    private var castlings: UInt64 {
        var targets: UInt64 = 0
        let castling = position.castling
        if castling.contains(.kingside(position.turn)), isOpen(to: king &+ 3),
            isSafe(king &+ 1, through: position.occupied),
            isSafe(king &+ 2, through: position.occupied)
        {
            targets |= 1 &<< UInt64(king &+ 2)
        }
        if castling.contains(.queenside(position.turn)), isOpen(to: king &- 4),
            isSafe(king &- 1, through: position.occupied),
            isSafe(king &- 2, through: position.occupied)
        {
            targets |= 1 &<< UInt64(king &- 2)
        }
        return targets
    }

    private func isOpen(to rook: Int) -> Bool {
        ChessAttacks.between(king, rook) & position.occupied == 0
    }

    @inline(__always)
    private func isSafe(_ bit: Int, through occupied: UInt64) -> Bool {
        position.attackers(of: bit, by: position.turn.opponent, through: occupied) == 0
    }

    /// Calls `body` with each of the mover's pieces and where it may go, if anywhere: pawns first,
    /// the king last, in the order of their squares.
    @inline(__always)
    func forEachOrigin(_ body: (ChessKind, Int, UInt64) -> Void) {
        func visit(_ kind: ChessKind) {
            var rest = position.pieces(kind) & mine
            while rest != 0 {
                let bit = rest.trailingZeroBitCount
                let targets = targets(of: kind, from: bit)
                if targets != 0 { body(kind, bit, targets) }
                rest &= rest &- 1
            }
        }
        visit(.pawn)
        visit(.knight)
        visit(.bishop)
        visit(.rook)
        visit(.queen)
        visit(.king)
    }
}
