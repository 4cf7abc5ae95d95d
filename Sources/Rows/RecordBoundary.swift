import Foundation

/// Finds where a record ends, over any cutting of its bytes into pieces.
struct RecordBoundary {
    /// A part of a record within a chunk.
    struct Piece {
        /// One past its last byte, the line break that ends the record included.
        let end: Int
        let endsRecord: Bool
        let lineBreakCount: Int
    }

    /// Where in a CSV record the next byte stands.
    private enum State {
        case fieldStart
        case unquoted
        case quoted
        /// After a quotation mark inside quotes: the end of the field, or the first of a pair.
        case quotedMark
    }

    private let format: RowFormat
    private var state = State.fieldStart

    init(format: RowFormat) { self.format = format }

    /// Begins a new record.
    mutating func reset() { state = .fieldStart }

    /// The part of the current record that lies at the start of `range`.
    mutating func piece(of chunk: [UInt8], in range: Range<Int>) -> Piece {
        chunk.withUnsafeBytes { bytes in
            let bytes = UnsafeRawBufferPointer(rebasing: bytes[range])
            let part = format == .csv ? csvPiece(bytes) : linePiece(bytes)
            return Piece(
                end: range.lowerBound + part.end, endsRecord: part.endsRecord,
                lineBreakCount: part.lineBreakCount)
        }
    }

    private func linePiece(_ bytes: UnsafeRawBufferPointer) -> Piece {
        guard let start = bytes.baseAddress, let found = memchr(start, 0x0A, bytes.count) else {
            return Piece(end: bytes.count, endsRecord: false, lineBreakCount: 0)
        }
        return Piece(
            end: UnsafeRawPointer(found) - start + 1, endsRecord: true, lineBreakCount: 1)
    }

    private mutating func csvPiece(_ bytes: UnsafeRawBufferPointer) -> Piece {
        var lineBreakCount = 0
        for at in bytes.indices {
            let byte = bytes[at]
            if byte == 0x0A { lineBreakCount += 1 }
            switch (state, byte) {
            case (.quoted, UInt8(ascii: "\"")): state = .quotedMark
            case (.quoted, _): break
            case (_, 0x0A):
                return Piece(end: at + 1, endsRecord: true, lineBreakCount: lineBreakCount)
            case (.fieldStart, UInt8(ascii: "\"")), (.quotedMark, UInt8(ascii: "\"")):
                state = .quoted
            case (_, UInt8(ascii: ",")): state = .fieldStart
            case (_, _): state = .unquoted
            }
        }
        return Piece(end: bytes.count, endsRecord: false, lineBreakCount: lineBreakCount)
    }
}
