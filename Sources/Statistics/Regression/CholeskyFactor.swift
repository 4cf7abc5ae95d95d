/// The lower triangle L of a symmetric positive definite A = L Lᵀ.
///
/// - Source: Golub and Van Loan, "Matrix Computations", fourth edition, section 4.2.
package struct CholeskyFactor: Sendable {
    /// How many rows A has.
    package let order: Int
    /// L, column after column; what lies above the diagonal is 0.
    private let lower: [Double]

    /// The factor of A, [order × order].
    ///
    /// - Parameter tolerance: the share of its element of A that a pivot may fall to before its
    ///   column counts as a combination of those before it.
    /// - Returns: nil when A is not positive definite to within the tolerance.
    /// - Complexity: order³/3 multiplications.
    package init?(_ a: [Double], order: Int, tolerance: Double = 1e-13) {
        precondition(a.count == order * order, "Cholesky: \(a.count) elements for order \(order)")
        var l = a
        for j in 0..<order {
            for k in 0..<j {
                let factor = l[k * order + j]
                guard factor != 0 else { continue }
                for i in j..<order { l[j * order + i] -= factor * l[k * order + i] }
            }
            let pivot = l[j * order + j]
            guard pivot > tolerance * abs(a[j * order + j]), pivot.isFinite else { return nil }
            let root = pivot.squareRoot()
            for i in j..<order { l[j * order + i] /= root }
            for i in 0..<j { l[j * order + i] = 0 }
        }
        self.order = order
        lower = l
    }

    /// The x with A x = b.
    package func solve(_ b: [Double]) -> [Double] {
        precondition(b.count == order, "Cholesky: \(b.count) elements for order \(order)")
        var x = b
        for j in 0..<order {
            x[j] /= lower[j * order + j]
            for i in j + 1..<max(j + 1, order) { x[i] -= lower[j * order + i] * x[j] }
        }
        for j in (0..<order).reversed() {
            for i in j + 1..<max(j + 1, order) { x[j] -= lower[j * order + i] * x[i] }
            x[j] /= lower[j * order + j]
        }
        return x
    }

    /// The diagonal of A⁻¹.
    func inverseDiagonal() -> [Double] {
        (0..<order).map { place in
            var unit = [Double](repeating: 0, count: order)
            unit[place] = 1
            return solve(unit)[place]
        }
    }
}
