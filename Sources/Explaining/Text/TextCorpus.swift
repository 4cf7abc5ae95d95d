import Digests
import Inquiry
import LinearAlgebra
import Texts

/// Texts of one role.
struct TextPool: Sendable {
    let texts: [TextUnits]
    /// Over the texts, in order.
    let digest: Digest
    /// The texts in the parts in which they are measured and stored.
    let blocks: [Block]
    private let places: [String: Int]

    struct Block: Sendable {
        let range: Range<Int>
        /// Over its texts, in order.
        let digest: Digest
    }

    /// Texts of a block: what an interruption may cost at most.
    static let blockSize = 64

    init(_ texts: [TextUnits]) {
        self.texts = texts
        digest = Self.digest(texts[...])
        blocks = stride(from: 0, to: texts.count, by: Self.blockSize).map { start in
            let range = start..<min(start + Self.blockSize, texts.count)
            return Block(range: range, digest: Self.digest(texts[range]))
        }
        places = Dictionary(
            texts.enumerated().map { ($1.text, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The place of a text with these very bytes, or nil.
    func place(of text: String) -> Int? {
        places[text].flatMap { texts[$0].text.utf8.elementsEqual(text.utf8) ? $0 : nil }
    }

    private static func digest(_ texts: ArraySlice<TextUnits>) -> Digest {
        var hash = SHA256()
        for text in texts {
            hash.update("\(text.text.utf8.count) ")
            hash.update(text.text)
        }
        return hash.finalize()
    }
}

/// A study's texts, dealt to three splits by the hash of their content, and a fourth pool from which
/// probes are built.
struct TextCorpus: Sendable {
    let propose: TextPool
    let tune: TextPool
    let heldOut: TextPool
    let probes: TextPool

    /// Each text is a document of its own.
    ///
    /// - Parameter texts: in any order; of equal ones the first counts.
    init(_ texts: [TextUnits], seed: UInt64) {
        self.init(documents: texts.map { [$0] }, seed: seed)
    }

    /// - Parameters:
    ///   - documents: the texts of each document. They go to one split together, by the hash of the
    ///     document's content.
    ///   - published: how many of the last ones are exemplars that somebody published. They are few, and
    ///     tests need the most: half go to the tune split and none to the probes.
    init(documents: [[TextUnits]], published: Int = 0, seed: UInt64) {
        var dealt: [[TextUnits]] = [[], [], [], []]
        var seen: Set<String> = []
        for (index, document) in documents.enumerated() {
            var hash = SHA256()
            hash.update("\(seed) ")
            for text in document { hash.update(text.text) }
            var part = Int(hash.finalize().prefix64 % 4)
            if part == 3, index >= documents.count - published { part = 1 }
            for text in document where seen.insert(text.text).inserted { dealt[part].append(text) }
        }
        propose = TextPool(dealt[0])
        tune = TextPool(dealt[1])
        heldOut = TextPool(dealt[2])
        probes = TextPool(dealt[3])
    }
}

/// One feature on the texts of a pool: its greatest activation on each, and the unit it lies on.
struct TextPoolReadings: Sendable, Hashable {
    let values: [Float]
    let places: [Int?]
    /// The texts that could be measured.
    let usable: BitSet

    /// What is known of one text of the pool.
    func measurement(_ text: Int, of pool: TextPool) -> TextMeasurement {
        guard usable[text] else { return .failed(reason: "it could not be measured") }
        let byte = places[text].map { pool.texts[text].units[$0].bytes.lowerBound }
        return .reading(value: values[text], byte: byte)
    }
}

/// Held-out texts. Nothing about them can be read except through ``open(_:latent:)``, which asks for
/// the record that the opening was journaled.
struct SealedTexts: Sendable {
    private let pool: TextPool
    private let bench: TextBench
    /// What is measured at the first opening: the latents of the whole run.
    private let latents: [Int]

    init(pool: TextPool, bench: TextBench, latents: [Int] = []) {
        self.pool = pool
        self.bench = bench
        self.latents = latents
    }

    /// What the seal says of its content: nothing that depends on the subject.
    var opening: HeldOutOpening {
        HeldOutOpening(
            groups: pool.texts.count, inputs: pool.texts.count, digest: pool.digest.hex)
    }

    /// Measures the held-out texts and hands them over.
    ///
    /// - Throws: ``ExplainError/sealBroken`` when `opening` is not the journaled record of this split.
    func open(
        _ opening: HeldOutOpening?, latent: Int
    ) async throws -> (pool: TextPool, readings: TextPoolReadings) {
        guard opening == self.opening else { throw ExplainError.sealBroken }
        try await bench.prepare(pool, latents: latents)
        return (pool, try await bench.readings(of: pool, latent: latent))
    }
}
