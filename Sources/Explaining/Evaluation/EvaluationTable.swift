import Foundation
import Statistics

/// Evaluations as plain text. What others wrote is shown without its line breaks and controls.
public struct EvaluationTable: Sendable {
    public let text: String

    private static let columns: [(EvaluationMetric, String)] = [
        (.detection, "detect"), (.detectionHard, "hard"), (.fuzzing, "fuzz"),
        (.predictiveMean, "r mean"), (.predictivePooled, "r pooled"), (.predictiveAll, "r all"),
        (.auroc, "auroc"), (.generativeLabel, "write"), (.specificityLabel, "spare"),
    ]

    public init(_ report: EvaluationReport) {
        let used = Self.columns.filter { column in
            report.features.flatMap(\.explanations).contains { $0[column.0] != nil }
        }
        var lines = ["judge: \(Self.plain(report.judge))"]
        for feature in report.features {
            let counts = feature.material
            let silent = counts.silent.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            lines += [
                "",
                "\(Self.plain(feature.feature)): \(counts.firing) firing texts; silent: "
                    + (silent.isEmpty ? "none" : silent.joined(separator: ", "))
                    + (counts.weak > 0 ? "; \(counts.weak) weak ones left out" : "")
                    + (counts.unreadable > 0 ? "; \(counts.unreadable) without a text" : ""),
                Self.row(used.map(\.1) + ["failed", "explanation"]),
            ]
            for explanation in feature.explanations {
                lines += Self.lines(explanation, used.map(\.0))
            }
        }
        lines += Self.comparisons(report.comparisons)
        text = lines.joined(separator: "\n")
    }

    private static func lines(
        _ evaluation: ExplanationEvaluation, _ metrics: [EvaluationMetric]
    ) -> [String] {
        let asked = evaluation.scores.reduce(0) { $0 + $1.asked }
        let failed = evaluation.scores.reduce(0) { $0 + $1.failed }
        let cells = metrics.map { number(evaluation[$0]?.estimate?.value) }
        let intervals = metrics.map { interval(evaluation[$0]?.estimate?.interval) }
        let explanation = evaluation.explanation
        var lines = [
            row(
                cells + [
                    asked == 0 ? "–" : "\(failed)",
                    "\(plain(explanation.source)): \(plain(explanation.words))",
                ])
        ]
        if intervals.contains(where: { !$0.isEmpty }) { lines.append(row(intervals)) }
        let reasons = Set(
            evaluation.scores.compactMap { $0.asked == 0 ? $0.absence : nil }
                + evaluation.scores.flatMap(\.failures.keys))
        lines += reasons.sorted().prefix(3).map { "    \(plain($0))" }
        return lines
    }

    private static func comparisons(_ comparisons: [SourceComparison]) -> [String] {
        guard !comparisons.isEmpty else { return [] }
        return ["", "paired over features (signed-rank, Holm over \(comparisons.count) tests):"]
            + comparisons.map {
                "  \($0.metric.rawValue): \(plain($0.first)) less \(plain($0.second)) "
                    + "\(number($0.difference.value)) \(interval($0.difference.interval)), "
                    + "\($0.wins) better, \($0.ties) even, \($0.losses) worse, "
                    + "p = \(chance($0.signedRank)), adjusted \(chance($0.adjusted))"
            }
    }

    public init(_ report: PuzzleReport) {
        var lines = ["judge: \(Self.plain(report.judge))", ""]
        for puzzle in report.puzzles {
            lines.append("\(Self.plain(puzzle.name)): \(Self.words(puzzle.outcome))")
            for candidate in puzzle.candidates {
                let score = candidate.score
                let note = score.estimate == nil ? score.absence ?? "" : candidate.formula ?? ""
                lines.append(
                    "  \(candidate.isTrue ? "true " : "false") \(Self.number(score.estimate?.value)) "
                        + "\(Self.interval(score.estimate?.interval))  \(Self.plain(candidate.words))"
                        + (score.failed > 0 ? "  (\(score.failed) of \(score.asked) failed)" : "")
                        + (note.isEmpty ? "" : "\n         \(Self.plain(note))"))
            }
        }
        let counts = PuzzleReport.Outcome.allCases.map { "\(report.count($0)) \($0.rawValue)" }
        lines += ["", "of \(report.puzzles.count) puzzles: " + counts.joined(separator: ", ")]
        if report.failed > 0 { lines.append("\(report.failed) questions without a usable answer") }
        text = lines.joined(separator: "\n")
    }

    private static func words(_ outcome: PuzzleReport.Outcome) -> String {
        switch outcome {
        case .solved: "the true explanation is first"
        case .misled: "a false explanation is first"
        case .tied: "the true explanation shares the first place"
        case .unread: "the true explanation could not be judged"
        }
    }

    private static func row(_ cells: [String]) -> String {
        cells.enumerated().map { place, cell in
            place + 1 == cells.count && cell.count > 13
                ? cell : cell + String(repeating: " ", count: max(0, 13 - cell.count))
        }.joined(separator: " ")
    }

    private static func number(_ value: Double?) -> String {
        value.map { String(format: "%.3f", $0) } ?? "–"
    }

    private static func interval(_ interval: Interval?) -> String {
        interval.map { String(format: "%.2f to %.2f", $0.low, $0.high) } ?? ""
    }

    private static func chance(_ value: Double) -> String { String(format: "%.2g", value) }

    /// A text of others on one line, shortened, with nothing in it that moves a cursor.
    static func plain(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(400).map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                " "
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(
            separator: " ")
    }
}
