import Digests
import Instruments
import LinearAlgebra
import Rows

/// An encoder whose vectors of the texts propose features and are a baseline.
public struct TextEmbedding: Sendable {
    /// What a manifest says of it.
    public struct Reference: Codable, Hashable, Sendable {
        public let path: String
        public let name: String
        public let width: Int
        public let identity: Digest
    }

    public let reference: Reference
    private let encoder: SentenceEncoder

    /// - Parameter path: the folder of a BERT or MiniLM model with its tokenizer.
    /// - Throws: `InstrumentError`.
    public init(path: String, threads: Int) throws {
        encoder = try SentenceEncoder(folder: path, threads: threads)
        reference = Reference(
            path: path, name: encoder.name, width: encoder.width, identity: encoder.identity)
    }

    /// One row a text, [texts × width].
    func vectors(of texts: [String]) async throws -> Matrix {
        try await encoder.vectors(of: texts)
    }

    /// One row a row; of a pair, the first text's vector less the other's.
    func vectors(of rows: RowSet) async throws -> Matrix {
        let first = try await vectors(of: rows.texts)
        guard let texts = rows.otherTexts else { return first }
        let others = try await vectors(of: texts)
        return Matrix(
            rows: first.rows, columns: first.columns,
            storage: zip(first.storage, others.storage).map { $0 - $1 })
    }
}
