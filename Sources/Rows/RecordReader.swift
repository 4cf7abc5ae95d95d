/// Cuts a stream of bytes into records and never holds more than one of them.
final class RecordReader {
    struct Record {
        enum Content {
            case bytes([UInt8])
            case tooLong(byteCount: Int)
        }

        /// From 1; blank lines are no records.
        let number: Int
        /// The line, from 1, on which it starts.
        let line: Int
        let content: Content
    }

    let byteLimit: Int
    private(set) var peakByteCount = 0
    private let source: any ByteSource
    private var boundary: RecordBoundary
    private var chunk = [UInt8](repeating: 0, count: 256 << 10)
    private var unread = 0..<0
    private var isAtStart = true
    private var number = 0
    private var line = 1

    init(source: any ByteSource, format: RowFormat, byteLimit: Int) {
        self.source = source
        self.byteLimit = byteLimit
        boundary = RecordBoundary(format: format)
    }

    /// The next record that is not blank, or nil at the end.
    func next() throws(RowError) -> Record? {
        while true {
            let start = line
            guard let content = try nextContent() else { return nil }
            if case .bytes(let bytes) = content, bytes.allSatisfy(Self.isBlank) { continue }
            number += 1
            return Record(number: number, line: start, content: content)
        }
    }

    /// The bytes up to the end of a record, without its line break; nil when none are left.
    private func nextContent() throws(RowError) -> Record.Content? {
        boundary.reset()
        var held: [UInt8] = []
        var byteCount = 0
        var isWhole = false
        while !isWhole {
            if unread.isEmpty { unread = 0..<(try fill()) }
            if unread.isEmpty { break }
            let piece = boundary.piece(of: chunk, in: unread)
            line += piece.lineBreakCount
            isWhole = piece.endsRecord
            let bytes = unread.lowerBound..<(piece.end - (isWhole ? 1 : 0))
            unread = piece.end..<unread.upperBound
            byteCount += bytes.count
            if byteCount <= byteLimit {
                held.append(contentsOf: chunk[bytes])
                peakByteCount = max(peakByteCount, held.capacity + chunk.count)
            } else {
                held = []
            }
        }
        if byteCount == 0 && !isWhole { return nil }
        if byteCount > byteLimit { return .tooLong(byteCount: byteCount) }
        if held.last == UInt8(ascii: "\r") { held.removeLast() }
        return .bytes(held)
    }

    /// Reads a chunk; a byte order mark at the start of the stream is no content.
    private func fill() throws(RowError) -> Int {
        var count = 0
        repeat {
            let more = try readChunk(from: count)
            if more == 0 { break }
            count += more
        } while isAtStart && count <= Self.byteOrderMark.count
        guard isAtStart, count > 0 else { return count }
        isAtStart = false
        if chunk[..<count].starts(with: Self.byteOrderMark) {
            chunk.removeFirst(Self.byteOrderMark.count)
            return count - Self.byteOrderMark.count
        }
        return count
    }

    private func readChunk(from start: Int) throws(RowError) -> Int {
        let source = source
        let result = chunk.withUnsafeMutableBytes { bytes in
            Result { () throws(RowError) -> Int in
                try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
            }
        }
        return try result.get()
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
