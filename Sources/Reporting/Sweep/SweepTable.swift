import Dictionaries
import Statistics

/// A sweep as plain text.
public struct SweepTable: Sendable {
    public let text: String

    public init(_ record: SweepRecord) {
        let figures = record.figures
        var lines = [Self.row(["series", "setting", "L0"] + figures.map(\.rawValue))]
        func add(_ entry: SweepRecord.Entry, _ series: String) {
            lines.append(
                Self.row(
                    [series, entry.setting, Format.number(entry.activeLatents, digits: 1)]
                        + figures.map { estimate(entry.evaluated[$0]) }))
        }
        for entry in record.entries { add(entry, entry.series) }
        for entry in record.floor { add(entry, "random: \(entry.series)") }
        if let probe = record.probe { lines.append("linear probe  F1 \(estimate(probe))") }
        let comparisons = record.comparisons
        if !comparisons.isEmpty {
            lines += [
                "", Self.row(["at the same L0: series", "less", ""] + figures.map(\.rawValue)),
            ]
        }
        for first in stride(from: 0, to: comparisons.count, by: max(1, figures.count)) {
            let pair = comparisons[first]
            lines.append(
                Self.row(
                    [pair.series, pair.baseline, ""]
                        + comparisons[first..<first + figures.count].map { comparison in
                            comparison.difference.map { Format.signed($0, digits: 4) } ?? "–"
                        }))
        }
        text = lines.joined(separator: "\n")
    }

    private static func row(_ cells: [String]) -> String {
        cells.enumerated().map { index, text in
            let width = index == 0 ? 28 : index == 1 ? 14 : index == 2 ? 7 : 26
            return text + String(repeating: " ", count: max(0, width - text.count))
        }.joined(separator: "  ")
    }
}
