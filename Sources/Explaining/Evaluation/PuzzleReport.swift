import Instruments
import LinearAlgebra

/// How a judge does on neuron puzzles: whether it ranks the true explanation first, by what each
/// candidate predicts of the recorded activations. Nothing else is measured.
public struct PuzzleReport: Encodable, Hashable, Sendable {
    /// What came of one puzzle.
    public enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
        /// The true explanation scores strictly highest.
        case solved
        /// A false one does.
        case misled
        /// The true one shares the highest score.
        case tied
        /// The true one has no score: what the others come to says nothing of the judge.
        case unread
    }

    public struct Candidate: Encodable, Hashable, Sendable {
        public let words: String
        public let isTrue: Bool
        /// The formula by which it was judged, where a rule stands for its words.
        public let formula: String?
        /// One correlation over every token of the puzzle, which ranks the candidates.
        public let score: JudgedScore
        public let detection: JudgedScore?
    }

    public struct Puzzle: Encodable, Hashable, Sendable {
        public let name: String
        public let outcome: Outcome
        /// Best first; those without a score last.
        public let candidates: [Candidate]

        init(name: String, candidates: [Candidate]) {
            self.name = name
            let scored = candidates.filter { $0.score.estimate != nil }
                .sorted { $0.value > $1.value }
            self.candidates = scored + candidates.filter { $0.score.estimate == nil }
            guard let best = scored.first?.value, scored.contains(where: \.isTrue) else {
                outcome = .unread
                return
            }
            let leaders = scored.filter { $0.value == best }
            let isTrueAhead = leaders.contains(where: \.isTrue)
            outcome = !isTrueAhead ? .misled : leaders.count == 1 ? .solved : .tied
        }
    }

    public let judge: String
    public let puzzles: [Puzzle]

    public func count(_ outcome: Outcome) -> Int { puzzles.count { $0.outcome == outcome } }

    /// Questions without a usable answer.
    public var failed: Int {
        puzzles.flatMap(\.candidates).reduce(0) {
            $0 + $1.score.failed + ($1.detection?.failed ?? 0)
        }
    }

    /// - Parameter settings: of these the seed, the batch, the replicates and the concurrency count;
    ///   a puzzle is shown whole.
    public static func run(
        _ puzzles: [NeuronPuzzle], judge: any ExplanationJudge, settings: EvaluationSettings
    ) async throws -> PuzzleReport {
        var settings = settings
        (settings.halves, settings.controls, settings.borrows) = (false, false, false)
        (settings.firing, settings.silent, settings.predicted) = (1_000, 1_000, 2_000)
        settings.window = 4_096
        let features = puzzles.map { feature($0, seed: settings.seed) }
        let report = try await Evaluation(settings: settings, judge: judge).run(features)
        let results = zip(puzzles, report.features).map { puzzle, result in
            Puzzle(
                name: puzzle.name,
                candidates: result.explanations.map { evaluation in
                    Candidate(evaluation, judge, isTrue: puzzle.explanation)
                })
        }
        return PuzzleReport(judge: judge.name, puzzles: results)
    }

    /// The candidates in an order that says nothing of which is true.
    private static func feature(_ puzzle: NeuronPuzzle, seed: UInt64) -> MeasuredFeature {
        var words = [puzzle.explanation] + puzzle.falseExplanations
        var generator = SeededGenerator(seed: seed, stream: UInt64(words.count))
        words.shuffle(using: &generator)
        var feature = MeasuredFeature(
            name: puzzle.name, index: nil, texts: puzzle.exemplars.compactMap(MeasuredText.init),
            explanations: words.enumerated().map {
                CandidateExplanation(source: "candidate \($0 + 1)", label: $1)
            })
        feature.unreadable = puzzle.exemplars.count - feature.texts.count
        // What fires may depend on what follows.
        feature.isCausal = false
        return feature
    }
}

extension PuzzleReport.Candidate {
    /// - Parameter truth: the true explanation's words.
    init(
        _ evaluation: ExplanationEvaluation, _ judge: any ExplanationJudge, isTrue truth: String
    ) {
        words = evaluation.explanation.words
        isTrue = words == truth
        formula = (judge as? FormulaJudge)?.rule(of: evaluation.explanation).value?.formula
        score = evaluation[.predictiveAll] ?? .none(.predictiveAll, "it was not asked for")
        detection = evaluation[.detection]
    }

    var value: Double { score.estimate?.value ?? -.infinity }
}
