import LinearAlgebra

/// Damages bytes and texts, seeded: the same seed damages in the same way.
public struct Mutator {
    public var generator: SeededGenerator
    /// Bytes that mean something in the format, which are put in more often than others.
    public let donors: [UInt8]

    public init(seed: UInt64, stream: UInt64, donors: [UInt8]) {
        generator = SeededGenerator(seed: seed, stream: stream)
        self.donors = donors.isEmpty ? [0] : donors
    }

    /// Numbers at which arithmetic breaks: edges of widths, signs and of what a file can hold.
    private static let edges: [UInt64] = [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF,
        0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF, 0x1_0000_0000, 0x3FFF_FFFF_FFFF_FFFF,
        0x4000_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max,
    ]

    /// Half of the time one, so that many files are read to their end.
    private mutating func editCount() -> Int {
        generator.below(2) == 0 ? 1 : 2 + generator.below(4)
    }

    /// Changes one to five places of a binary file.
    ///
    /// - Parameter other: another file, from which pieces may come.
    public mutating func damaged(_ original: [UInt8], other: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0..<editCount() where bytes.count > 1 {
            let place = place(in: bytes)
            switch generator.below(11) {
            case 0: bytes[place] = UInt8(generator.below(256))
            case 1: bytes[place] ^= 1 << UInt8(generator.below(8))
            case 2, 3: bytes[place] = donors[generator.below(donors.count)]
            case 4: bytes.insert(donors[generator.below(donors.count)], at: place)
            case 5: cut(&bytes, at: place)
            case 6: splice(&bytes, at: place, from: other)
            case 7: splice(&bytes, at: place, from: original)
            default: writeNumber(&bytes, at: place)
            }
        }
        return bytes
    }

    /// Anywhere, but half of the time near the ends, where headers and directories are.
    private mutating func place(in bytes: [UInt8]) -> Int {
        let near = min(bytes.count, 600)
        switch generator.below(4) {
        case 0: return generator.below(near)
        case 1: return bytes.count - 1 - generator.below(near)
        default: return generator.below(bytes.count)
        }
    }

    /// Takes out a few bytes, or everything from a place on.
    private mutating func cut(_ bytes: inout [UInt8], at place: Int) {
        let end =
            generator.below(4) == 0
            ? bytes.count : min(bytes.count, place + 1 + generator.below(24))
        bytes.removeSubrange(place..<end)
    }

    /// Puts in, or writes over with, a piece of another file.
    private mutating func splice(_ bytes: inout [UInt8], at place: Int, from other: [UInt8]) {
        guard !other.isEmpty else { return }
        let start = generator.below(other.count)
        let piece = other[start..<min(other.count, start + 1 + generator.below(80))]
        let end = generator.below(2) == 0 ? place : min(bytes.count, place + piece.count)
        bytes.replaceSubrange(place..<end, with: piece)
    }

    /// Writes over with a number of 2, 4 or 8 bytes, the low byte first or last.
    private mutating func writeNumber(_ bytes: inout [UInt8], at place: Int) {
        let number =
            generator.below(3) == 0
            ? UInt64(generator.below(bytes.count + 2))
            : Self.edges[generator.below(Self.edges.count)]
        var digits = withUnsafeBytes(of: number.littleEndian) { Array($0) }
        digits = Array(digits.prefix([2, 4, 8][generator.below(3)]))
        if generator.below(4) == 0 { digits.reverse() }
        let end = min(bytes.count, place + digits.count)
        bytes.replaceSubrange(place..<end, with: digits.prefix(end - place))
    }
}

extension Mutator {
    private static let odd: [String] = [
        "null", "true", "false", "0", "-1", "1", "2", "3", "7", "0.5", "1e-300", "1e300", "-0.0",
        "65535", "65536", "16777216", "2147483647", "2147483648", "4294967296",
        "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e999", "\"\"",
        "[]", "[0]", "[null]", "{}", "[9223372036854775807,9223372036854775807]",
        "[4294967296,4294967296]", "\"default\"", "\"\\u0000\"", "\"../x\"", "\"(a*)*b\"",
    ]

    /// Changes one to five places of a JSON text, mostly so that it stays JSON.
    public mutating func damagedText(_ original: [UInt8], other: [UInt8]) -> [UInt8] {
        var text = original
        for _ in 0..<editCount() where text.count > 2 {
            switch generator.below(10) {
            case 0: text = damaged(text, other: other)
            case 1: replaceNumber(&text)
            case 2: moveMember(&text, from: other)
            case 3: moveMember(&text, from: text)
            case 4: nest(&text)
            default: replaceValue(&text)
            }
        }
        return text
    }

    private mutating func anyIndex(of byte: UInt8, in text: [UInt8]) -> Int? {
        // Half of the time near the beginning, where a tokenizer has all but its vocabulary.
        let reach = generator.below(2) == 0 ? text.count : min(text.count, 2500)
        let start = generator.below(reach)
        return text[start...].firstIndex(of: byte) ?? text[..<start].firstIndex(of: byte)
    }

    private func valueEnd(_ text: [UInt8], after colon: Int) -> Int {
        text[(colon + 1)...].firstIndex { [0x2C, 0x7D, 0x5D, 0x0A].contains($0) } ?? text.count
    }

    private mutating func replaceValue(_ text: inout [UInt8]) {
        guard let colon = anyIndex(of: 0x3A, in: text) else { return }
        let value = Self.odd[generator.below(Self.odd.count)]
        text.replaceSubrange(colon + 1..<valueEnd(text, after: colon), with: Array(value.utf8))
    }

    /// Another number in place of one, wherever it stands.
    private mutating func replaceNumber(_ text: inout [UInt8]) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let from = generator.below(text.count)
        guard let start = text[from...].firstIndex(where: { digits.contains($0) }) else { return }
        let end = text[start...].firstIndex { !digits.contains($0) } ?? text.count
        let number = Self.edges[generator.below(Self.edges.count)]
        text.replaceSubrange(start..<end, with: Array("\(number)".utf8))
    }

    /// A member of one text, with its name, before another member: also one that is there already.
    private mutating func moveMember(_ text: inout [UInt8], from other: [UInt8]) {
        guard !other.isEmpty, let colon = anyIndex(of: 0x3A, in: other) else { return }
        let end = valueEnd(other, after: colon)
        let quotes = other[..<colon].indices.reversed().lazy.filter { other[$0] == 0x22 }
        guard let start = quotes.dropFirst().first, colon - start < 200, end - start < 4000,
            let comma = anyIndex(of: 0x2C, in: text)
        else { return }
        text.insert(contentsOf: other[start..<end] + [0x2C], at: comma + 1)
    }

    /// A value within many brackets, or many values.
    private mutating func nest(_ text: inout [UInt8]) {
        guard let colon = anyIndex(of: 0x3A, in: text) else { return }
        let count = [3, 63, 64, 65, 2000][generator.below(5)]
        let value: String =
            switch generator.below(5) {
            case 0: String(repeating: "[", count: count) + String(repeating: "]", count: count)
            case 1: String(repeating: "{\"a\":", count: count)
            case 2: "[" + String(repeating: "0,", count: count) + "0]"
            case 3: "\"" + String(repeating: "é", count: count) + "\""
            default: String(repeating: "9", count: count)
            }
        text.replaceSubrange(colon + 1..<valueEnd(text, after: colon), with: Array(value.utf8))
    }
}
