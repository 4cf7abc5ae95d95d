import Inquiry
import Rows
import Statistics
import Tools

/// What a reader is shown of a feature: rows that it rates high and low, and how the target goes with it.
enum FeatureEvidence {
    static let excerpts = 3
    /// Characters of a text that are shown.
    static let excerptLimit = 1_200
    static let quantiles = 8

    /// Discover rows on which the feature is highest (or lowest), one a text.
    static func excerpts(
        of tool: FeatureTool, _ column: Column, rows: RowSet, highest: Bool
    ) -> [MinedFeature.Excerpt] {
        let expression: TextExpression? =
            if case .expression(let source) = tool.kind { try? TextExpression(source) } else { nil }
        let order = column.indices.filter { column[$0] != nil }.sorted {
            let (a, b) = (column[$0] ?? 0, column[$1] ?? 0)
            return a == b ? $0 < $1 : (a > b) == highest
        }
        var seen: Set<String> = []
        var result: [MinedFeature.Excerpt] = []
        for row in order where result.count < excerpts && seen.insert(rows.texts[row]).inserted {
            let text = String(rows.texts[row].prefix(excerptLimit))
            result.append(
                MinedFeature.Excerpt(
                    text: text, value: column[row] ?? 0, target: rows.target[row],
                    evidence: expression?.evidence(in: text).map { range in
                        text.distance(
                            from: text.startIndex, to: range.lowerBound)..<text.distance(
                                from: text.startIndex, to: range.upperBound)
                    } ?? []))
        }
        return result
    }

    /// The mean target within quantiles of the feature; equal values stay together.
    static func effect(
        _ column: Column, target: [Double], units: [Int], replicates: Int, seed: UInt64
    ) -> [MinedFeature.EffectPoint] {
        let rows = column.indices.filter { column[$0] != nil }
            .sorted { ((column[$0] ?? 0), $0) < ((column[$1] ?? 0), $1) }
        var groups: [[Int]] = []
        for (place, row) in rows.enumerated() {
            let quantile = place * quantiles / max(1, rows.count)
            let isSame = place > 0 && column[row] == column[rows[place - 1]]
            if groups.isEmpty || (quantile >= groups.count && !isSame) { groups.append([]) }
            groups[groups.count - 1].append(row)
        }
        return groups.compactMap { group in
            let mean = group.reduce(0) { $0 + (column[$1] ?? 0) } / Double(group.count)
            let estimate = Bootstrap.grouped(
                groups: group.map { units[$0] }, replicates: replicates, level: 0.95, seed: seed
            ) { rows in
                rows.reduce(0) { $0 + target[group[$1]] } / Double(max(1, rows.count))
            }
            return estimate.map { MinedFeature.EffectPoint(value: mean, target: $0) }
        }
    }
}
