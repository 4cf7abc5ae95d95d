import Digests
import Exemplars
import Foundation
import Instruments
import Subjects

/// A model's activations at one place on the documents of a corpus, cut into contexts and dealt to
/// training and measurement by the hash of each document's text.
public struct TextActivations: ActivationSource {
    public let facts: SourceFacts
    public let width: Int
    public let threads: Int
    /// Where the activations are taken.
    public let hook: TransformerHook
    private let model: Transformer
    private let path: String
    /// The token before every context, or nil for none.
    private let firstToken: Int?
    private let parts: [DataPart: TokenContexts]
    private let choice: String

    /// More tokens than these would not make the measurement better.
    private static let heldOutLimit = 200_000

    /// Reads the model, and as much of a corpus as the plan has use for.
    ///
    /// - Parameters:
    ///   - model: a folder as ``TextSubject`` takes it.
    ///   - hook: where the activations are taken, by its TransformerLens name.
    public init(
        model path: String, hook name: String, corpus: Corpus, plan: TrainingPlan, threads: Int
    ) throws(DictionaryError) {
        precondition(threads > 0, "\(threads) threads")
        try plan.check()
        let tokenizer: TextTokenizer
        do {
            tokenizer = try TextTokenizer(folder: path)
        } catch {
            throw .instrument(error)
        }
        do {
            model = try TextSubject.model(path)
            hook = try model.hook(named: name)
            firstToken = tokenizer.ownFirstToken
        } catch {
            throw .subject(error)
        }
        guard tokenizer.vocabularySize <= model.configuration.vocabularySize else {
            throw .instrument(
                .vocabularyMismatch(
                    tokenizer: tokenizer.vocabularySize,
                    model: model.configuration.vocabularySize))
        }
        let length = plan.contextLength + (firstToken == nil ? 0 : 1)
        guard length <= model.configuration.contextLength else {
            throw .longContext(length: length, limit: model.configuration.contextLength)
        }
        self.path = path
        self.threads = threads
        width = model.configuration.width(of: hook)
        parts = try Self.deal(corpus, tokenizer, plan)
        choice =
            "\(plan.tokens) \(plan.contextLength) \(plan.heldOutShare) \(plan.seed) "
            + "\(plan.positions.map { "\($0)" } ?? "all")"
        facts = SourceFacts(
            origin: .init(
                hookName: "\(hook)", modelName: Self.modelName(path),
                contextSize: plan.contextLength, prependsBOS: firstToken != nil),
            dataName: corpus.paths.map { URL(fileURLWithPath: $0).lastPathComponent }
                .joined(separator: " "), dataDigest: corpus.digest,
            engine: Transformer.engineVersion)
        try check(for: plan)
    }

    static func modelName(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    }

    private static func deal(
        _ corpus: Corpus, _ tokenizer: TextTokenizer, _ plan: TrainingPlan
    ) throws(DictionaryError) -> [DataPart: TokenContexts] {
        var (training, heldOut) = (
            TokenContexts(positions: plan.positions), TokenContexts(positions: plan.positions)
        )
        var reader = CorpusReader(corpus)
        while training.pieces.rowCount < plan.tokens, let document = try next(&reader) {
            guard let text = document.text else { continue }
            let isHeldOut = plan.isHeldOut(text)
            if isHeldOut, heldOut.pieces.rowCount >= heldOutLimit { continue }
            do throws(InstrumentError) {
                let ids = try tokenizer.pieces(of: text).map { UInt32($0.id) }
                if isHeldOut {
                    heldOut.add(ids, length: plan.contextLength)
                } else {
                    training.add(ids, length: plan.contextLength)
                }
            } catch {
                throw .instrument(error)
            }
        }
        return [.training: training, .heldOut: heldOut]
    }

    private static func next(
        _ reader: inout CorpusReader
    ) throws(DictionaryError) -> CorpusReader.Document? {
        do {
            return try reader.next()
        } catch {
            throw .corpus(error)
        }
    }

    public func pieces(of part: DataPart) -> ActivationPieces {
        parts[part]?.pieces ?? ActivationPieces()
    }

    public func forEachRow(
        of part: DataPart, _ pieces: ArraySlice<Int>, _ body: (UnsafeBufferPointer<Float>) -> Void
    ) throws(DictionaryError) {
        try parts[part]?.forEachRow(
            pieces, first: firstToken,
            measure: { sequences throws(SubjectError) in
                try model.activations(of: sequences, at: hook, threads: threads)
            }, body)
    }

    public func identity() throws(DictionaryError) -> Digest {
        var hash = SHA256()
        hash.update("conjecture.text-activations/1 \(Transformer.engineVersion) \(hook) ")
        hash.update("\(firstToken.map(String.init) ?? "none") \(facts.dataDigest) \(choice)")
        try hash.update(modelAt: path)
        return hash.finalize()
    }
}

extension TrainingPlan {
    /// Whether what has this name is kept from training: decided by the seed and the name alone.
    func isHeldOut(_ name: String) -> Bool {
        let lot = SHA256.digest(of: "\(seed) " + name).prefix64
        return Double(lot >> 11) * 0x1p-53 < heldOutShare
    }
}
