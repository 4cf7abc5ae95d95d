// Digests: content addresses for everything that is stored, split or seeded.
//
// Read `SHA256` (bytes to a digest), `Digest` (the address itself) and `CanonicalJSON` (values to
// bytes, the same bytes every time). This module knows no science and no file formats.

/// An incremental SHA-256 hasher.
///
/// Feeding a message in pieces gives the digest of the whole, wherever it is cut.
///
/// - Complexity: one compression per 64 bytes; memory does not grow with the message.
/// - Source: NIST FIPS 180-4, sections 5.1.1 (padding), 5.3.3 and 6.2.2.
public struct SHA256: Sendable {
    private var state = Self.initialState
    /// The bytes after the last whole block, always fewer than 64 between calls.
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0

    /// A hasher that has read nothing.
    public init() {}

    /// Reads the bytes of a memory region.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount &+= UInt64(bytes.count)
        var rest = bytes[...]
        if !pending.isEmpty {
            let head = rest.prefix(Self.blockSize - pending.count)
            pending.append(contentsOf: head)
            rest = rest.dropFirst(head.count)
            guard pending.count == Self.blockSize else { return }
            pending.withUnsafeBytes { Self.compress($0, into: &state) }
            pending.removeAll(keepingCapacity: true)
        }
        let whole = rest.prefix(rest.count / Self.blockSize * Self.blockSize)
        Self.compress(UnsafeRawBufferPointer(rebasing: whole), into: &state)
        pending.append(contentsOf: rest.dropFirst(whole.count))
    }

    /// Reads a sequence of bytes; contiguous storage is read in place.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable {
            update(UnsafeRawBufferPointer($0))
        }
        if done != nil { return }
        var chunk: [UInt8] = []
        chunk.reserveCapacity(Self.chunkSize)
        for byte in bytes {
            chunk.append(byte)
            guard chunk.count == Self.chunkSize else { continue }
            chunk.withUnsafeBytes { update($0) }
            chunk.removeAll(keepingCapacity: true)
        }
        chunk.withUnsafeBytes { update($0) }
    }

    /// Reads the UTF-8 bytes of a text; it is not normalised.
    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The digest of everything read so far. The hasher is as new afterwards.
    public mutating func finalize() -> Digest {
        let bitCount = byteCount &* 8
        let zeroCount = (119 - pending.count) % Self.blockSize
        var tail: [UInt8] = [0x80]
        tail.append(contentsOf: repeatElement(0, count: zeroCount))
        for shift in stride(from: 56, through: 0, by: -8) {
            tail.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift)))
        }
        tail.withUnsafeBytes { update($0) }
        let words = (0..<4).map { UInt64(state[2 * $0]) << 32 | UInt64(state[2 * $0 + 1]) }
        self = SHA256()
        return Digest(words: SIMD4(words))
    }

    /// The digest of a text's UTF-8 bytes.
    public static func digest(of text: String) -> Digest {
        var hasher = SHA256()
        hasher.update(text)
        return hasher.finalize()
    }

    /// The digest of a sequence of bytes.
    public static func digest(of bytes: some Sequence<UInt8>) -> Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finalize()
    }

    static let blockSize = 64
    private static let chunkSize = 4096
    private static let initialState = SIMD8<UInt32>(
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
}
