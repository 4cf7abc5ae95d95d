/// Ridge regression on sparse rows with an intercept that is not penalised.
///
/// Minimises Σ (yᵢ − b − xᵢ·w)² + λ‖w‖² by conjugate gradients on the centred normal equations, which
/// never form a matrix of terms by terms. Hestenes and Stiefel 1952.
struct SparseRidge: Sendable {
    let weights: [Double]
    let intercept: Double

    /// - Parameters:
    ///   - rows: the places in `x` to fit on.
    ///   - y: the target by place in `x`.
    init(_ x: SparseRows, rows: [Int], y: [Double], penalty: Double, iterations: Int = 200) {
        let count = Double(rows.count)
        let mean = rows.reduce(0) { $0 + y[$1] } / count
        var means = [Double](repeating: 0, count: x.columnCount)
        for row in rows { x.add(row, scale: 1 / count, to: &means) }

        func apply(_ w: [Double]) -> [Double] {
            let shift = Self.dot(means, w)
            var result = w.map { penalty * $0 }
            var total = 0.0
            for row in rows {
                let value = x.product(row, w) - shift
                total += value
                x.add(row, scale: value, to: &result)
            }
            for column in result.indices { result[column] -= total * means[column] }
            return result
        }

        var w = [Double](repeating: 0, count: x.columnCount)
        var residual = w
        for row in rows { x.add(row, scale: y[row] - mean, to: &residual) }
        var direction = residual
        var norm = Self.dot(residual, residual)
        let target = norm * 1e-16
        for _ in 0..<iterations where norm > target {
            let product = apply(direction)
            let step = norm / Self.dot(direction, product)
            for column in w.indices {
                w[column] += step * direction[column]
                residual[column] -= step * product[column]
            }
            let next = Self.dot(residual, residual)
            for column in w.indices {
                direction[column] = residual[column] + next / norm * direction[column]
            }
            norm = next
        }
        weights = w
        intercept = mean - Self.dot(means, w)
    }

    func prediction(_ x: SparseRows, _ row: Int) -> Double {
        intercept + x.product(row, weights)
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }
}
