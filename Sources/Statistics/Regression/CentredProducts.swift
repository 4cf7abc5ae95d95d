/// What a linear fit needs of its data: products of the columns and of the target about their
/// weighted means.
struct CentredProducts: Sendable {
    /// Σw.
    let weight: Double
    /// The mean of each column.
    let means: [Double]
    /// Σ w (xⱼ − x̄ⱼ)(xₖ − x̄ₖ), [p × p].
    let gram: [Double]
    /// Σ w xⱼ², against which a column counts as constant.
    let scales: [Double]
    let targetMean: Double
    /// Σ w (xⱼ − x̄ⱼ)(y − ȳ).
    let moments: [Double]
    /// Σ w (y − ȳ)².
    let targetSquare: Double

    init(_ columns: ColumnMatrix, _ target: [Double], _ weights: [Double]?) {
        let (n, p) = (columns.rows, columns.columns)
        let weights = weights ?? [Double](repeating: 1, count: n)
        let total = weights.reduce(0, +)
        func centred(_ values: some Collection<Double>) -> (mean: Double, values: [Double]) {
            let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
            return (mean, zip(values, weights).map { ($0 - mean) * $1.squareRoot() })
        }
        let parts = (0..<p).map { centred(columns.column($0)) }
        let (targetMean, targetPart) = centred(target)
        let table = ColumnMatrix(rows: n, columns: parts.map(\.values) + [targetPart])
        let products = InnerProducts.between(0..<p + 1, 0..<p + 1, of: table, rows: 0..<n)
        weight = total
        means = parts.map(\.mean)
        gram = (0..<p).flatMap { products[$0 * (p + 1)..<$0 * (p + 1) + p] }
        scales = (0..<p).map { place in
            zip(columns.column(place), weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        }
        self.targetMean = targetMean
        moments = Array(products[p * (p + 1)..<p * (p + 1) + p])
        targetSquare = products[(p + 1) * (p + 1) - 1]
    }
}

/// Checks that all models make.
enum RegressionInput {
    /// - Precondition: counts agree and weights are at least 0.
    static func check(
        _ model: String, _ columns: ColumnMatrix, _ target: [Double], _ weights: [Double]?
    ) throws(RegressionError) {
        precondition(
            target.count == columns.rows && (weights?.count ?? target.count) == target.count,
            "\(model): \(columns.rows) rows, \(target.count) targets")
        precondition(
            weights?.allSatisfy { $0 >= 0 && $0.isFinite } ?? true,
            "\(model): weights must be finite and at least 0")
        guard columns.rows >= 2, weights.map({ $0.contains { $0 > 0 } }) ?? true else {
            throw .tooFewRows(model: model, rows: columns.rows, needed: 2)
        }
        if let row = target.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(model: model, row: row, column: nil)
        }
        if let place = columns.storage.firstIndex(where: { !$0.isFinite }) {
            let (column, row) = place.quotientAndRemainder(dividingBy: columns.rows)
            throw .notFinite(model: model, row: row, column: column)
        }
    }
}
