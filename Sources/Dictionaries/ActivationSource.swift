import Digests
import Exemplars
import Instruments
import Subjects

/// A model's activations at one place on the documents of a corpus, cut into contexts and dealt to
/// training and measurement by the hash of each document's text.
struct ActivationSource: Sendable {
    /// Contexts one after the other, without their first tokens.
    struct Contexts: Sendable {
        private(set) var tokens: [UInt32] = []
        private(set) var starts = [0]

        var count: Int { starts.count - 1 }
        var tokenCount: Int { tokens.count }

        subscript(context: Int) -> ArraySlice<UInt32> {
            tokens[starts[context]..<starts[context + 1]]
        }

        mutating func add(_ ids: [UInt32], length: Int) {
            for first in stride(from: 0, to: ids.count, by: length) {
                tokens += ids[first..<min(first + length, ids.count)]
                starts.append(tokens.count)
            }
        }
    }

    let model: Transformer
    let hook: TransformerHook
    /// The token before every context, or nil for none. Its own activations are left out: they are the
    /// same everywhere, and often far longer than all others.
    let firstToken: Int?
    let threads: Int
    let training: Contexts
    let heldOut: Contexts

    /// More tokens than these would not make the measurement better.
    private static let heldOutLimit = 200_000

    /// Reads as much of a corpus as the plan has use for.
    init(
        model: Transformer, tokenizer: TextTokenizer, hook: TransformerHook, firstToken: Int?,
        corpus: Corpus, plan: TrainingPlan, threads: Int
    ) throws(DictionaryError) {
        let length = plan.contextLength + (firstToken == nil ? 0 : 1)
        guard length <= model.configuration.contextLength else {
            throw .longContext(length: length, limit: model.configuration.contextLength)
        }
        var parts = [Contexts(), Contexts()]
        var reader = CorpusReader(corpus)
        while parts[0].tokenCount < plan.tokens, let document = try Self.next(&reader) {
            guard let text = document.text else { continue }
            let lot = SHA256.digest(of: "\(plan.seed) " + text).prefix64
            let isHeldOut = Double(lot >> 11) * 0x1p-53 < plan.heldOutShare
            if isHeldOut, parts[1].tokenCount >= Self.heldOutLimit { continue }
            do throws(InstrumentError) {
                let ids = try tokenizer.pieces(of: text).map { UInt32($0.id) }
                parts[isHeldOut ? 1 : 0].add(ids, length: plan.contextLength)
            } catch {
                throw .instrument(error)
            }
        }
        for (part, name, least) in [
            (parts[0], "training part", plan.batchSize), (parts[1], "held-out part", 2),
        ]
        where part.tokenCount < least {
            throw .smallCorpus(part: name, tokens: part.tokenCount, least: least)
        }
        self.model = model
        self.hook = hook
        self.firstToken = firstToken
        self.threads = threads
        training = parts[0]
        heldOut = parts[1]
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

    /// The activations of some contexts, one row after the other.
    ///
    /// - Parameter body: is given each row, `width` floats.
    func forEachRow(
        of contexts: Contexts, _ chosen: ArraySlice<Int>,
        _ body: (UnsafeBufferPointer<Float>) -> Void
    ) throws(DictionaryError) {
        var first = chosen.startIndex
        while first < chosen.endIndex {
            let last = min(first + 64, chosen.endIndex)
            let sequences = chosen[first..<last].map { context in
                (firstToken.map { [$0] } ?? []) + contexts[context].map { Int($0) }
            }
            let rows: RaggedRows
            do {
                rows = try model.activations(of: sequences, at: hook, threads: threads)
            } catch {
                throw .subject(error)
            }
            rows.values.withUnsafeBufferPointer { values in
                let width = rows.values.columns
                for sequence in sequences.indices {
                    let skipped = rows.starts[sequence] + (firstToken == nil ? 0 : 1)
                    for row in skipped..<rows.starts[sequence + 1] {
                        body(UnsafeBufferPointer(rebasing: values[row * width..<(row + 1) * width]))
                    }
                }
            }
            first = last
        }
    }
}
