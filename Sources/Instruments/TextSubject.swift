import Digests
import Dispatch
import Foundation
import LinearAlgebra
import Subjects
import Tokenizers

/// A language model with its tokenizer and a sparse autoencoder, measured on text in this process.
public struct TextSubject: TextInstrument {
    /// What the caller says where the files leave it open, or knows better.
    public struct Choices: Sendable, Hashable {
        /// Which token comes before every text.
        public enum FirstToken: Sendable, Hashable {
            /// What the dictionary was trained with; where it does not say, what the tokenizer does.
            case asTrained
            case none
            case token(Int)
        }

        public var firstToken: FirstToken
        /// How the dictionary is read, with the place in the model.
        public var autoencoder: PublishedAutoencoder.Choices

        public init(
            firstToken: FirstToken = .asTrained,
            autoencoder: PublishedAutoencoder.Choices = PublishedAutoencoder.Choices()
        ) {
            self.firstToken = firstToken
            self.autoencoder = autoencoder
        }
    }

    public let model: Transformer
    public let tokenizer: TextTokenizer
    public let dictionary: SparseAutoencoder
    /// Where in the model the dictionary reads.
    public let hook: TransformerHook
    /// The token before every text, or nil for none.
    public let firstToken: Int?
    public let identity: Digest
    /// Everything that was taken for granted, for people to check.
    public let assumptions: [PublishedAutoencoder.Assumption]
    /// How many threads share a batch.
    public let threads: Int
    /// Control directions, unit rows: the same for every model of a width.
    private let directions: Matrix

    /// Control directions that are measured beside the latents.
    public static let controlCount = 32

    public var name: String { "\(model.name) with \(dictionary.name)" }
    public var latentCount: Int? { dictionary.latentCount }
    public var directionCount: Int { Self.controlCount }
    public var batchSize: Int { 64 }

    /// Reads the files.
    ///
    /// - Parameters:
    ///   - path: a Hugging Face folder with `tokenizer.json`, or a folder with a checkpoint of
    ///     llama2.c and `tokenizer.bin`.
    ///   - autoencoder: a folder or file as it was published.
    /// - Throws: ``InstrumentError`` for anything missing, unknown, misfitting or left open.
    public init(
        model path: String, autoencoder: String, choices: Choices = Choices(), threads: Int
    ) throws(InstrumentError) {
        precondition(threads > 0, "\(threads) threads")
        self.threads = threads
        tokenizer = try TextTokenizer(folder: path)
        let published: PublishedAutoencoder
        do {
            model = try Self.model(path)
            published = try PublishedAutoencoder(path: autoencoder, choices: choices.autoencoder)
            dictionary = published.autoencoder
            hook = try dictionary.hook(in: model)
        } catch {
            throw .subject(error)
        }
        guard tokenizer.vocabularySize <= model.configuration.vocabularySize else {
            throw .vocabularyMismatch(
                tokenizer: tokenizer.vocabularySize, model: model.configuration.vocabularySize)
        }
        directions = .randomDirections(
            count: Self.controlCount, width: dictionary.inputWidth)
        firstToken = try Self.firstToken(choices.firstToken, path, tokenizer, dictionary)
        identity = try Self.identity(path, autoencoder, hook, firstToken, choices)
        let first = firstToken.map { [tokenizer] in "\(tokenizer.spelling(of: $0)) (\($0))" }
        assumptions =
            published.assumptions + [
                .init("measured at", "\(hook)"),
                .init("before each text", first ?? "nothing"),
            ]
    }

    /// The model in a folder: in Hugging Face's layout, or else a checkpoint of llama2.c.
    package static func model(_ path: String) throws(SubjectError) -> Transformer {
        guard !FileManager.default.fileExists(atPath: path + "/config.json"),
            let checkpoint = checkpoint(in: path)
        else { return try Transformer(folder: path) }
        return try Transformer(llama2Checkpoint: checkpoint)
    }

    /// The one file of a folder that may be a checkpoint of llama2.c.
    private static func checkpoint(in folder: String) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let found = names.filter { $0.hasSuffix(".bin") && $0 != "tokenizer.bin" }
        return found.count == 1 ? folder + "/" + found[0] : nil
    }

    private static func firstToken(
        _ choice: Choices.FirstToken, _ path: String, _ tokenizer: TextTokenizer,
        _ dictionary: SparseAutoencoder
    ) throws(InstrumentError) -> Int? {
        switch choice {
        case .none: return nil
        case .token(let id): return id
        case .asTrained:
            guard let expected = dictionary.origin.prependsBOS else {
                return tokenizer.ownFirstToken
            }
            guard expected else { return nil }
            let stated: Int?
            do {
                stated = try TransformerConfiguration.beginToken(folder: path)
            } catch {
                throw .subject(error)
            }
            guard let id = tokenizer.ownFirstToken ?? stated else {
                throw .noFirstToken(model: path)
            }
            return id
        }
    }

    /// A digest over every file of model, tokenizer and dictionary, and what was chosen.
    private static func identity(
        _ path: String, _ autoencoder: String, _ hook: TransformerHook, _ firstToken: Int?,
        _ choices: Choices
    ) throws(InstrumentError) -> Digest {
        var hash = SHA256()
        hash.update("conjecture.text-subject/1 \(Transformer.engineVersion) \(hook) ")
        hash.update(firstToken.map(String.init) ?? "none")
        hash.update(" \(choices.autoencoder)")
        do {
            try SubjectFiles.hash(path) { hash.update($0) }
            try SubjectFiles.hash(autoencoder) { hash.update($0) }
        } catch {
            throw .subject(error)
        }
        return hash.finalize()
    }
}

extension TextSubject {
    /// A text as the subject sees it.
    ///
    /// - Returns: ids for the model and what each stands for, of equal length.
    public func tokens(
        of text: String
    ) throws(InstrumentError) -> (ids: [Int], tokens: [TextReading.Token]) {
        let pieces = try tokenizer.pieces(of: text)
        var ids = pieces.map(\.id)
        var tokens = pieces.map(\.token)
        if let firstToken {
            ids.insert(firstToken, at: 0)
            tokens.insert(
                .init(text: tokenizer.spelling(of: firstToken), bytes: nil, isSpecial: true), at: 0)
        }
        return (ids, tokens)
    }

    /// The latents of every token of token sequences, first tokens included if there are any.
    ///
    /// Blocks the calling thread; keep it off the cooperative pool.
    public func latents(of sequences: [[Int]]) throws(SubjectError) -> [[SparseRow]] {
        try encode(try model.activations(of: sequences, at: hook, threads: threads))
    }

    private func encode(_ rows: RaggedRows) throws(SubjectError) -> [[SparseRow]] {
        let latents = try dictionary.encode(rows.values, threads: threads)
        return zip(rows.starts, rows.starts.dropFirst()).map { Array(latents[$0..<$1]) }
    }

    public func readings(
        of texts: [String], latents: [Int]
    ) async throws(InstrumentError) -> [TextOutcome] {
        try check(latents: latents)
        let result = await Self.queue.result { () throws(InstrumentError) in
            try measure(texts, latents)
        }
        return try result.get()
    }

    /// Measurements take turns: each uses all its threads.
    private static let queue = DispatchQueue(label: "conjecture.text-subject")

    private func measure(
        _ texts: [String], _ latents: [Int]
    ) throws(InstrumentError) -> [TextOutcome] {
        var outcomes = [TextOutcome](
            repeating: .failed(reason: "was not measured"), count: texts.count)
        var sequences: [[Int]] = []
        var places: [(text: Int, tokens: [TextReading.Token])] = []
        let limit = model.configuration.contextLength
        for (place, text) in texts.enumerated() {
            let (ids, tokens) = try self.tokens(of: text)
            if !tokens.contains(where: { !$0.isSpecial }) {
                outcomes[place] = .failed(reason: "the text has no tokens")
            } else if ids.count > limit {
                outcomes[place] = .failed(
                    reason: "the text has \(ids.count) tokens, the model reads \(limit)")
            } else {
                sequences.append(ids)
                places.append((place, tokens))
            }
        }
        guard !sequences.isEmpty else { return outcomes }
        let rows: RaggedRows
        let all: [[SparseRow]]
        do {
            rows = try model.activations(of: sequences, at: hook, threads: threads)
            let isOfDirectionsOnly = latents.allSatisfy { $0 >= dictionary.latentCount }
            all = isOfDirectionsOnly ? [] : try encode(rows)
        } catch {
            throw .subject(error)
        }
        for (sequence, (place, tokens)) in places.enumerated() {
            let range = rows.starts[sequence]..<rows.starts[sequence + 1]
            let values = latents.map { latent in
                latent < dictionary.latentCount
                    ? all[sequence].map { $0[latent] }
                    : range.map { project(rows.values.row($0), latent - dictionary.latentCount) }
            }
            outcomes[place] = .reading(TextReading(tokens: tokens, values: values))
        }
        return outcomes
    }

    /// In a fixed order, so that it does not depend on what else is measured.
    private func project(_ row: ArraySlice<Float>, _ direction: Int) -> Float {
        Float(zip(row, directions.row(direction)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) })
    }
}
