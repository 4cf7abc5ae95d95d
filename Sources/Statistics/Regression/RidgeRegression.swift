/// A linear model whose coefficients are kept small,
///
///     min Σᵢ wᵢ (yᵢ − a − xᵢ·b)² + λ Σⱼ (sⱼ bⱼ)²,
///
/// with sⱼ the standard deviation of column j (divided by Σw), so that units do not matter, or 1.
/// The intercept a is not penalised. With λ = 0 this is least squares.
///
/// - Source: Hoerl and Kennard, Technometrics 12, 1970.
public struct RidgeRegression: Sendable, Hashable, Codable {
    static let name = "ridge regression"

    /// The prediction where every column is 0.
    public let intercept: Double
    /// What one unit of each column adds.
    public let coefficients: [Double]
    /// λ.
    public let penalty: Double
    /// The standard error of each coefficient, √(s² (XᵀX)⁻¹ⱼⱼ) with s² = RSS/(n − p − 1); nil
    /// under a penalty, which biases the coefficients, and when no degree of freedom is left.
    public let standardErrors: [Double]?

    /// Fits the model.
    ///
    /// - Parameters:
    ///   - columns: [n × p].
    ///   - target: [n].
    ///   - penalty: λ ≥ 0.
    ///   - weights: one for each row, ≥ 0; nil for equal ones.
    ///   - standardised: whether a column's penalty is in units of its standard deviation.
    /// - Complexity: O(n p² + p³).
    public init(
        columns: ColumnMatrix, target: [Double], penalty: Double, weights: [Double]? = nil,
        standardised: Bool = true
    ) throws(RegressionError) {
        precondition(penalty >= 0, "\(Self.name): the penalty must be at least 0: \(penalty)")
        try RegressionInput.check(Self.name, columns, target, weights)
        let data = CentredProducts(columns, target, weights)
        self = try Self.solve(data, penalty, standardised, rows: columns.rows)
    }

    /// a + x·b for each row.
    public func predict(_ columns: ColumnMatrix) -> [Double] {
        columns.product(coefficients).map { $0 + intercept }
    }

    private init(
        intercept: Double, coefficients: [Double], penalty: Double, standardErrors: [Double]?
    ) {
        self.intercept = intercept
        self.coefficients = coefficients
        self.penalty = penalty
        self.standardErrors = standardErrors
    }

    static func solve(
        _ data: CentredProducts, _ penalty: Double, _ standardised: Bool, rows: Int
    ) throws(RegressionError) -> RidgeRegression {
        let p = data.means.count
        // In units of each column's own length the factorisation sees a correlation matrix. A
        // constant column is left out: it says what the intercept says.
        let live = (0..<p).filter { data.gram[$0 * p + $0] > 1e-24 * max(data.scales[$0], 1e-300) }
        let lengths = live.map { data.gram[$0 * p + $0].squareRoot() }
        let order = live.count
        var gram = [Double](repeating: 0, count: order * order)
        for (b, right) in live.enumerated() {
            for (a, left) in live.enumerated() {
                gram[b * order + a] = data.gram[right * p + left] / (lengths[a] * lengths[b])
            }
            let square = lengths[b] * lengths[b]
            gram[b * order + b] += penalty / (standardised ? data.weight : square)
        }
        guard let factor = CholeskyFactor(gram, order: order) else {
            throw .collinear(model: name)
        }
        let scaled = factor.solve(live.enumerated().map { data.moments[$1] / lengths[$0] })
        var coefficients = [Double](repeating: 0, count: p)
        for (place, column) in live.enumerated() {
            coefficients[column] = scaled[place] / lengths[place]
        }
        let intercept = data.targetMean - InnerProducts.dot(coefficients, data.means)
        let freedom = rows - order - 1
        guard penalty == 0, freedom > 0, order == p else {
            return RidgeRegression(
                intercept: intercept, coefficients: coefficients, penalty: penalty,
                standardErrors: nil)
        }
        let explained = InnerProducts.dot(coefficients, data.moments)
        let variance = max(0, data.targetSquare - explained) / Double(freedom)
        let errors = zip(factor.inverseDiagonal(), lengths).map {
            (variance * $0).squareRoot() / $1
        }
        return RidgeRegression(
            intercept: intercept, coefficients: coefficients, penalty: penalty,
            standardErrors: errors)
    }
}
