import Digests
import Instruments

/// An instrument of text that only knows what the memory holds; to check a run without its subject.
struct MemorizedTextInstrument: TextInstrument {
    let name: String
    let identity: Digest
    let latentCount: Int?
    let directionCount: Int
    let batchSize = 64
    /// Of the memory, for messages.
    private let path: String

    init(subject: TextSubjectReference, identity: Digest, path: String) {
        name = subject.name
        self.identity = identity
        latentCount = subject.latents
        directionCount = subject.directions
        self.path = path
    }

    func readings(
        of texts: [String], latents: [Int]
    ) async throws(InstrumentError) -> [TextOutcome] {
        guard let text = texts.first, let latent = latents.first else { return [] }
        throw .notRecorded(path: path, text: text, latent: latent)
    }
}
