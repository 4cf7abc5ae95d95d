import Digests
import Exemplars
import Instruments
import LinearAlgebra
import Subjects
import Texts

/// A language model's activations on texts, with the predicates of a catalogue that hold at each token.
///
/// A token is asked about as the unit of text that holds its last byte. Activations of the token before
/// every context are left out, and it keeps its own where others are replaced.
public struct PredicateRows: Sendable {
    /// What to read.
    public struct Plan: Sendable {
        public var contextLength = 128
        /// Tokens to read, of documents to choose latents on and to measure on together.
        public var tokens = 60_000
        /// Formulas as ``TextRule/parse(_:)`` reads them, or nil for ``TextCatalogue/rules(of:)``.
        public var predicates: [TextRule]?
        /// Deals the documents.
        public var seed: UInt64 = 1

        public init() {}
    }

    let model: Transformer
    let hook: TransformerHook
    /// The place as it was named, which may be another name of it.
    let hookName: String
    let training: EvaluationRows
    let test: EvaluationRows
    let testSequences: [[Int]]
    let skipped: Int

    /// - Parameters:
    ///   - path: a folder as ``TextSubject`` takes it.
    ///   - hookName: the place in the model.
    /// - Throws: ``EvaluationError`` where a file cannot be used or the corpus is too small.
    public init(
        model path: String, hook hookName: String, corpus: Corpus, plan: Plan, threads: Int
    ) throws(EvaluationError) {
        let reader: ContextReader
        do {
            let tokenizer = try TextTokenizer(folder: path)
            model = try TextSubject.model(path)
            hook = try model.hook(named: hookName)
            self.hookName = hookName
            reader = ContextReader(
                tokenizer: tokenizer, first: tokenizer.ownFirstToken, plan: plan)
        } catch let error as SubjectError {
            throw .subject(error)
        } catch {
            throw .badFile(path: path, reason: "\(error)")
        }
        skipped = reader.first == nil ? 0 : 1
        let parts = try reader.read(corpus)
        let rules = plan.predicates ?? TextCatalogue.rules(of: parts[0].units)
        var rows: [EvaluationRows] = []
        for part in parts {
            do throws(SubjectError) {
                rows.append(try part.rows(model, hook, rules, skipped: skipped, threads: threads))
            } catch {
                throw .subject(error)
            }
        }
        training = rows[0]
        test = rows[1]
        testSequences = parts[1].sequences
    }
}

/// Contexts of some documents, and where each of their tokens lies in its text.
private struct ContextPart {
    var sequences: [[Int]] = []
    /// The document of each token but the first ones.
    var documents: [Int] = []
    /// The unit of each such token.
    var places: [Int] = []
    var units: [TextUnits] = []

    func rows(
        _ model: Transformer, _ hook: TransformerHook, _ rules: [TextRule], skipped: Int,
        threads: Int
    ) throws(SubjectError) -> EvaluationRows {
        let all = try model.activations(of: sequences, at: hook, threads: threads)
        let width = all.values.columns
        var values: [Float] = []
        values.reserveCapacity(documents.count * width)
        for sequence in sequences.indices {
            let first = all.starts[sequence] + skipped
            values += all.values.storage[first * width..<all.starts[sequence + 1] * width]
        }
        return EvaluationRows(
            values: Matrix(rows: documents.count, columns: width, storage: values),
            properties: PropertyBits(names: rules.map(\.formula), rowCount: documents.count) {
                rules[$0].holds(at: places[$1], in: units[documents[$1]])
            }, groups: documents)
    }
}

/// Cuts documents into contexts and deals them to two parts.
private struct ContextReader {
    let tokenizer: TextTokenizer
    let first: Int?
    let plan: PredicateRows.Plan

    func read(_ corpus: Corpus) throws(EvaluationError) -> [ContextPart] {
        var parts = [ContextPart(), ContextPart()]
        // By content, so that a document that occurs twice is not on both sides.
        func part(of text: String) -> Int {
            Int(SHA256.digest(of: "\(plan.seed) " + text).prefix64 & 1)
        }
        do {
            var reader = CorpusReader(corpus)
            while parts.contains(where: { $0.documents.count < plan.tokens / 2 }),
                let document = try reader.next()
            {
                guard let text = document.text else { continue }
                let part = part(of: text)
                guard parts[part].documents.count < plan.tokens / 2 else { continue }
                add(text, try tokenizer.pieces(of: text), to: &parts[part])
            }
        } catch {
            throw .badFile(path: corpus.paths.joined(separator: " "), reason: "\(error)")
        }
        for part in parts where part.units.count < 2 {
            throw .tooFew(what: "documents of one part", found: part.units.count, least: 2)
        }
        return parts
    }

    /// Tokens that no unit holds, blanks at the end, are left out with all after them.
    private func add(
        _ text: String, _ pieces: [(id: Int, token: TextReading.Token)], to part: inout ContextPart
    ) {
        let units = TextUnits(text)
        var ids: [Int] = []
        var places: [Int] = []
        for (id, token) in pieces {
            guard let bytes = token.bytes,
                let place = units.unit(atByte: max(bytes.lowerBound, bytes.upperBound - 1))
            else { break }
            ids.append(id)
            places.append(place)
        }
        let room = plan.tokens / 2 - part.documents.count
        ids = Array(ids.prefix(room))
        guard !ids.isEmpty else { return }
        for start in stride(from: 0, to: ids.count, by: plan.contextLength) {
            let end = min(start + plan.contextLength, ids.count)
            part.sequences.append((first.map { [$0] } ?? []) + ids[start..<end])
        }
        part.documents += ids.map { _ in part.units.count }
        part.places += places.prefix(ids.count)
        part.units.append(units)
    }
}

/// Predicates worth asking of any English text.
public enum TextCatalogue {
    /// Kinds, spelling, place, word classes, and the words that are most frequent in some texts, alone
    /// and as the word before.
    public static func rules(of texts: [TextUnits]) -> [TextRule] {
        var properties: [TextProperty] = TextUnits.Unit.Kind.allCases.map { .kind($0) }
        properties += [
            .capitalised, .allCaps, .containsDigit, .sentenceStart, .lineStart, .insideQuotes,
            .indexBelow(1), .indexBelow(8), .lengthAtMost(1), .lengthAtLeast(4), .lengthAtLeast(8),
            .suffix("ed"), .suffix("ing"), .suffix("s"), .suffix("ly"),
        ]
        properties += WordClass.allCases.map { TextProperty.word(.named($0)) }
        var counts: [String: Int] = [:]
        for text in texts {
            for unit in text.units where unit.isWordlike { counts[unit.folded, default: 0] += 1 }
        }
        let words = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .prefix(frequentWords).compactMap { WordSet([$0.key]) }
        properties += words.map { TextProperty.word($0) }
        properties += words.prefix(previousWords).map { TextProperty.previous($0) }
        return properties.map { TextRule($0) }
    }

    private static let frequentWords = 48
    private static let previousWords = 16
}

extension DictionaryEvaluation {
    /// For a language model on texts.
    ///
    /// - Throws: ``EvaluationError``.
    public init(
        texts: PredicateRows, settings: Settings = Settings(),
        probe: LinearProbe.Settings? = LinearProbe.Settings()
    ) throws(EvaluationError) {
        try self.init(
            training: texts.training, test: texts.test,
            place: "\(texts.hook) of \(texts.model.name)",
            hookName: texts.hookName, settings: settings, probe: probe,
            splicing: .init(
                model: SplicedTransformer(model: texts.model, hook: texts.hook),
                sequences: texts.testSequences, skipped: texts.skipped))
    }
}
