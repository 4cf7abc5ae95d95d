/// Columns about their means in units of their spread, for well-behaved iterations, and the way
/// back.
struct ScaledColumns: Sendable {
    /// The columns that vary, scaled, [n × live].
    let table: ColumnMatrix
    /// Which columns these are.
    let live: [Int]
    /// Their means, 0 where columns are not centred, and their spreads.
    let means: [Double]
    let scales: [Double]
    private let columnCount: Int

    /// - Parameter centred: about means, as an intercept makes up for; else about 0.
    init(_ columns: ColumnMatrix, weights: [Double]?, centred: Bool) {
        let total = weights?.reduce(0, +) ?? Double(columns.rows)
        func mean(_ values: some Collection<Double>) -> Double {
            guard let weights else { return values.reduce(0, +) / total }
            return InnerProducts.dot(values, weights) / total
        }
        var (live, means, scales): ([Int], [Double], [Double]) = ([], [], [])
        var scaled: [[Double]] = []
        for place in 0..<columns.columns {
            let values = columns.column(place)
            let centre = centred ? mean(values) : 0
            let square = mean(values.map { ($0 - centre) * ($0 - centre) })
            guard square > 1e-24 * mean(values.map { $0 * $0 }) else { continue }
            let scale = square.squareRoot()
            live.append(place)
            means.append(centre)
            scales.append(scale)
            scaled.append(values.map { ($0 - centre) / scale })
        }
        table = ColumnMatrix(rows: columns.rows, columns: scaled)
        (self.live, self.means, self.scales) = (live, means, scales)
        columnCount = columns.columns
    }

    /// Coefficients in the columns' own units, 0 for constant columns, and what the means take from
    /// an intercept.
    func restored(_ scaled: some Collection<Double>) -> (coefficients: [Double], shift: Double) {
        var coefficients = [Double](repeating: 0, count: columnCount)
        var shift = 0.0
        for (place, value) in scaled.enumerated() {
            coefficients[live[place]] = value / scales[place]
            shift += value / scales[place] * means[place]
        }
        return (coefficients, shift)
    }

    /// The weight of each scaled coefficient's square under a penalty.
    func penalties(_ penalty: Double, standardised: Bool) -> [Double] {
        scales.map { standardised ? penalty : penalty / ($0 * $0) }
    }

    /// Standard errors in the columns' own units; nil where a column was constant.
    func standardErrors(_ variances: some Collection<Double>) -> [Double]? {
        guard live.count == columnCount else { return nil }
        return zip(variances, scales).map { $0.squareRoot() / $1 }
    }
}

/// Sums over rows of weighted products of columns, with or without a column of ones in front.
struct WeightedProducts {
    let table: ColumnMatrix
    let intercept: Bool

    var order: Int { table.columns + (intercept ? 1 : 0) }

    /// The linear predictor of each row.
    func predictor(_ coefficients: some RandomAccessCollection<Double>) -> [Double] {
        let values = Array(coefficients)
        let product = table.product(Array(values.suffix(table.columns)))
        return intercept ? product.map { $0 + values[0] } : product
    }

    /// Σ w x, [order].
    func sums(_ weights: [Double]) -> [Double] {
        (intercept ? [weights.reduce(0, +)] : [])
            + (0..<table.columns).map { InnerProducts.dot(table.column($0), weights) }
    }

    /// Σ w x xᵀ, [order × order].
    func squares(_ weights: [Double]) -> [Double] {
        let ones = [Double](repeating: 1, count: table.rows)
        let first = intercept ? ColumnMatrix(rows: table.rows, columns: [ones]) : nil
        let plain = first?.appending(table) ?? table
        let weighted = ColumnMatrix(
            rows: table.rows, columns: plain.columns,
            storage: (0..<plain.columns).flatMap { zip(plain.column($0), weights).map { $0 * $1 } })
        let both = plain.appending(weighted)
        return InnerProducts.between(
            0..<order, order..<2 * order, of: both, rows: 0..<table.rows)
    }
}
