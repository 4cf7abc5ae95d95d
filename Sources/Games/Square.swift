/// A square of the full 8×8 frame. A 6×6 board is the frame's inner 6×6.
///
/// Squares carry no board size: how one is named depends on the board, see ``Othello/name(of:)``.
public struct Square: Hashable, Comparable, Sendable {
    /// 8·row + column in the frame, from the top left; also the square's place in a bit set.
    public let bit: Int

    /// - Precondition: `bit` is in 0..<64.
    public init(bit: Int) {
        precondition((0..<64).contains(bit), "Square(bit: \(bit)): the frame has bits 0 to 63")
        self.bit = bit
    }

    /// The set of frame bits that holds this square alone.
    public var mask: UInt64 { 1 &<< UInt64(truncatingIfNeeded: bit) }

    /// Row-major order.
    public static func < (a: Square, b: Square) -> Bool { a.bit < b.bit }

    /// The squares of a set of frame bits, row-major.
    public static func all(in set: UInt64) -> [Square] {
        var result: [Square] = []
        result.reserveCapacity(set.nonzeroBitCount)
        var rest = set
        while rest != 0 {
            result.append(Square(bit: rest.trailingZeroBitCount))
            rest &= rest &- 1
        }
        return result
    }
}
