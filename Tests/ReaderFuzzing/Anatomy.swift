/// A file taken into parts that can be damaged on their own and put together again, so that damage
/// gets past the checks of the outermost layer.
public enum Anatomy: Sendable {
    case binary([UInt8])
    case json([UInt8])
    /// A header of JSON and the tensors' bytes.
    case safetensors(header: [UInt8], data: [UInt8])
    /// The entries of a zip file.
    case zip([ZipFile.Entry])

    /// By the bytes themselves.
    public init(of bytes: [UInt8], isText: Bool) {
        if isText {
            self = .json(bytes)
        } else if let entries = ZipFile.entries(of: bytes) {
            self = .zip(entries)
        } else if bytes.count > 9, bytes[8] == UInt8(ascii: "{"),
            let length = Int(exactly: ZipFile.number(bytes, 0, 8)), length <= bytes.count - 8
        {
            self = .safetensors(
                header: Array(bytes[8..<8 + length]), data: Array(bytes[(8 + length)...]))
        } else {
            self = .binary(bytes)
        }
    }

    /// The file.
    public var bytes: [UInt8] {
        switch self {
        case .binary(let bytes), .json(let bytes): bytes
        case .safetensors(let header, let data):
            withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
        case .zip(let entries): ZipFile.bytes(entries)
        }
    }

    /// A damaged file.
    public func damaged(by mutator: inout Mutator, other: Anatomy) -> [UInt8] {
        let isWhole = mutator.generator.below(3) == 0
        switch self {
        case .json(let text): return mutator.damagedText(text, other: other.bytes)
        case .safetensors(let header, let data) where !isWhole:
            var foreign: [UInt8] = []
            if case .safetensors(let text, _) = other { foreign = text }
            return Anatomy.safetensors(
                header: mutator.damagedText(header, other: foreign), data: data
            ).bytes
        case .zip(var entries) where !isWhole && !entries.isEmpty:
            // Half of the time the first entry, torch's pickle.
            let n = mutator.generator.below(2) == 0 ? 0 : mutator.generator.below(entries.count)
            var foreign = entries[n].bytes
            if case .zip(let others) = other, let first = others.first { foreign = first.bytes }
            if mutator.generator.below(8) == 0 {
                entries[n].name = entries[mutator.generator.below(entries.count)].name
            } else {
                entries[n].bytes = mutator.damaged(entries[n].bytes, other: foreign)
            }
            return ZipFile.bytes(entries)
        default: return mutator.damaged(bytes, other: other.bytes)
        }
    }
}

/// Zip files of stored entries, read as plainly as can be; ``ZipBytes`` writes them.
public enum ZipFile {
    public struct Entry: Sendable {
        public var name: String
        public var bytes: [UInt8]

        public init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> UInt64 {
        (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
    }

    /// The entries of a whole zip file whose entries are stored, or nil for anything else.
    static func entries(of bytes: [UInt8]) -> [Entry]? {
        let end = bytes.count - 22
        guard end >= 0, number(bytes, 0, 4) == 0x0403_4B50, number(bytes, end, 4) == 0x0605_4B50
        else { return nil }
        var place = Int(number(bytes, end + 16, 4))
        var entries: [Entry] = []
        while place + 46 <= end, number(bytes, place, 4) == 0x0201_4B50 {
            guard number(bytes, place + 10, 2) == 0 else { return nil }
            let (size, length) = (
                Int(number(bytes, place + 24, 4)), Int(number(bytes, place + 28, 2))
            )
            let local = Int(number(bytes, place + 42, 4))
            let start =
                local + 30 + Int(number(bytes, local + 26, 2) + number(bytes, local + 28, 2))
            let name = String(decoding: bytes[place + 46..<place + 46 + length], as: UTF8.self)
            entries.append(Entry(name: name, bytes: Array(bytes[start..<start + size])))
            place += 46 + length + Int(number(bytes, place + 30, 2) + number(bytes, place + 32, 2))
        }
        return entries
    }

    static func bytes(_ entries: [Entry]) -> [UInt8] {
        ZipBytes(entries: entries.map { ($0.name, $0.bytes) }).bytes
    }
}
