import Digests
import Instruments

/// A run of a document's tokens that the subject reads at once: a context in full.
struct ContextChunk: Sendable {
    /// A token's piece of the text, in bytes of ``text``.
    struct Piece: Sendable, Hashable {
        let id: UInt32
        let start: UInt32
        let end: UInt32
    }

    let document: Int
    let documentHash: Digest
    /// How many of the document's tokens come before.
    let firstToken: Int
    /// Where the text begins in the document, in bytes.
    let firstByte: Int
    let pieces: [Piece]
    /// The piece of the document that the tokens cover, as UTF-8.
    let text: [UInt8]
    /// Equal for equal tokens; chunks that say the same are kept once.
    let contentKey: UInt64
    /// What the model reads: the first token, if there is one, and the chunk's.
    let sequence: [Int]
    /// How many tokens of the sequence are not of the text.
    let specialCount: Int

    /// Cuts a document into chunks.
    ///
    /// - Returns: none if the text has no tokens.
    static func split(
        _ text: String, document: Int, by subject: TextSubject, length: Int
    ) throws(InstrumentError) -> [ContextChunk] {
        let (ids, tokens) = try subject.tokens(of: text)
        let special = tokens.prefix(while: \.isSpecial).count
        let bytes = Array(text.utf8)
        let hash = SHA256.digest(of: bytes)
        let covering = Self.covering(tokens)
        return stride(from: special, to: ids.count, by: length).map { first in
            let range = first..<min(first + length, ids.count)
            let spans = covering[range]
            let from = spans.map(\.lowerBound).min() ?? 0
            let to = max(from, spans.map(\.upperBound).max() ?? 0)
            let pieces = zip(ids[range], spans).map { id, span in
                Piece(
                    id: UInt32(id), start: UInt32(span.lowerBound - from),
                    end: UInt32(span.upperBound - from))
            }
            return ContextChunk(
                document: document, documentHash: hash, firstToken: first - special,
                firstByte: from, pieces: pieces, text: Array(bytes[from..<to]),
                contentKey: key(ids[range]), sequence: Array(ids[..<special] + ids[range]),
                specialCount: special)
        }
    }

    /// The text from each token's predecessor to its own end: white space that a tokenizer leaves out
    /// goes to the token after it, a character that several tokens share to the first of them.
    private static func covering(_ tokens: [TextReading.Token]) -> [Range<Int>] {
        var end = 0
        return tokens.map { token in
            let start = end
            end = max(end, token.bytes?.upperBound ?? 0)
            return start..<end
        }
    }

    private static func key(_ ids: ArraySlice<Int>) -> UInt64 {
        var hash = SHA256()
        ids.map { UInt32($0) }.withUnsafeBytes { hash.update($0) }
        return hash.finalize().prefix64
    }
}
