import Digests
import Foundation

/// Writes a file through a buffer.
package final class FileWriter {
    let path: String
    /// Where the next byte goes.
    private(set) var offset: Int
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var hash: SHA256?
    private static let bufferSize = 1 << 20

    /// Opens a file for writing after its first `offset` bytes, which it must have.
    ///
    /// - Parameter digests: whether a digest over what is written is kept.
    package init(path: String, from offset: Int = 0, digests: Bool = false) throws(ExemplarError) {
        self.path = path
        self.offset = offset
        hash = digests ? SHA256() : nil
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.error(path) }
        guard ftruncate(descriptor, off_t(offset)) == 0,
            lseek(descriptor, off_t(offset), SEEK_SET) >= 0
        else { throw Self.error(path) }
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit { close(descriptor) }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(ExemplarError) {
        offset += bytes.count
        if bytes.count < Self.bufferSize {
            buffer.append(contentsOf: bytes)
            if buffer.count >= Self.bufferSize { try flush() }
        } else {
            try flush()
            try put(bytes)
        }
    }

    package func write(_ bytes: [UInt8]) throws(ExemplarError) {
        try Self.pass(bytes) { bytes throws(ExemplarError) in try write(bytes) }
    }

    /// Zeros up to the next multiple of 8.
    func align() throws(ExemplarError) {
        try write([UInt8](repeating: 0, count: (8 - offset % 8) % 8))
    }

    /// Hands everything to the system.
    func flush() throws(ExemplarError) {
        try Self.pass(buffer) { bytes throws(ExemplarError) in try put(bytes) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Returns when the bytes are on the disk.
    package func synchronise() throws(ExemplarError) {
        try flush()
        guard fsync(descriptor) == 0 else { throw Self.error(path) }
    }

    /// The digest of everything written by this object, if it was asked for.
    func digest() throws(ExemplarError) -> Digest? {
        try flush()
        return hash?.finalize()
    }

    private static func pass(
        _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(ExemplarError) -> Void
    ) throws(ExemplarError) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(ExemplarError) in try body(bytes) }
        }
        try result.get()
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws(ExemplarError) {
        hash?.update(bytes)
        var rest = bytes
        while !rest.isEmpty {
            let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.error(path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    private static func error(_ path: String) -> ExemplarError {
        .unwritable(path: path, reason: String(cString: strerror(errno)))
    }

    /// Puts a finished file in another's place, in one step.
    package static func rename(_ path: String, to target: String) throws(ExemplarError) {
        guard Foundation.rename(path, target) == 0 else { throw error(target) }
    }

    /// Writes a whole file so that a reader finds the old bytes or the new.
    static func replace(_ path: String, with bytes: [UInt8]) throws(ExemplarError) {
        let writer = try FileWriter(path: path + ".new")
        try writer.write(bytes)
        try writer.synchronise()
        try rename(path + ".new", to: path)
    }
}

extension [UInt8] {
    /// Appends a number's bytes, the least significant first.
    mutating func append<Number: FixedWidthInteger>(number: Number) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    mutating func append(number: Float) { append(number: number.bitPattern) }
}
