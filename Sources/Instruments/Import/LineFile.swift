import CZlib
import Foundation

/// Reads a text file line by line, packed with gzip or not, and holds no more than a line of it.
struct LineFile {
    let path: String
    /// The most bytes of one line.
    var lineLimit = 16 << 20
    /// The most bytes of the whole, unpacked.
    var sizeLimit = 4 << 30

    private static let chunk = 1 << 16

    /// Calls `body` with each line that is not empty, and its number from 1.
    func forEachLine(
        _ body: (_ line: [UInt8], _ number: Int) throws(InstrumentError) -> Void
    ) throws(InstrumentError) {
        guard let file = fopen(path, "rb") else {
            throw bad("", "cannot be opened (\(String(cString: strerror(errno))))")
        }
        defer { fclose(file) }
        var splitter = LineSplitter(file: self)
        var inflater: Inflater?
        var bytes = [UInt8](repeating: 0, count: Self.chunk)
        var isFirst = true
        while true {
            let count = fread(&bytes, 1, bytes.count, file)
            guard count > 0 else { break }
            if isFirst, count > 1, bytes[0] == 0x1F, bytes[1] == 0x8B {
                inflater = try Inflater(self)
            }
            isFirst = false
            if let inflater {
                try inflater.unpack(bytes[..<count]) { part throws(InstrumentError) in
                    try splitter.take(part, body)
                }
            } else {
                try splitter.take(bytes[..<count], body)
            }
        }
        guard ferror(file) == 0 else { throw bad("", "cannot be read to its end") }
        try inflater?.finish()
        try splitter.finish(body)
    }

    func bad(_ place: String, _ reason: String) -> InstrumentError {
        .badFile(path: path, place: place, reason: reason)
    }
}

/// Cuts bytes into lines.
private struct LineSplitter {
    let file: LineFile
    var line: [UInt8] = []
    var number = 1
    var total = 0

    init(file: LineFile) { self.file = file }

    mutating func take(
        _ bytes: ArraySlice<UInt8>, _ body: ([UInt8], Int) throws(InstrumentError) -> Void
    ) throws(InstrumentError) {
        total += bytes.count
        guard total <= file.sizeLimit else {
            throw file.bad("", "has more than \(file.sizeLimit) bytes unpacked")
        }
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0A) {
            try append(rest[..<end])
            try finish(body)
            number += 1
            rest = rest[(end + 1)...]
        }
        try append(rest)
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(InstrumentError) {
        guard line.count + bytes.count <= file.lineLimit else {
            throw file.bad("line \(number)", "has more than \(file.lineLimit) bytes")
        }
        line += bytes
    }

    /// Hands out the line so far.
    mutating func finish(
        _ body: ([UInt8], Int) throws(InstrumentError) -> Void
    ) throws(InstrumentError) {
        if line.last == 0x0D { line.removeLast() }
        if !line.isEmpty { try body(line, number) }
        line.removeAll(keepingCapacity: true)
    }
}

/// Unpacks gzip as it comes, of several members too. Owns zlib's state, which must not move.
private final class Inflater {
    private let file: LineFile
    private let stream: UnsafeMutablePointer<z_stream>
    private var output = [UInt8](repeating: 0, count: 1 << 16)
    private var isBetweenMembers = false

    init(_ file: LineFile) throws(InstrumentError) {
        self.file = file
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 more than the window's 15 bits: gzip's frame, and no other.
        let status = inflateInit2_(
            stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw file.bad("", "zlib cannot start (\(status))") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func unpack(
        _ bytes: ArraySlice<UInt8>,
        _ body: (ArraySlice<UInt8>) throws(InstrumentError) -> Void
    ) throws(InstrumentError) {
        var input = Array(bytes)
        var used = 0
        while used < input.count {
            if isBetweenMembers {
                inflateReset(stream)
                isBetweenMembers = false
            }
            var isFull = true
            while isFull {
                let (taken, given, status) = step(&input, from: used)
                used += taken
                guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                    throw file.bad("", "is not sound gzip (zlib \(status))")
                }
                try body(output[..<given])
                isBetweenMembers = status == Z_STREAM_END
                isFull = given == output.count && !isBetweenMembers
                if taken == 0, given == 0, !isBetweenMembers, used < input.count {
                    throw file.bad("", "is not sound gzip")
                }
            }
        }
    }

    private func step(
        _ input: inout [UInt8], from start: Int
    ) -> (taken: Int, given: Int, status: Int32) {
        let available = input.count - start
        let size = output.count
        return input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress.map { $0 + start }
                stream.pointee.avail_in = UInt32(available)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(size)
                let status = inflate(stream, Z_NO_FLUSH)
                return (
                    available - Int(stream.pointee.avail_in), size - Int(stream.pointee.avail_out),
                    status
                )
            }
        }
    }

    func finish() throws(InstrumentError) {
        guard isBetweenMembers else { throw file.bad("", "ends within its gzip stream") }
    }
}
