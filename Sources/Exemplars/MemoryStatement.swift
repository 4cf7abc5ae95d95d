import Instruments
import Subjects

/// The most memory that a pass holds beside the subject's weights, known before it starts.
///
/// The corpus and the contexts already measured are files; their pages in the system's cache are not
/// counted, for the system takes them back when it needs them.
public struct MemoryStatement: Sendable, Hashable {
    /// What is kept of the latents, in bytes; the same from the first token to the last.
    public let latents: Int
    /// Tokens, activations and latents of one batch, in bytes, if every latent fires that may.
    public let batch: Int
    /// Texts that are read and cut ahead, and buffers.
    public let reading: Int

    public var total: Int { latents + batch + reading }

    /// Tokens that are measured in one go.
    var batchTokens: Int

    private static let batchBudget = 256 << 20
    private static let usualBatch = 8192

    init(plan: ExemplarPlan, dictionary: SparseAutoencoder, threads: Int) {
        let firing: Int
        if case .topK(let k) = dictionary.architecture {
            firing = k
        } else {
            firing = dictionary.latentCount
        }
        // Rows twice (the pass's and the result's), latents twice (the encoder's and the batch's).
        let perToken = 8 * dictionary.inputWidth + 2 * 12 * firing + 256
        let longest = plan.contextLength + 1
        batchTokens = max(longest, min(Self.usualBatch, Self.batchBudget / perToken))
        latents =
            ExemplarState.byteCount(plan: plan, latentCount: dictionary.latentCount)
            + dictionary.latentCount * EntryChoice.byteCount(plan)
        // The encoder's rows: 48 a thread.
        let encoding = 4 * 48 * (dictionary.latentCount + dictionary.inputWidth)
        batch = batchTokens * perToken + threads * encoding
        // A token of a text that waits: its id, piece and spelling.
        let waiting = max(CorpusReader.byteLimit, 8 * batchTokens)
        reading = waiting * 160 + (8 << 20)
    }
}
