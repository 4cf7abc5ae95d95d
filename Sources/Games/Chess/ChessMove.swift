/// A move: where from, where to, and what a pawn becomes on the last rank.
///
/// Castling is the king's move of two squares; capturing en passant goes to the empty square.
public struct ChessMove: Hashable, Comparable, Sendable {
    public let from: Square
    public let to: Square
    public let promotion: ChessKind?

    public init(from: Square, to: Square, promotion: ChessKind? = nil) {
        self.from = from
        self.to = to
        self.promotion = promotion
    }

    /// The pure coordinates of the UCI protocol, "e2e4" or "e7e8q".
    public var coordinates: String {
        from.chessName + to.chessName + (promotion?.letter.lowercased() ?? "")
    }

    public static func < (a: ChessMove, b: ChessMove) -> Bool {
        (a.from, a.to, a.promotion?.rawValue ?? 0) < (b.from, b.to, b.promotion?.rawValue ?? 0)
    }
}

extension Square {
    /// The square's name on a chessboard, file letter then rank number: bit 0 is "a1".
    public var chessName: String { Self.chessNames[bit] }

    /// The square with a name such as "e4", in lower case; nil for anything else.
    public init?(chessName: some StringProtocol) {
        var bytes = chessName.utf8.makeIterator()
        guard let letter = bytes.next(), let digit = bytes.next(), bytes.next() == nil,
            let square = Square(letter: letter, digit: digit)
        else { return nil }
        self = square
    }

    init?(letter: UInt8, digit: UInt8) {
        guard let file = Self.file(letter: letter), let rank = Self.rank(digit: digit) else {
            return nil
        }
        self.init(bit: 8 * rank + file)
    }

    /// 0 to 7 for "a" to "h".
    static func file(letter: UInt8) -> Int? {
        (UInt8(ascii: "a")...UInt8(ascii: "h")).contains(letter)
            ? Int(letter) - Int(UInt8(ascii: "a")) : nil
    }

    /// 0 to 7 for "1" to "8".
    static func rank(digit: UInt8) -> Int? {
        (UInt8(ascii: "1")...UInt8(ascii: "8")).contains(digit)
            ? Int(digit) - Int(UInt8(ascii: "1")) : nil
    }

    /// 0 for the a-file to 7 for the h-file.
    var file: Int { bit & 7 }

    /// 0 for White's first rank to 7 for Black's.
    var rank: Int { bit >> 3 }

    private static let chessNames = (0..<64).map { "\(Array("abcdefgh")[$0 & 7])\($0 >> 3 + 1)" }
}
