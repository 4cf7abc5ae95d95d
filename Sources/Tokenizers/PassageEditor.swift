/// Writes a passage anew, scalar by scalar, and keeps for each the place it came from.
///
/// Writing ends soon behind the passage's limit, which the normaliser then reports.
///
/// - Source: `NormalizedString::transform_range` of tokenizers 0.23.
struct PassageEditor {
    private let old: Passage
    private let oldSpans: [Passage.Span]
    private(set) var offset = 0
    private var bytes: [UInt8] = []
    private var spans: [Passage.Span] = []

    /// - Parameter skipping: how many scalars at the start are dropped.
    init(_ passage: Passage, skipping: Int = 0) {
        old = passage
        oldSpans = passage.allSpans
        bytes.reserveCapacity(passage.bytes.count)
        spans.reserveCapacity(passage.bytes.count)
        for _ in 0..<skipping { skip() }
    }

    private mutating func skip() {
        guard offset < old.bytes.count else { return }
        offset += old.bytes.withUnsafeBufferPointer { UTF8Text.scalar($0, offset).1 }
    }

    /// Writes a scalar.
    ///
    /// - Parameter change: 1 when the scalar is new and shares the place of the one before it; else
    ///   it takes the place of the next old scalar, and −`change` more are dropped.
    mutating func emit(_ scalar: UInt32, _ change: Int) {
        let span: Passage.Span
        if change > 0 {
            span = placeBefore
        } else {
            span = offset < oldSpans.count ? oldSpans[offset] : placeBefore
            skip()
            for _ in change..<0 { skip() }
        }
        write(scalar, span)
    }

    private var placeBefore: Passage.Span {
        guard offset > 0, offset <= oldSpans.count else {
            return Passage.Span(start: Int32(old.origin), end: Int32(old.origin))
        }
        return oldSpans[offset - 1]
    }

    private mutating func write(_ scalar: UInt32, _ span: Passage.Span) {
        let start = bytes.count
        guard start <= old.limit else { return }
        UTF8Text.append(scalar, to: &bytes)
        for _ in start..<bytes.count { spans.append(span) }
    }

    /// Copies old bytes up to `end`.
    mutating func copy(upTo end: Int) {
        bytes += old.bytes[offset..<end]
        spans += oldSpans[offset..<end]
        offset = end
    }

    /// Drops old bytes up to `end` and writes `text` in the place of the last of them.
    mutating func replace(upTo end: Int, with text: [UInt8]) {
        offset = end
        guard bytes.count <= old.limit else { return }
        bytes += text
        let span = placeBefore
        for _ in text { spans.append(span) }
    }

    func finish(_ passage: inout Passage) { passage.replaceContent(bytes, spans) }
}

extension Passage {
    /// Keeps the scalars that satisfy `keeps`.
    mutating func filter(_ keeps: (UInt32) -> Bool) {
        edit { scalar, editor in
            if keeps(scalar) { editor.emit(scalar, 0) } else { editor.drop() }
        }
    }

    /// Writes something for each scalar in turn.
    mutating func edit(_ body: (UInt32, inout PassageEditor) -> Void) {
        var editor = PassageEditor(self)
        for scalar in scalars { body(scalar, &editor) }
        editor.finish(&self)
    }

    /// Puts `text` in front, in the place of the first scalar.
    mutating func prepend(_ text: [UInt8]) {
        guard let first = bytes.first else { return }
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        let place =
            text.isEmpty ? Span(start: Int32(origin), end: Int32(origin)) : span(0)
        var spans = allSpans
        for at in 0..<min(length, spans.count) { spans[at] = place }
        replaceContent(text + bytes, Array(repeating: place, count: text.count) + spans)
    }
}

extension PassageEditor {
    /// Drops the next old scalar.
    mutating func drop() { skip() }
}
