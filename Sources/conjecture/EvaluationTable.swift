import Dictionaries
import Foundation
import Statistics

extension EvaluationReport {
    /// A row for each figure, a column for each dictionary.
    var table: String {
        let columns = dictionaries + (floor.map { [$0] } ?? [])
        let names =
            dictionaries.map { URL(fileURLWithPath: $0.name).lastPathComponent }
            + (floor == nil ? [] : ["floor"])
        var rows = [[""] + names]
        for figure in figures {
            rows.append(
                [figure.rawValue] + columns.map { column in column[figure].map(Self.cell) ?? "" })
        }
        let widths = rows[0].indices.map { place in rows.map { $0[place].count }.max() ?? 0 }
        let title =
            "\(place): \(testRows) rows of \(testGroups) groups, \(properties.counted) properties"
        let lines =
            [title]
            + rows.map { row in
                zip(row, widths).map {
                    $0.padding(toLength: $1 + 2, withPad: " ", startingAt: 0)
                }.joined()
            }
        return lines.map { $0.replacing(#/ +$/#, with: "") }.joined(separator: "\n")
    }

    private static func cell(_ estimate: Estimate) -> String {
        let value = String(format: "%.4f", estimate.value)
        guard let interval = estimate.interval else { return value }
        return value + String(format: " (%.4f to %.4f)", interval.low, interval.high)
    }
}
