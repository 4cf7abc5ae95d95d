import Digests
import Rows
import Statistics
import Tools

/// The fold of each row that anything is fitted on; groups are whole.
struct TrainingFolds: Sendable {
    let discover: [Int]
    let select: [Int]

    init(_ deal: RoleDeal, count: Int, seed: UInt64) throws {
        discover = try deal.discover.folds(count: count, seed: seed)
        select = try deal.select.folds(count: count, seed: seed)
    }
}

/// The discover and select rows together: what baselines that propose nothing are fitted on.
struct TrainingRows: Sendable {
    let rows: RowSet
    let folds: [Int]

    init(_ deal: RoleDeal, of all: RowSet, folds: TrainingFolds) {
        rows = all.taking(deal.discover.indices + deal.select.indices)
        self.folds = folds.discover + folds.select
    }
}

/// A column with what is missing left out of it.
typealias Column = [Double?]

extension [ToolValue] {
    var column: Column { map(\.number) }
}

extension Column {
    /// Mean and standard deviation of what is there; 0 and 1 of nothing, and deviation 1 of a constant.
    var moments: (mean: Double, deviation: Double) {
        let known = compactMap { $0 }
        guard !known.isEmpty else { return (0, 1) }
        let mean = known.reduce(0, +) / Double(known.count)
        let square = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)
        return (mean, square > 0 ? square.squareRoot() : 1)
    }

    /// With the middle value in place of what is missing, for ranks.
    var filled: [Double] {
        let known = compactMap { $0 }.sorted()
        let middle =
            known.isEmpty ? 0 : (known[(known.count - 1) / 2] + known[known.count / 2]) / 2
        return map { $0 ?? middle }
    }
}
