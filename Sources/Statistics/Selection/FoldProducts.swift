/// Columns as standardised ranks, sorted by fold, and their products in each fold and outside it.
///
/// The columns are 1, controls, candidates, probes. All that a cross-fitted regression of one on
/// others needs is in the products, so that what follows does not depend on the number of rows.
struct FoldProducts: Sendable {
    /// The rows of each fold in ``table``.
    let ranges: [Range<Int>]
    /// The problem's row of each row of ``table``.
    let order: [Int]
    /// [n × width].
    let table: ColumnMatrix
    /// 1, controls and candidates: the columns that may be chosen.
    let core: Int
    /// Where the candidates lie among the columns.
    let candidates: Range<Int>
    /// Products within each fold, [width × core], the first index running fastest.
    let held: [[Double]]
    /// Products outside of each fold.
    let training: [[Double]]
    /// Each column's square within each fold, and outside it, [width].
    let heldSquares: [[Double]]
    let trainingSquares: [[Double]]

    var width: Int { table.columns }
    var foldCount: Int { ranges.count }

    /// The columns of a problem and of its probes.
    struct Columns: Sendable {
        let table: ColumnMatrix
        let target: [Double]
        let controlCount: Int
        let candidateCount: Int

        /// - Parameter probes: noise, [n × any].
        init(_ problem: SelectionProblem, probes: ColumnMatrix) {
            let n = problem.candidates.rows
            func ranked(_ matrix: ColumnMatrix) -> [[Double]] {
                (0..<matrix.columns).compactMap {
                    RankStatistics.standardisedRanks(Array(matrix.column($0)))
                }
            }
            let columns =
                [[Double](repeating: 1, count: n)] + ranked(problem.controls)
                + ranked(problem.candidates)
            table = ColumnMatrix(rows: n, columns: columns).appending(probes)
            target = RankStatistics.standardisedRanks(problem.target) ?? []
            controlCount = problem.controls.columns
            candidateCount = problem.candidates.columns
        }
    }

    /// - Parameters:
    ///   - rows: which rows take part.
    ///   - folds: the fold of every row, of those that do not take part too.
    init(_ columns: Columns, rows: [Int], folds: [Int]) {
        let members = Dictionary(grouping: rows) { folds[$0] }
        let names = members.keys.sorted()
        order = names.flatMap { members[$0] ?? [] }
        var first = 0
        ranges = names.map { name in
            let count = members[name]?.count ?? 0
            defer { first += count }
            return first..<first + count
        }
        let table = columns.table.selecting(rows: order)
        let core = 1 + columns.controlCount + columns.candidateCount
        held = ranges.map {
            InnerProducts.between(0..<table.columns, 0..<core, of: table, rows: $0)
        }
        heldSquares = ranges.map { range in
            (0..<table.columns).map { column in
                let start = column * table.rows
                let values = table.storage[start + range.lowerBound..<start + range.upperBound]
                return InnerProducts.dot(values, values)
            }
        }
        training = Self.others(held)
        trainingSquares = Self.others(heldSquares)
        self.table = table
        self.core = core
        candidates = 1 + columns.controlCount..<core
    }

    /// For each fold the sum of the others.
    static func others(_ parts: [[Double]]) -> [[Double]] {
        guard let first = parts.first else { return [] }
        var total = first
        for part in parts.dropFirst() {
            for i in total.indices { total[i] += part[i] }
        }
        return parts.map { part in zip(total, part).map { $0 - $1 } }
    }
}

/// A target's products with the columns of ``FoldProducts``.
struct TargetProducts: Sendable {
    /// The target in the order of the table's rows.
    let values: [Double]
    /// With every column, within each fold and outside it.
    let held: [[Double]]
    let training: [[Double]]
    /// Its square within each fold.
    let heldSquares: [Double]

    /// - Parameter values: the target in the order of the problem's rows.
    init(_ values: [Double], _ products: FoldProducts) {
        let sorted = products.order.map { values[$0] }
        held = products.ranges.map {
            InnerProducts.between(sorted, andColumnsOf: products.table, rows: $0)
        }
        training = FoldProducts.others(held)
        heldSquares = products.ranges.map { InnerProducts.dot(sorted[$0], sorted[$0]) }
        self.values = sorted
    }
}
