import Foundation
import Rows

/// Pairs of rows that are alike in length and in the user's confounders and unlike in outcome: what a
/// reader should compare.
enum MatchedPairs {
    struct Pair: Hashable, Sendable {
        let higher: Int
        let lower: Int
    }

    /// The pairs with the largest difference in what is left of the outcome, each row in one at most.
    static func pairs(_ view: ProposerView, count: Int) -> [Pair] {
        let rows = view.discover.rows
        let lengths = MiningStudy.standardisedRanks(rows.texts.map { Double($0.utf8.count) })
        let others = rows.confounders.map { MiningStudy.standardisedRanks($0.values) }
        let order = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
        var found: [(pair: Pair, gap: Double)] = []
        for (place, row) in order.enumerated() {
            for next in order[(place + 1)...].prefix(neighbours) {
                let distance = others.reduce(lengths[next] - lengths[row]) {
                    $0 + abs($1[next] - $1[row])
                }
                let gap = abs(view.residual[row] - view.residual[next]) - distance
                let isHigher = view.residual[row] > view.residual[next]
                found.append(
                    (Pair(higher: isHigher ? row : next, lower: isHigher ? next : row), gap))
            }
        }
        found.sort {
            ($1.gap, $0.pair.higher, $0.pair.lower) < ($0.gap, $1.pair.higher, $1.pair.lower)
        }
        var used: Set<Int> = []
        var result: [Pair] = []
        for (pair, _) in found where result.count < count {
            guard !used.contains(pair.higher), !used.contains(pair.lower) else { continue }
            used.formUnion([pair.higher, pair.lower])
            result.append(pair)
        }
        return result
    }

    /// Rows next in length that a row is compared with.
    private static let neighbours = 12
}
