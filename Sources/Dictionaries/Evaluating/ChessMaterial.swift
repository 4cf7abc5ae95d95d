import Games
import LinearAlgebra
import Subjects

/// Recorded games of chess as ChessGPT reads them, with what holds wherever White is to move.
///
/// Rows are at the dots of the transcript, as in the paper.
///
/// - Source: Karvonen et al. 2024, "Measuring Progress in Dictionary Learning for Language Model
///   Interpretability with Board Game Models", section 5.
public struct ChessMaterial: Sendable {
    /// What to make of games.
    public struct Plan: Sendable, Hashable {
        public var definitions = ChessDefinitions.clean
        /// Whether strategy is asked about beside pieces on squares.
        public var asksStrategy = false
        /// Decides which games are measured on.
        public var seed: UInt64 = 1

        public init() {}
    }

    /// The characters of each game, as many as the model reads.
    let sequences: [[Int]]
    /// Of each game, the characters that are measured.
    let dots: [[Int]]
    let properties: PropertyBits
    /// The game of each row.
    let groups: [Int]

    init(_ games: [ChessGame], context: Int, plan: Plan) {
        let catalogue =
            ChessProperty.boardState(plan.definitions)
            + (plan.asksStrategy ? ChessProperty.strategy : [])
        let transcripts = games.map { ChessTranscript($0, characterLimit: context) }
        sequences = transcripts.map(\.tokens)
        dots = transcripts.map(\.dots)
        groups = dots.enumerated().flatMap { game, dots in dots.map { _ in game } }
        let positions = zip(transcripts, dots).flatMap { transcript, dots in
            dots.map { transcript.position(atCharacter: $0) }
        }
        let words = ChessProperty.bits(
            of: catalogue, in: positions, definitions: plan.definitions)
        properties = PropertyBits(
            names: catalogue.map(\.formula), rowCount: positions.count,
            bits: words.map { words in
                var bits = BitSet(count: positions.count)
                bits.words = words
                return bits
            })
    }

    /// The rows of these games at a place of a model.
    func rows(
        of model: GPT2, at hook: HookPoint, threads: Int
    ) throws(SubjectError) -> EvaluationRows {
        var values: [Float] = []
        // Few games at a time, for of their characters one in ten is a row.
        for first in stride(from: 0, to: sequences.count, by: 64) {
            let part = first..<min(first + 64, sequences.count)
            let all = try model.residuals(
                of: Array(sequences[part]), at: hook, threads: threads)
            for game in part {
                for dot in dots[game] { values += all.values.row(all.starts[game - first] + dot) }
            }
        }
        return EvaluationRows(
            values: Matrix(
                rows: groups.count, columns: model.configuration.width, storage: values),
            properties: properties, groups: groups)
    }
}

extension DictionaryEvaluation {
    /// For a model that plays chess in the 32 characters of ``ChessTranscript``, on recorded games: half of
    /// them to choose latents on. The model's loss is not measured, for that takes rows at every character.
    ///
    /// - Throws: ``EvaluationError`` if the model's tokens are not these, there are too few games from the
    ///   usual start, or the place does not exist.
    public init(
        chess model: GPT2, hook: HookPoint, games: [ChessGame], plan: ChessMaterial.Plan = .init(),
        settings: Settings = Settings(), probe: LinearProbe.Settings? = LinearProbe.Settings()
    ) throws(EvaluationError) {
        let size = model.configuration.vocabularySize
        guard size == ChessTranscript.vocabulary.count else {
            throw .badOption(
                name: "the vocabulary of \(model.name)", value: "\(size)",
                expected: "of ChessGPT: \(ChessTranscript.vocabulary.count)")
        }
        // A game that was recorded twice is not on both sides.
        var seen: Set<[ChessMove]> = []
        let usable = games.filter {
            $0.start == .start && !$0.moves.isEmpty && seen.insert($0.moves).inserted
        }
        guard usable.count >= 4 else {
            throw .tooFew(what: "games from the usual start", found: usable.count, least: 4)
        }
        var generator = SeededGenerator(seed: plan.seed)
        let order = usable.shuffled(using: &generator)
        let context = model.configuration.contextLength
        var parts: [EvaluationRows] = []
        for part in [order.prefix(order.count / 2), order.suffix(order.count - order.count / 2)] {
            let material = ChessMaterial(Array(part), context: context, plan: plan)
            do throws(SubjectError) {
                parts.append(try material.rows(of: model, at: hook, threads: settings.threads))
            } catch {
                throw .subject(error)
            }
        }
        try self.init(
            training: parts[0], test: parts[1], place: "\(hook) of \(model.name)",
            hookName: "\(hook)", settings: settings, probe: probe)
    }
}
