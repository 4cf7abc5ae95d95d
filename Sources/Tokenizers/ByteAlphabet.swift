/// GPT-2's spelling of bytes as visible characters: "Ġ" for a space, "Ċ" for a line feed.
///
/// - Source: Radford et al. 2019, `encoder.py`; `bytes_char` of tokenizers 0.23.
public struct ByteAlphabet: Sendable {
    public static let standard = ByteAlphabet()

    /// The character of each byte.
    let scalars: [UInt32]
    /// The byte of each character from 0 to 0x143, or −1.
    private let bytes: [Int16]

    private init() {
        var scalars = [UInt32](repeating: 0, count: 256)
        var bytes = [Int16](repeating: -1, count: 0x144)
        var next: UInt32 = 0x100
        for byte in 0..<256 {
            let isVisible =
                (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
            scalars[byte] = isVisible ? UInt32(byte) : next
            if !isVisible { next += 1 }
            bytes[Int(scalars[byte])] = Int16(byte)
        }
        self.scalars = scalars
        self.bytes = bytes
    }

    /// The byte that a character stands for, or nil for one that is not of the alphabet.
    public func byte(of scalar: UInt32) -> UInt8? {
        guard scalar < 0x144, bytes[Int(scalar)] >= 0 else { return nil }
        return UInt8(bytes[Int(scalar)])
    }

    /// The bytes that a text spells, or nil if a character of it is not of the alphabet.
    func bytes(of text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            let (scalar, length) = UTF8Text.scalar(text, at)
            guard let byte = byte(of: scalar) else { return nil }
            result.append(byte)
            at += length
        }
        return result
    }

    /// Spells every byte of a passage.
    func spell(_ passage: inout Passage) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(passage.bytes.count * 2)
        var spans: [Passage.Span] = []
        spans.reserveCapacity(passage.bytes.count * 2)
        for (byte, span) in zip(passage.bytes, passage.allSpans) {
            let before = bytes.count
            UTF8Text.append(scalars[Int(byte)], to: &bytes)
            for _ in before..<bytes.count { spans.append(span) }
        }
        passage.replaceContent(bytes, spans)
    }
}
