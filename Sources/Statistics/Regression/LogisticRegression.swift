import Foundation

/// The chance of a yes as σ(a + x·b), fitted by
///
///     max Σᵢ wᵢ (yᵢ log pᵢ + (1 − yᵢ) log(1 − pᵢ)) − λ/2 Σⱼ (sⱼ bⱼ)²,
///
/// with sⱼ the standard deviation of column j, so that units do not matter, or 1. Targets may be
/// shares of `weights` trials: this is binomial regression then. Without an intercept, columns are
/// differences between two sides and the target says whether the first was preferred (Bradley and
/// Terry); sⱼ is the root mean square there.
///
/// - Source: Cox 1958; le Cessie and van Houwelingen, Applied Statistics 41(1), 1992; Newton's
///   method as in McCullagh and Nelder, "Generalized Linear Models", 1989, section 4.4.
public struct LogisticRegression: Sendable, Hashable, Codable {
    private static let name = "logistic regression"

    /// The log odds where every column is 0; 0 without an intercept.
    public let intercept: Double
    /// What one unit of each column adds to the log odds.
    public let coefficients: [Double]
    /// λ.
    public let penalty: Double
    /// The standard error of each coefficient, from the information matrix; nil under a penalty,
    /// which biases the coefficients, and beside a constant column.
    public let standardErrors: [Double]?

    /// Fits the model.
    ///
    /// - Parameters:
    ///   - columns: [n × p].
    ///   - target: [n], each in 0…1.
    ///   - penalty: λ ≥ 0.
    ///   - weights: one for each row, ≥ 0; nil for equal ones.
    ///   - intercept: whether there is a.
    ///   - standardised: whether a column's penalty is in units of its standard deviation.
    public init(
        columns: ColumnMatrix, target: [Double], penalty: Double, weights: [Double]? = nil,
        intercept: Bool = true, standardised: Bool = true
    ) throws(RegressionError) {
        precondition(penalty >= 0, "\(Self.name): the penalty must be at least 0: \(penalty)")
        try RegressionInput.check(Self.name, columns, target, weights)
        if let row = target.firstIndex(where: { $0 < 0 || $0 > 1 }) {
            throw .targetOutOfRange(
                model: Self.name, row: row, value: target[row], expected: "a number in 0…1")
        }
        let scaled = ScaledColumns(columns, weights: weights, centred: intercept)
        let products = WeightedProducts(table: scaled.table, intercept: intercept)
        let penalties =
            (intercept ? [0] : []) + scaled.penalties(penalty, standardised: standardised)
        let weights = weights ?? [Double](repeating: 1, count: target.count)
        let start = [Double](repeating: 0, count: products.order)
        let found = try NewtonMinimum.find(Self.name, from: start) { place in
            Self.objective(place, products, target, weights, penalties)
        }
        let slopes = found.place.suffix(scaled.live.count)
        let (coefficients, shift) = scaled.restored(slopes)
        self.coefficients = coefficients
        self.intercept = intercept ? found.place[0] - shift : 0
        self.penalty = penalty
        let variances = found.curvature.inverseDiagonal().suffix(scaled.live.count)
        standardErrors = penalty == 0 ? scaled.standardErrors(variances) : nil
    }

    /// The log odds a + x·b of each row.
    public func logOdds(_ columns: ColumnMatrix) -> [Double] {
        columns.product(coefficients).map { $0 + intercept }
    }

    /// The chance of a yes of each row.
    public func predict(_ columns: ColumnMatrix) -> [Double] {
        logOdds(columns).map(Logistic.chance)
    }

    private static func objective(
        _ place: [Double], _ products: WeightedProducts, _ target: [Double], _ weights: [Double],
        _ penalties: [Double]
    ) -> NewtonMinimum.Point {
        let odds = products.predictor(place)
        var value = 0.0
        var (slopes, curves) = (odds, odds)
        for (i, z) in odds.enumerated() {
            let p = Logistic.chance(z)
            value += weights[i] * (Logistic.logOnePlusExp(z) - target[i] * z)
            slopes[i] = weights[i] * (p - target[i])
            curves[i] = weights[i] * p * Logistic.chance(-z)
        }
        var point = NewtonMinimum.Point(
            value: value, gradient: products.sums(slopes), hessian: products.squares(curves))
        point.add(penalties, at: place, from: 0)
        return point
    }
}

extension NewtonMinimum.Point {
    /// Adds Σ penaltyⱼ/2 · placeⱼ² for the elements from `first`.
    mutating func add(_ penalties: [Double], at place: [Double], from first: Int) {
        for (j, penalty) in penalties.enumerated() {
            let i = first + j
            value += penalty / 2 * place[i] * place[i]
            gradient[i] += penalty * place[i]
            hessian[i * gradient.count + i] += penalty
        }
    }
}

/// The logistic function without overflow.
enum Logistic {
    /// σ(z) = 1/(1 + e⁻ᶻ).
    static func chance(_ z: Double) -> Double {
        if z >= 0 { return 1 / (1 + exp(-z)) }
        let e = exp(z)
        return e / (1 + e)
    }

    /// log(1 + eᶻ) = −log σ(−z).
    static func logOnePlusExp(_ z: Double) -> Double { max(z, 0) + log1p(exp(-abs(z))) }
}
