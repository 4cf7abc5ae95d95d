import Digests
import Exemplars
import Foundation
import LinearAlgebra
import Memory
import Texts

/// The passages of a study with the documents that they come from.
public struct TextMaterial: Sendable {
    public let reference: TextCorpusReference
    /// The passages of each document, in order.
    let documents: [[String]]

    /// Units of a passage, unless somebody says otherwise.
    public static let passageLimit = 32
    /// Passages that a study reads, unless somebody says otherwise.
    public static let passageCount = 8_000

    /// Bytes of text that are read at most.
    static let byteLimit = 64 << 20

    /// Reads files as `Corpus` does, the first 64 MiB of them, and cuts their documents into passages.
    ///
    /// - Parameters:
    ///   - field: of a JSON line, that holds the text.
    ///   - count: passages at most; of more, whole documents are drawn with the seed.
    ///   - published: exemplars that somebody published; they are all taken.
    /// - Throws: `ExemplarError` for a file that cannot be read; ``ExplainError/corpusTooSmall(found:needed:)``.
    public init(
        files: [String], field: String, passageLimit: Int = Self.passageLimit,
        count: Int = Self.passageCount, published extra: [String] = [], seed: UInt64
    ) throws {
        var documents: [[String]] = []
        if !files.isEmpty {
            try Corpus(paths: files, field: field).forEachDocument(limit: Self.byteLimit) {
                document in
                let passages = TextPassages.cut(document, limit: passageLimit)
                if !passages.isEmpty { documents.append(passages) }
            }
        }
        documents = Self.drawn(documents, count: count, seed: seed)
        let published = extra.map { TextPassages.cut($0, limit: passageLimit) }
            .filter { !$0.isEmpty }
        documents += published
        let passages = documents.reduce(0) { $0 + $1.count }
        guard passages >= Self.leastPassages else {
            throw ExplainError.corpusTooSmall(found: passages, needed: Self.leastPassages)
        }
        self.documents = documents
        reference = TextCorpusReference(
            files: files, documents: documents.count, published: published.count,
            passages: passages, passageLimit: passageLimit, digest: try Self.digest(documents).hex)
    }

    /// Fewer than this cannot be dealt to four pools and tell anything.
    static let leastPassages = 80

    private static func drawn(
        _ documents: [[String]], count: Int, seed: UInt64
    ) -> [[String]] {
        guard documents.reduce(0, { $0 + $1.count }) > count else { return documents }
        var generator = SeededGenerator(seed: seed, stream: 0xD0C5)
        var chosen: [Int] = []
        var taken = 0
        for index in generator.sample(documents.count, of: documents.count) {
            guard taken + documents[index].count <= count else { continue }
            taken += documents[index].count
            chosen.append(index)
        }
        return chosen.sorted().map { documents[$0] }
    }

    private static func digest(_ documents: [[String]]) throws -> Digest {
        SHA256.digest(of: "passages/1 " + (try CanonicalJSON.encode(documents)))
    }

    var units: [[TextUnits]] { documents.map { $0.map(TextUnits.init) } }
}

extension TextMaterial {
    /// Keeps the passages in the memory, so that the run can be gone on with and checked without the
    /// files.
    public func keep(in store: Store, run: String) async throws {
        let key = try key()
        guard try await store.measurements(keys: [key])[key] == nil else { return }
        let body = Data(try CanonicalJSON.encode(documents).utf8)
        try await store.record([(key, body)], run: run)
    }

    /// The passages that a run began with.
    ///
    /// - Throws: ``ExplainError/notRecorded(count:)``, ``ExplainError/damagedMeasurement(path:)``.
    public init(_ reference: TextCorpusReference, from store: Store) async throws {
        guard let digest = Digest(hex: reference.digest) else {
            throw ExplainError.damagedMeasurement(path: store.path)
        }
        let key = Data(digest.bytes)
        guard let body = try await store.measurements(keys: [key])[key] else {
            throw ExplainError.notRecorded(count: reference.passages)
        }
        let text = String(decoding: body, as: UTF8.self)
        guard let documents = try? CanonicalJSON.decode([[String]].self, from: text),
            try Self.digest(documents) == digest
        else { throw ExplainError.damagedMeasurement(path: store.path) }
        self.reference = reference
        self.documents = documents
    }

    private func key() throws -> Data { Data(try Self.digest(documents).bytes) }
}
