import Foundation

/// Successes of trials whose chance varies beyond what the columns say: the chance of row i is a
/// draw from Beta(μᵢ φ, (1 − μᵢ) φ) with μᵢ = σ(a + xᵢ·b). Fitted by the greatest likelihood less
/// λ/2 Σⱼ (sⱼ bⱼ)², sⱼ the standard deviation of column j or 1.
///
/// - Source: Williams, Biometrics 31, 1975; Griffiths, Biometrics 29, 1973.
public struct BetaBinomialRegression: Sendable, Hashable, Codable {
    private static let name = "beta-binomial regression"

    /// The log odds of the mean where every column is 0.
    public let intercept: Double
    /// What one unit of each column adds to the log odds of the mean.
    public let coefficients: [Double]
    /// ρ = 1/(1 + φ), the correlation between two trials of a row; 0 where the data vary no more
    /// than binomially, or have one trial a row, which cannot show it.
    public let dispersion: Double
    /// λ.
    public let penalty: Double
    /// The standard error of each coefficient, from the observed information; nil under a penalty
    /// and beside a constant column.
    public let standardErrors: [Double]?

    /// log φ past which the data are binomial for every purpose.
    static let binomialPrecision = 12.0

    /// Fits the model.
    ///
    /// - Parameters:
    ///   - columns: [n × p].
    ///   - successes: [n], whole numbers in 0…trials.
    ///   - trials: [n], whole numbers above 0.
    ///   - penalty: λ ≥ 0.
    ///   - standardised: whether a column's penalty is in units of its standard deviation.
    public init(
        columns: ColumnMatrix, successes: [Double], trials: [Double], penalty: Double,
        standardised: Bool = true
    ) throws(RegressionError) {
        precondition(penalty >= 0, "\(Self.name): the penalty must be at least 0: \(penalty)")
        precondition(trials.count == successes.count, "\(Self.name): counts of trials disagree")
        try RegressionInput.check(Self.name, columns, successes, nil)
        for (row, (k, n)) in zip(successes, trials).enumerated() {
            guard k >= 0, k <= n, n >= 1, k == k.rounded(), n == n.rounded() else {
                throw .targetOutOfRange(
                    model: Self.name, row: row, value: k, expected: "a whole number in 0…\(n)")
            }
        }
        let binomial = try LogisticRegression(
            columns: columns, target: zip(successes, trials).map { $0 / $1 }, penalty: penalty,
            weights: trials, standardised: standardised)
        let scaled = ScaledColumns(columns, weights: nil, centred: true)
        let fit = BetaBinomialLikelihood(
            products: WeightedProducts(table: scaled.table, intercept: true),
            successes: successes, trials: trials,
            penalties: scaled.penalties(penalty, standardised: standardised))
        let slopes = zip(scaled.live, scaled.scales).map { binomial.coefficients[$0] * $1 }
        let mean =
            binomial.intercept
            + InnerProducts.dot(
                scaled.live.map { binomial.coefficients[$0] }, scaled.means)
        self.penalty = penalty
        guard trials.contains(where: { $0 > 1 }),
            let precision = fit.startingPrecision(at: [mean] + slopes)
        else {
            (intercept, coefficients) = (binomial.intercept, binomial.coefficients)
            (dispersion, standardErrors) = (0, binomial.standardErrors)
            return
        }
        let found = try NewtonMinimum.find(
            Self.name, from: [mean] + slopes + [precision], evaluate: fit.evaluate)
        let place = found.place.dropFirst().prefix(slopes.count)
        let (coefficients, shift) = scaled.restored(place)
        self.coefficients = coefficients
        intercept = found.place[0] - shift
        dispersion = Logistic.chance(-found.place[slopes.count + 1])
        let variances = found.curvature.inverseDiagonal().dropFirst().prefix(slopes.count)
        standardErrors = penalty == 0 ? scaled.standardErrors(variances) : nil
    }

    /// The mean share of successes of each row.
    public func predict(_ columns: ColumnMatrix) -> [Double] {
        columns.product(coefficients).map { Logistic.chance($0 + intercept) }
    }
}
