/// What is left of every column and of the target once some columns are chosen, each row's rest
/// taken from a regression on the rows of the other folds.
///
/// In fold k, with T the products outside it and G those within, a column j leaves
/// x_j − Z_A T_AA⁻¹ T_Aj there, A being the chosen. Choosing one more column a changes every rest
/// by −c_j times the rest of a, c_j = T̃_aj / T̃_aa, and so every product of rests:
///
///     T̃ ← T̃ − c cᵀ T̃_aa,      G̃ ← G̃ − c g_aᵀ − g_a cᵀ + c cᵀ G̃_aa.
///
/// Only the target's row and the diagonals are kept; the row of a chosen column is worked out from
/// those chosen before it.
///
/// - Complexity: a choice costs folds · width · chosen, whatever the number of rows; the rests
///   themselves, wanted for a standard error only, cost rows · chosen.
struct PartialResiduals: Sendable {
    /// A chosen column in one fold.
    private struct Pivot: Sendable {
        /// c, [width].
        var factors: [Double]
        /// g_a, [width].
        var held: [Double]
        /// T̃_aa.
        var trainingSquare: Double
        /// G̃_aa.
        var heldSquare: Double
    }

    /// The rests' products in one fold.
    private struct Fold: Sendable {
        var trainingTarget: [Double]
        var heldTarget: [Double]
        var trainingSquares: [Double]
        var heldSquares: [Double]
        /// Σ of each column's rests.
        var heldSums: [Double]
        var targetSquare: Double
        var targetSum: Double
        var pivots: [Pivot] = []
    }

    private let products: FoldProducts
    private var folds: [Fold]
    /// The target's rest, [n], in the table's order.
    private(set) var targetRest: [Double]
    /// The rest of each chosen column at the time it was chosen, [n] each.
    private var chosenRests: [[Double]] = []
    /// The chosen columns, the column of ones first.
    private(set) var chosen: [Int] = []

    /// A column whose square falls to this share of what it was is a combination of those chosen.
    private static let redundant = 1e-8

    /// With the column of ones chosen.
    init(_ products: FoldProducts, _ target: TargetProducts) {
        self.products = products
        targetRest = target.values
        folds = products.ranges.indices.map { k in
            let sums = (0..<products.width).map { products.held[k][$0] }
            let targetSum = target.held[k][0]
            return Fold(
                trainingTarget: target.training[k], heldTarget: target.held[k],
                trainingSquares: products.trainingSquares[k],
                heldSquares: products.heldSquares[k], heldSums: sums,
                targetSquare: target.heldSquares[k], targetSum: targetSum)
        }
        choose(0)
    }

    /// Whether a column says anything that the chosen do not, in every fold.
    func isUsable(_ column: Int) -> Bool {
        folds.indices.allSatisfy { k in
            folds[k].trainingSquares[column]
                > Self.redundant * products.trainingSquares[k][column]
        }
    }

    /// Takes a column in; nothing happens where it is a combination of the chosen.
    mutating func choose(_ column: Int) {
        guard isUsable(column) else { return }
        let before = chosenRests
        var rest = columnValues(column)
        for k in folds.indices {
            let range = products.ranges[k]
            for (pivot, other) in zip(folds[k].pivots, before) {
                let factor = pivot.factors[column]
                for r in range { rest[r] -= factor * other[r] }
            }
            let factor = folds[k].trainingTarget[column] / folds[k].trainingSquares[column]
            for r in range { targetRest[r] -= factor * rest[r] }
            update(k, column)
        }
        chosenRests.append(rest)
        chosen.append(column)
    }

    /// The correlation, over all rows, of what is left of the target and of a column; nil where
    /// nothing is left of one.
    func correlation(_ column: Int) -> Double? {
        var (xy, xx, yy, x, y) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for fold in folds {
            xy += fold.heldTarget[column]
            xx += fold.heldSquares[column]
            yy += fold.targetSquare
            x += fold.heldSums[column]
            y += fold.targetSum
        }
        let n = Double(targetRest.count)
        let square = (xx - x * x / n) * (yy - y * y / n)
        guard square > 0 else { return nil }
        return (xy - x * y / n) / square.squareRoot()
    }

    /// Σ of the squares of what is left of the target.
    var targetSquare: Double { folds.reduce(0) { $0 + $1.targetSquare } }

    /// What is left of a column, [n].
    func rest(of column: Int) -> [Double] {
        var rest = columnValues(column)
        for (k, range) in products.ranges.enumerated() {
            for (pivot, other) in zip(folds[k].pivots, chosenRests) {
                let factor = pivot.factors[column]
                for r in range { rest[r] -= factor * other[r] }
            }
        }
        return rest
    }

    private func columnValues(_ column: Int) -> [Double] {
        Array(products.table.column(column))
    }

    /// Products of the column's rest with every other rest, outside the fold and within.
    private func row(_ k: Int, _ column: Int) -> (training: [Double], held: [Double]) {
        let width = products.width
        let start = column * width
        var training = Array(products.training[k][start..<start + width])
        var held = Array(products.held[k][start..<start + width])
        for pivot in folds[k].pivots {
            let factor = pivot.factors[column]
            let trained = factor * pivot.trainingSquare
            let mixed = pivot.held[column] - factor * pivot.heldSquare
            for j in 0..<width {
                training[j] -= trained * pivot.factors[j]
                held[j] -= factor * pivot.held[j] + mixed * pivot.factors[j]
            }
        }
        return (training, held)
    }

    private mutating func update(_ k: Int, _ column: Int) {
        let (training, held) = row(k, column)
        let square = folds[k].trainingSquares[column]
        let heldSquare = held[column]
        let factors = training.map { $0 / square }
        let targetFactor = folds[k].trainingTarget[column] / square
        let heldTarget = folds[k].heldTarget[column]
        let sum = folds[k].heldSums[column]
        for j in factors.indices {
            let c = factors[j]
            folds[k].trainingTarget[j] -= targetFactor * training[j]
            folds[k].heldTarget[j] +=
                c * targetFactor * heldSquare - c * heldTarget - targetFactor * held[j]
            folds[k].trainingSquares[j] -= c * training[j]
            folds[k].heldSquares[j] += c * c * heldSquare - 2 * c * held[j]
            folds[k].heldSums[j] -= c * sum
        }
        folds[k].targetSquare +=
            targetFactor * targetFactor * heldSquare
            - 2 * targetFactor * heldTarget
        folds[k].targetSum -= targetFactor * sum
        folds[k].pivots.append(
            Pivot(factors: factors, held: held, trainingSquare: square, heldSquare: heldSquare))
    }
}
