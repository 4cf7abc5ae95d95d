/// A text taken apart into scalars: for each its symbol, its folded form and where it begins.
///
/// The buffers are reused from text to text.
struct TextScalars {
    private(set) var symbols: [UInt8] = []
    /// Small letters and plain quotes; for words and literals.
    private(set) var folded: [UInt32] = []
    /// Where each scalar begins, in UTF-8 bytes, and the text's length at the end.
    private(set) var offsets: [Int] = []

    var count: Int { symbols.count }

    init() {}

    init(_ text: String) {
        read(text)
    }

    /// - Complexity: O(n).
    mutating func read(_ text: String) {
        symbols.removeAll(keepingCapacity: true)
        folded.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        var text = text
        text.withUTF8 { bytes in
            symbols.reserveCapacity(bytes.count)
            folded.reserveCapacity(bytes.count)
            offsets.reserveCapacity(bytes.count + 1)
            var i = 0
            while i < bytes.count {
                offsets.append(i)
                let byte = bytes[i]
                if byte < 0x80 {
                    symbols.append(byte)
                    let isCapital = byte &- UInt8(ascii: "A") < 26
                    folded.append(UInt32(isCapital ? byte | 0x20 : byte))
                    i += 1
                } else {
                    let (scalar, length) = Self.decode(bytes, at: i)
                    let (symbol, plain) = Symbol.fold(scalar)
                    symbols.append(symbol)
                    folded.append(plain)
                    i += length
                }
            }
            offsets.append(bytes.count)
        }
    }

    /// The scalar of two to four bytes that begins at `i`; a `String` holds valid UTF-8 only.
    private static func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, at i: Int
    ) -> (scalar: Unicode.Scalar, length: Int) {
        let lead = UInt32(bytes[i])
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = lead & (0x7F >> UInt32(length))
        for k in 1..<length { value = value << 6 | UInt32(bytes[i + k] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }
}
