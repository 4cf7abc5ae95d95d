import Digests
import Inquiry
import LinearAlgebra
import Texts

/// Texts of one role.
struct TextPool: Sendable {
    let texts: [TextUnits]
    /// Over the texts, in order.
    let digest: Digest

    init(_ texts: [TextUnits]) {
        self.texts = texts
        var hash = SHA256()
        for text in texts {
            hash.update("\(text.text.utf8.count) ")
            hash.update(text.text)
        }
        digest = hash.finalize()
    }
}

/// A study's texts, dealt to three splits by the hash of their content, and a fourth pool from which
/// probes are built.
struct TextCorpus: Sendable {
    let propose: TextPool
    let tune: TextPool
    let heldOut: TextPool
    let probes: TextPool

    /// - Parameter texts: in any order; of equal ones the first counts.
    init(_ texts: [TextUnits], seed: UInt64) {
        var dealt: [[TextUnits]] = [[], [], [], []]
        var seen: Set<String> = []
        for text in texts where seen.insert(text.text).inserted {
            let content = SHA256.digest(of: "\(seed) " + text.text)
            dealt[Int(content.prefix64 % 4)].append(text)
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
}

/// Held-out texts. Nothing about them can be read except through ``open(_:)``, which asks for the
/// record that the opening was journaled.
struct SealedTexts: Sendable {
    private let pool: TextPool
    private let bench: TextBench

    init(pool: TextPool, bench: TextBench) {
        self.pool = pool
        self.bench = bench
    }

    /// What the seal says of its content: nothing that depends on the subject.
    var opening: HeldOutOpening {
        HeldOutOpening(
            games: pool.texts.count, positions: pool.texts.reduce(0) { $0 + $1.units.count },
            digest: pool.digest.hex)
    }

    /// Measures the held-out texts and hands them over.
    ///
    /// - Throws: ``ExplainError/sealBroken`` when `opening` is not the journaled record of this split.
    func open(
        _ opening: HeldOutOpening?, latent: Int
    ) async throws -> (pool: TextPool, readings: TextPoolReadings) {
        guard opening == self.opening else { throw ExplainError.sealBroken }
        return (pool, try await bench.readings(of: pool, latent: latent))
    }
}
