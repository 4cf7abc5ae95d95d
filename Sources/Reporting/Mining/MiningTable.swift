import Inquiry
import Statistics

/// The result of a run of `mine` as plain text.
public struct MiningTable: Sendable {
    public let text: String

    public init(_ record: MiningRecord) {
        let parts =
            [Self.features(record), Self.scores(record)] + Self.strata(record)
            + [Self.end(record)]
        text = parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
            .joined(separator: "\n\n")
    }

    private static func features(_ record: MiningRecord) -> [String] {
        guard !record.features.isEmpty else { return ["no feature was chosen"] }
        let rows = record.ranking.map { index -> [String] in
            let feature = record.features[index]
            return [
                ShownText.plain(feature.name, 40), Format.signed(feature.weight, digits: 3),
                estimate(feature.confirm, signed: true), Format.probability(feature.qValue),
                feature.stability.map { Format.number($0, digits: 2) } ?? "–",
                ShownText.plain(feature.sentence, 120),
            ]
        }
        let controls = record.controls.map {
            ["(\(ShownText.plain($0.name, 38)))", Format.signed($0.weight, digits: 3)]
        }
        return lines(
            [["feature", "weight", "confirm ρ [95 %]", "q", "stability", "what it measures"]]
                + rows + controls)
    }

    private static func scores(_ record: MiningRecord) -> [String] {
        guard !record.scores.isEmpty else { return [] }
        return lines([scoreHead("score on the confirm rows")] + record.scores.map(scoreRow))
    }

    private static func strata(_ record: MiningRecord) -> [[String]] {
        record.strata.map { stratum in
            lines(
                [scoreHead("within \(ShownText.plain(stratum.name, 30)), \(stratum.rows) rows")]
                    + stratum.scores.map(scoreRow))
        }
    }

    private static func scoreHead(_ name: String) -> [String] {
        [name, "ρ [95 %]", "the features over it [95 %]"]
    }

    private static func scoreRow(_ score: MiningRecord.Score) -> [String] {
        [
            ShownText.plain(score.name, 40), estimate(score.spearman),
        ] + (score.gain.map { [estimate($0, signed: true)] } ?? [])
    }

    private static func end(_ record: MiningRecord) -> [String] {
        let summary = MiningSummary(record)
        var lines: [String] = []
        if let null = summary.null {
            let reached = summary.null?.pValue.map {
                "; \(null.reached) reach the score, p \(Format.probability($0))"
            }
            lines.append(
                "control: \(null.runs) runs on permuted targets: ρ "
                    + "\(Format.number(null.mean, digits: 3)) on average, "
                    + "\(Format.number(null.low, digits: 3)) … "
                    + "\(Format.number(null.high, digits: 3))\(reached ?? "")")
        }
        if let score = record.selectScore {
            lines.append(
                "on the rows it was selected on, cross-fitted: ρ \(Format.number(score, digits: 3))"
            )
        }
        lines.append(
            "\(summary.confirmed) of \(summary.chosen) features confirmed at a false-discovery "
                + "rate of \(Format.number(record.falseDiscoveryRate, digits: 2)); "
                + "\(summary.tried) tools tried; \(summary.rowsSetAside) rows set aside")
        return lines
    }

    /// Columns as wide as their widest cell; the last one is not padded.
    private static func lines(_ rows: [[String]]) -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            return cells.joined(separator: "  ")
        }
    }
}
