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
        let matched = record.comparisons.compactMap { comparison -> String? in
            guard let range = comparison.range, let difference = comparison.difference else {
                return nil
            }
            return
                "\(comparison.series) over \(comparison.baseline), \(comparison.figure.rawValue): "
                + "\(difference > 0 ? "+" : "")\(Format.number(difference, digits: 4)) at L0 "
                + "\(Format.number(range.lowerBound, digits: 1)) to "
                + Format.number(range.upperBound, digits: 1)
        }
        if !matched.isEmpty { lines += [""] + matched }
        text = lines.joined(separator: "\n")
    }

    private static func row(_ cells: [String]) -> String {
        cells.enumerated().map { index, text in
            let width = index == 0 ? 28 : index == 1 ? 14 : index == 2 ? 7 : 26
            return text + String(repeating: " ", count: max(0, width - text.count))
        }.joined(separator: "  ")
    }
}
