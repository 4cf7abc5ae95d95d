import JSON

/// A place between two documents of a corpus.
struct CorpusPosition: Hashable, Sendable {
    var file = 0
    /// In bytes from the file's start.
    var offset = 0
    /// How many documents come before.
    var document = 0
}

/// Takes a corpus's documents one after the other; holds one at a time.
package struct CorpusReader {
    /// A document's text, or nil where it is longer than ``byteLimit``.
    package struct Document: Sendable {
        let number: Int
        package let text: String?
        let byteCount: Int
    }

    /// The longest document that is read, in bytes: a bound on memory.
    static let byteLimit = 512 << 10

    let corpus: Corpus
    var position: CorpusPosition

    package init(_ corpus: Corpus) { self.init(corpus, from: CorpusPosition()) }

    init(_ corpus: Corpus, from position: CorpusPosition) {
        self.corpus = corpus
        self.position = position
    }

    /// The next document, or nil at the end.
    ///
    /// - Throws: ``ExemplarError/badDocument(path:offset:reason:)``.
    package mutating func next() throws(ExemplarError) -> Document? {
        while position.file < corpus.files.count {
            let bytes = corpus.files[position.file].bytes
            let path = corpus.paths[position.file]
            let isJSONL = Corpus.isJSONL(path)
            let found =
                isJSONL ? nextLine(bytes) : nextParagraph(bytes)
            guard let range = found else {
                position.file += 1
                position.offset = 0
                continue
            }
            position.offset = range.upperBound
            position.document += 1
            let number = position.document - 1
            let part = UnsafeRawBufferPointer(rebasing: bytes[range])
            let text: String?
            if part.count > Self.byteLimit {
                text = nil
            } else if isJSONL {
                text = try self.text(ofLine: part, path, range.lowerBound)
            } else {
                guard let valid = String(validating: part, as: UTF8.self) else {
                    throw .badDocument(
                        path: path, offset: range.lowerBound, reason: "it is not UTF-8")
                }
                text = valid
            }
            return Document(number: number, text: text, byteCount: part.count)
        }
        return nil
    }

    private func text(
        ofLine line: UnsafeRawBufferPointer, _ path: String, _ offset: Int
    ) throws(ExemplarError) -> String {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line)
        } catch {
            throw .badDocument(path: path, offset: offset, reason: "the line is not JSON: \(error)")
        }
        guard let text = value[corpus.field]?.string else {
            throw .badDocument(
                path: path, offset: offset,
                reason: "the line has no text in a field \"\(corpus.field)\"")
        }
        return text
    }

    /// The next line with something on it.
    private func nextLine(_ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        var start = position.offset
        while start < bytes.count {
            let end = Self.lineEnd(bytes, start)
            if !Self.isBlank(bytes, start..<end) { return start..<end }
            start = end + 1
        }
        return nil
    }

    /// The next run of lines with something on them, without its last line's end.
    private func nextParagraph(_ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        guard let first = nextLine(bytes) else { return nil }
        var end = first.upperBound
        while end < bytes.count {
            let next = Self.lineEnd(bytes, end + 1)
            if Self.isBlank(bytes, min(end + 1, bytes.count)..<next) { break }
            end = next
        }
        return first.lowerBound..<end
    }

    private static func lineEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var end = min(start, bytes.count)
        while end < bytes.count, bytes[end] != 0x0A { end += 1 }
        return end
    }

    private static func isBlank(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        range.allSatisfy { bytes[$0] == 0x20 || bytes[$0] == 0x09 || bytes[$0] == 0x0D }
    }
}
