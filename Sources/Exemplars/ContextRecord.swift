import Digests

/// A context in full as it lies in a file.
///
/// Document's digest (32 bytes), document u64, first token u32 (tokens of the document before it),
/// token count u32, first byte u64 (of the document), text length u32, record length u32; then for all
/// tokens the ids, the starts and the ends of their pieces in the text (u32 each); then the text in
/// UTF-8, and zeros up to a multiple of 8.
enum ContextRecord {
    static let headSize = 64

    static func bytes(_ chunk: ContextChunk) -> [UInt8] {
        let size = headSize + 12 * chunk.pieces.count + chunk.text.count
        let padded = (size + 7) / 8 * 8
        var bytes = chunk.documentHash.bytes
        bytes.reserveCapacity(padded)
        bytes.append(number: UInt64(chunk.document))
        bytes.append(number: UInt32(chunk.firstToken))
        bytes.append(number: UInt32(chunk.pieces.count))
        bytes.append(number: UInt64(chunk.firstByte))
        bytes.append(number: UInt32(chunk.text.count))
        bytes.append(number: UInt32(padded))
        for piece in chunk.pieces { bytes.append(number: piece.id) }
        for piece in chunk.pieces { bytes.append(number: piece.start) }
        for piece in chunk.pieces { bytes.append(number: piece.end) }
        bytes += chunk.text
        bytes.append(contentsOf: repeatElement(0, count: padded - size))
        return bytes
    }

    /// How long the record at a place is.
    static func length(_ view: ByteView, at offset: Int) throws(ExemplarError) -> Int {
        let length = Int(try view.number(offset + 60, "a context's head", as: UInt32.self))
        guard length >= headSize else {
            throw .damaged(
                path: view.path, place: "a context's head", reason: "a record of \(length) bytes")
        }
        return length
    }

    /// The tokens of a window of a record.
    ///
    /// - Parameter view: the record's bytes.
    static func read(
        _ view: ByteView, _ window: Range<Int>, values: [Float], _ place: String
    ) throws(ExemplarError) -> ExemplarContext {
        func wrong(_ reason: String) -> ExemplarError {
            .damaged(path: view.path, place: place, reason: reason)
        }
        let hex = try view.part(0, 32, place).bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        guard let hash = Digest(hex: hex) else { throw wrong("no digest") }
        let document = try view.extent(32, place)
        let firstToken = Int(try view.number(40, place, as: UInt32.self))
        let count = Int(try view.number(44, place, as: UInt32.self))
        let textCount = Int(try view.number(56, place, as: UInt32.self))
        guard window.lowerBound >= 0, window.upperBound <= count else {
            throw wrong("a window \(window) of \(count) tokens")
        }
        let text = try view.part(headSize + 12 * count, textCount, place).bytes
        var tokens: [ExemplarContext.Token] = []
        tokens.reserveCapacity(window.count)
        for (place_, value) in zip(window, values) {
            let offset = headSize + 4 * place_
            let id: UInt32 = try view.number(offset, place)
            let start = Int(try view.number(offset + 4 * count, place, as: UInt32.self))
            let end = Int(try view.number(offset + 8 * count, place, as: UInt32.self))
            guard start <= end, end <= textCount else {
                throw wrong("a token's text from \(start) to \(end) of \(textCount) bytes")
            }
            let piece = UnsafeRawBufferPointer(rebasing: text[start..<end])
            tokens.append(
                .init(id: Int(id), text: spelling(piece), activation: value))
        }
        return ExemplarContext(
            document: document, documentHash: hash, firstToken: firstToken + window.lowerBound,
            tokens: tokens)
    }

    /// The text, or where the bytes are only part of a character each as `<E2>`.
    private static func spelling(_ bytes: UnsafeRawBufferPointer) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return bytes.map { "<" + String($0, radix: 16, uppercase: true) + ">" }.joined()
    }
}
