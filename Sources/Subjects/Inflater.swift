import CZlib

/// Takes apart what deflate has packed, by zlib.
enum Inflater {
    /// The first bytes that a raw stream holds.
    ///
    /// - Parameter count: how many, at most what is there; no more than that is allocated.
    /// - Returns: nil if the stream is damaged or holds fewer.
    static func prefix(_ count: Int, of packed: UnsafeRawBufferPointer) -> [UInt8]? {
        run(packed, count: count).flatMap { $0.bytes.count == count ? $0.bytes : nil }
    }

    /// All bytes that a raw stream holds.
    ///
    /// - Returns: nil if the stream is damaged, ends before its own bytes do, holds another count
    ///   of bytes, or they have another checksum (CRC-32).
    static func all(
        of packed: UnsafeRawBufferPointer, count: Int, checksum: UInt32
    ) -> [UInt8]? {
        // One byte more, so that a stream that holds more is found out.
        guard let result = run(packed, count: count + 1), result.isWhole,
            result.bytes.count == count,
            result.bytes.withUnsafeBufferPointer({ buffer in
                buffer.baseAddress.map { UInt32(crc32_z(0, $0, buffer.count)) } ?? 0
            }) == checksum
        else { return nil }
        return result.bytes
    }

    /// - Returns: up to `count` bytes, and whether the stream ended with the last packed byte.
    private static func run(
        _ packed: UnsafeRawBufferPointer, count: Int
    ) -> (bytes: [UInt8], isWhole: Bool)? {
        var stream = z_stream()
        guard czlib_inflate_raw(&stream) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var code = Z_OK
        var left = packed[...]
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            used = 0
            // zlib counts in 32 bits, so that more comes in several steps.
            while code == Z_OK {
                let piece = left.prefix(1 << 30)
                let space = min(count - used, 1 << 30)
                stream.next_in = UnsafeMutablePointer(
                    mutating: UnsafeRawBufferPointer(rebasing: piece).assumingMemoryBound(
                        to: UInt8.self
                    ).baseAddress)
                stream.avail_in = UInt32(piece.count)
                stream.next_out = buffer.baseAddress.map { $0 + used }
                stream.avail_out = UInt32(space)
                code = inflate(&stream, Z_NO_FLUSH)
                left = left.dropFirst(piece.count - Int(stream.avail_in))
                used += space - Int(stream.avail_out)
                if used == count { break }
            }
        }
        guard code == Z_STREAM_END || (code == Z_OK && bytes.count == count) else { return nil }
        return (bytes, code == Z_STREAM_END && left.isEmpty)
    }
}
