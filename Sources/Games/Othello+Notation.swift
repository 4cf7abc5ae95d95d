extension Othello {
    /// The longest transcript that is read, in UTF-8 bytes; a full 8×8 game needs 180.
    public static let transcriptByteLimit = 1024

    /// A square's name on this board, column letter then row number: "A1" is the top left.
    ///
    /// A frame square outside a 6×6 board is called "frame bit 7", which no parser accepts.
    public func name(of square: Square) -> String {
        guard square.mask & mask != 0 else { return "frame bit \(square.bit)" }
        return size == 8 ? Self.names8[square.bit] : Self.names6[square.bit]
    }

    /// The square with a name such as "D3" or "d3".
    ///
    /// - Throws: ``GameError/unknownSquare(_:size:)``.
    public func square(named name: some StringProtocol) throws(GameError) -> Square {
        var bytes = name.utf8.makeIterator()
        guard let letter = bytes.next(), let digit = bytes.next(), bytes.next() == nil,
            let square = square(letter: letter, digit: digit)
        else { throw GameError.unknownSquare(GameError.excerpt(of: name), size: size) }
        return square
    }

    /// The moves of a transcript: names in either case, with or without blanks, line ends and commas
    /// between them, as "d3c4f5" or "D3, C4, F5". Whether they are legal is not looked at.
    ///
    /// - Throws: ``GameError/transcriptTooLong(byteCount:limit:)`` or
    ///   ``GameError/unreadableTranscript(moveNumber:found:size:)``.
    public func moves(fromTranscript transcript: String) throws(GameError) -> [Square] {
        let bytes = transcript.utf8
        guard bytes.count <= Self.transcriptByteLimit else {
            throw GameError.transcriptTooLong(
                byteCount: bytes.count, limit: Self.transcriptByteLimit)
        }
        var moves: [Square] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let next = bytes.index(after: index)
            if Self.separators.contains(bytes[index]) {
                index = next
                continue
            }
            guard next < bytes.endIndex,
                let square = square(letter: bytes[index], digit: bytes[next])
            else {
                throw GameError.unreadableTranscript(
                    moveNumber: moves.count + 1, found: GameError.excerpt(of: transcript[index...]),
                    size: size)
            }
            moves.append(square)
            index = bytes.index(after: next)
        }
        return moves
    }

    /// The canonical transcript, "D3 C4 F5".
    public func transcript(_ moves: [Square]) -> String {
        moves.map(name(of:)).joined(separator: " ")
    }

    private func square(letter: UInt8, digit: UInt8) -> Square? {
        let column = Int(letter | 0x20) - Int(UInt8(ascii: "a"))
        let row = Int(digit) - Int(UInt8(ascii: "1"))
        guard (0..<size).contains(column), (0..<size).contains(row) else { return nil }
        let edge = (8 - size) / 2
        return Square(bit: 8 * (row + edge) + column + edge)
    }

    private static let separators = Array(" \t\r\n,".utf8)
    private static let names6 = names(size: 6)
    private static let names8 = names(size: 8)

    /// Names by frame bit; empty off the board.
    private static func names(size: Int) -> [String] {
        let edge = (8 - size) / 2
        let letters = Array("ABCDEFGH")
        return (0..<64).map { bit in
            let row = bit / 8 - edge
            let column = bit % 8 - edge
            guard (0..<size).contains(row), (0..<size).contains(column) else { return "" }
            return "\(letters[column])\(row + 1)"
        }
    }
}
