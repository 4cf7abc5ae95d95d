/// A stretch of the text as it is being normalised, and where each of its bytes came from.
///
/// - Source: `NormalizedString` of tokenizers 0.23, with places counted in the whole text rather
///   than in the slice.
struct Passage: Sendable {
    /// Bytes of the original text that a byte of this one stands for.
    struct Span: Hashable, Sendable {
        var start: Int32
        var end: Int32
    }

    private(set) var bytes: [UInt8]
    /// One for each byte, or none while the text is as it was.
    private(set) var spans: [Span] = []
    /// Where the passage begins in the original text.
    let origin: Int
    /// The bytes that it may come to have, so that a file cannot make a short text fill the memory;
    /// no normal form makes more than 11 bytes of one.
    let limit: Int

    init(_ bytes: [UInt8], origin: Int) {
        self.bytes = bytes
        self.origin = origin
        limit = bytes.count * 16 + 65536
    }

    /// A part of `other` as a passage of its own.
    init(_ other: Passage, _ range: Range<Int>, origin: Int) {
        self.init(Array(other.bytes[range]), origin: origin)
        if !other.isUntouched || other.origin + range.lowerBound != origin {
            spans = range.map(other.span)
        }
    }

    private var isUntouched: Bool { spans.isEmpty }

    func span(_ at: Int) -> Span {
        guard isUntouched else { return spans[at] }
        return bytes.withUnsafeBufferPointer { bytes in
            let start = UTF8Text.start(bytes, before: at + 1)
            let length = UTF8Text.scalar(bytes, start).1
            return Span(start: Int32(origin + start), end: Int32(origin + start + length))
        }
    }

    /// The places of all bytes.
    var allSpans: [Span] {
        guard isUntouched else { return spans }
        return bytes.withUnsafeBufferPointer { bytes in
            var spans: [Span] = []
            spans.reserveCapacity(bytes.count)
            var at = 0
            while at < bytes.count {
                let end = at + UTF8Text.scalar(bytes, at).1
                let span = Span(start: Int32(origin + at), end: Int32(origin + end))
                for _ in at..<end { spans.append(span) }
                at = end
            }
            return spans
        }
    }

    /// The original bytes that a range of this text, not empty, stands for.
    func original(_ range: Range<Int>) -> (start: Int, end: Int) {
        (Int(span(range.lowerBound).start), Int(span(range.upperBound - 1).end))
    }

    /// Takes over what was written.
    mutating func replaceContent(_ bytes: [UInt8], _ spans: [Span]) {
        self.bytes = bytes
        self.spans = spans
    }

    var scalars: [UInt32] {
        bytes.withUnsafeBufferPointer { bytes in
            var scalars: [UInt32] = []
            scalars.reserveCapacity(bytes.count)
            var at = 0
            while at < bytes.count {
                let (scalar, length) = UTF8Text.scalar(bytes, at)
                scalars.append(scalar)
                at += length
            }
            return scalars
        }
    }
}
