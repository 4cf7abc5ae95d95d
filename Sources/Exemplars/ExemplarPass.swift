import Digests
import Foundation
import Instruments
import JSON
import Subjects

/// Reads a corpus once and keeps, for all latents at once, where they fire: a store for
/// ``ExemplarStore``.
///
/// Each document is cut into contexts; the subject measures them; of each latent are kept the contexts
/// of greatest maximum, contexts drawn from every part of the distribution of maxima, how often it
/// fires, a histogram of its activations, and what fires with it. The distribution is not known
/// before the end, so a uniform draw of contexts is kept meanwhile (those of least key, a hash of
/// seed, latent and content) beside an exact histogram of all maxima with bins of 4.4 %; at the end
/// the histogram gives the quantiles and the draw their contexts. Where fewer contexts fire than are
/// drawn, all of them are in it. A quantile shows fewer contexts than asked for where the draw has no
/// more of it.
///
/// The bytes of a finished store depend on subject, corpus and plan alone: not on threads, batches or
/// interruptions.
public struct ExemplarPass: Sendable {
    public let subject: TextSubject
    public let corpus: Corpus
    public let plan: ExemplarPlan
    /// The store's folder.
    public let path: String
    /// What the pass will hold at most.
    public private(set) var memory: MemoryStatement
    public let identity: ExemplarManifest.Identity

    /// How far a pass has come.
    public struct Progress: Sendable, Hashable {
        /// Bytes of the corpus that are behind, and all of them.
        public let bytes: Int
        public let byteCount: Int
        public let totals: ExemplarManifest.Totals
    }

    /// What the caller wants after a round.
    public enum Wish: Sendable {
        case goOn
        /// Write a checkpoint and throw ``ExemplarError/stopped(path:)``.
        case stop
        /// Throw it without a checkpoint, as if the process had been killed.
        case abandon
    }

    /// - Throws: ``ExemplarError`` for a plan that is out of range or does not fit the model.
    public init(
        subject: TextSubject, corpus: Corpus, plan: ExemplarPlan = ExemplarPlan(),
        store path: String
    ) throws(ExemplarError) {
        try plan.check()
        let length = plan.contextLength + (subject.firstToken == nil ? 0 : 1)
        let limit = subject.model.configuration.contextLength
        guard length <= limit else { throw .longContext(length: length, limit: limit) }
        self.subject = subject
        self.corpus = corpus
        self.plan = plan
        self.path = path
        memory = MemoryStatement(
            plan: plan, dictionary: subject.dictionary, threads: subject.threads)
        identity = .init(
            subjectName: subject.name, subject: subject.identity, corpus: corpus.digest,
            latentCount: subject.dictionary.latentCount, plan: plan)
    }

    /// Measures fewer tokens in one go; changes nothing in the store.
    package mutating func limitBatch(to tokens: Int) { memory.batchTokens = tokens }

    /// Carries the pass out, from where an earlier one was interrupted if there is one.
    ///
    /// Blocks the calling thread; keep it off the cooperative pool.
    ///
    /// - Parameters:
    ///   - checkpointInterval: how long measurements may be lost for.
    ///   - onProgress: called after every round; says whether to go on.
    /// - Throws: ``ExemplarError``; another subject's, corpus's or plan's store is refused.
    @discardableResult
    public func run(
        checkpointInterval: Duration = .seconds(60),
        onProgress: (Progress) -> Wish = { _ in .goOn }
    ) throws(ExemplarError) -> ExemplarManifest {
        let folder = StoreFolder(path: path)
        let lock = try folder.prepare()
        defer { lock.release() }
        if let stored = try folder.manifest() {
            try stored.check(identity, path: path)
            if stored.totals != nil {
                folder.removeLeftovers()
                return stored
            }
        } else {
            try folder.write(ExemplarManifest(identity: identity, totals: nil, content: nil))
        }
        let state = ExemplarState(plan: plan, latentCount: identity.latentCount)
        let checkpoint = Checkpoint(
            path: folder.file(ExemplarFormat.checkpoint),
            identity: SHA256.digest(
                of: ExemplarManifest(identity: identity, totals: nil, content: nil)
                    .json.canonicalText))
        var round = PassRound(
            pass: self, state: state, progress: try checkpoint.read(into: state) ?? PassProgress())
        let contexts = try folder.openPart(from: round.progress.contextBytes)
        var last = ContinuousClock.now
        while try round.run(appendingTo: contexts) {
            let wish = onProgress(round.report)
            if wish == .abandon { throw .stopped(path: path) }
            guard wish == .stop || ContinuousClock.now - last >= checkpointInterval else {
                continue
            }
            try contexts.synchronise()
            try checkpoint.write(round.progress, state)
            last = .now
            if wish == .stop { throw .stopped(path: path) }
        }
        try contexts.flush()
        let content = try StoreWriter(
            state: state, part: contexts.path, threads: subject.threads
        ).write(to: folder.file(ExemplarFormat.file))
        let manifest = ExemplarManifest(
            identity: identity, totals: round.progress.totals, content: content)
        try folder.write(manifest)
        folder.removeLeftovers()
        return manifest
    }
}
