/// Attacks as bit sets, worked out by shifts without tables.
///
/// Steps of pawns, knights and kings are taken for a whole set of squares at once. A slider's line
/// is cut at its nearest blockers by one subtraction.
///
/// - Source: the obstruction difference of Michael Hoffmann, in the Chess Programming Wiki.
enum ChessAttacks {
    static let fileA: UInt64 = 0x0101_0101_0101_0101
    static let fileH: UInt64 = fileA << 7
    static let rank1: UInt64 = 0xFF
    static let rank8: UInt64 = rank1 << 56

    @inline(__always)
    static func pawn(_ set: UInt64, of color: ChessColor) -> UInt64 {
        let (east, west) = (set & ~fileH, set & ~fileA)
        return color == .white ? east << 9 | west << 7 : east >> 7 | west >> 9
    }

    @inline(__always)
    static func knight(_ set: UInt64) -> UInt64 {
        let east = set << 1 & ~fileA
        let west = set >> 1 & ~fileH
        let farEast = east << 1 & ~fileA
        let farWest = west >> 1 & ~fileH
        let (near, far) = (east | west, farEast | farWest)
        return near << 16 | near >> 16 | far << 8 | far >> 8
    }

    @inline(__always)
    static func king(_ set: UInt64) -> UInt64 {
        let row = set << 1 & ~fileA | set >> 1 & ~fileH
        let three = row | set
        return row | three << 8 | three >> 8
    }

    @inline(__always)
    static func bishop(_ bit: Int, _ occupied: UInt64) -> UInt64 {
        along(diagonal(bit), bit, occupied) | along(antidiagonal(bit), bit, occupied)
    }

    @inline(__always)
    static func rook(_ bit: Int, _ occupied: UInt64) -> UInt64 {
        along(file(bit), bit, occupied) | along(rank(bit), bit, occupied)
    }

    /// The squares a piece other than a pawn attacks.
    @inline(__always)
    static func piece(_ kind: ChessKind, _ bit: Int, _ occupied: UInt64) -> UInt64 {
        switch kind {
        case .knight: knight(1 &<< UInt64(bit))
        case .bishop: bishop(bit, occupied)
        case .rook: rook(bit, occupied)
        case .queen: bishop(bit, occupied) | rook(bit, occupied)
        case .king: king(1 &<< UInt64(bit))
        case .pawn: preconditionFailure("piece(.pawn): a pawn's attacks depend on its color")
        }
    }

    /// The whole line through two squares; empty if they share no rank, file or diagonal.
    static func line(_ a: Int, _ b: Int) -> UInt64 {
        let other: UInt64 = 1 &<< UInt64(b)
        if rank(a) & other != 0 { return rank(a) }
        if file(a) & other != 0 { return file(a) }
        if diagonal(a) & other != 0 { return diagonal(a) }
        return antidiagonal(a) & other != 0 ? antidiagonal(a) : 0
    }

    /// The squares strictly between two squares of one line; empty for any others.
    static func between(_ a: Int, _ b: Int) -> UInt64 {
        let low: UInt64 = 1 &<< UInt64(min(a, b))
        let high: UInt64 = 1 &<< UInt64(max(a, b))
        return line(a, b) & (high &- 1) & ~(low | (low &- 1))
    }

    /// The squares of `line` that a slider on `bit` reaches, the nearest blockers included.
    @inline(__always)
    private static func along(_ line: UInt64, _ bit: Int, _ occupied: UInt64) -> UInt64 {
        let square: UInt64 = 1 &<< UInt64(bit)
        let below = square &- 1
        let blockers = line & occupied & ~square
        let upper = blockers & ~below
        let lowest: UInt64 = 1 &<< UInt64(63 &- (blockers & below | 1).leadingZeroBitCount)
        return line & ~square & (upper ^ (upper &- lowest))
    }

    @inline(__always)
    private static func file(_ bit: Int) -> UInt64 { fileA &<< UInt64(bit & 7) }

    @inline(__always)
    private static func rank(_ bit: Int) -> UInt64 { rank1 &<< UInt64(bit & 56) }

    @inline(__always)
    private static func diagonal(_ bit: Int) -> UInt64 {
        shifted(0x8040_2010_0804_0201, up: bit >> 3 &- bit & 7)
    }

    @inline(__always)
    private static func antidiagonal(_ bit: Int) -> UInt64 {
        shifted(0x0102_0408_1020_4080, up: bit >> 3 &+ bit & 7 &- 7)
    }

    @inline(__always)
    private static func shifted(_ set: UInt64, up ranks: Int) -> UInt64 {
        ranks >= 0 ? set &<< UInt64(8 &* ranks) : set &>> UInt64(-8 &* ranks)
    }
}
