import Foundation

/// The chances of ordered levels, P(y ≤ level k) = σ(θ_k − x·b) with θ₁ < θ₂ < …, fitted by the
/// greatest likelihood less λ/2 Σⱼ (sⱼ bⱼ)², sⱼ the standard deviation of column j or 1.
///
/// - Source: McCullagh, "Regression models for ordinal data", JRSS B 42(2), 1980.
public struct OrdinalRegression: Sendable, Hashable, Codable {
    private static let name = "ordinal regression"
    /// The most levels; a target of more is better treated as a number.
    public static let levelLimit = 50

    /// The target's values, ascending.
    public let levels: [Double]
    /// θ, one fewer than the levels.
    public let thresholds: [Double]
    /// What one unit of each column adds towards higher levels, in log odds.
    public let coefficients: [Double]
    /// λ.
    public let penalty: Double
    /// The standard error of each coefficient, from the observed information; nil under a penalty
    /// and beside a constant column.
    public let standardErrors: [Double]?

    /// Fits the model.
    ///
    /// - Parameters:
    ///   - columns: [n × p].
    ///   - target: [n], 2…``levelLimit`` different values.
    ///   - penalty: λ ≥ 0.
    ///   - standardised: whether a column's penalty is in units of its standard deviation.
    public init(
        columns: ColumnMatrix, target: [Double], penalty: Double, standardised: Bool = true
    ) throws(RegressionError) {
        precondition(penalty >= 0, "\(Self.name): the penalty must be at least 0: \(penalty)")
        try RegressionInput.check(Self.name, columns, target, nil)
        let levels = Set(target).sorted()
        guard levels.count > 1 else {
            throw .constantTarget(model: Self.name, value: target[0])
        }
        guard levels.count <= Self.levelLimit else {
            throw .tooManyLevels(model: Self.name, levels: levels.count, limit: Self.levelLimit)
        }
        let numbers = Dictionary(uniqueKeysWithValues: zip(levels, 0...))
        let scaled = ScaledColumns(columns, weights: nil, centred: true)
        let fit = OrdinalLikelihood(
            table: scaled.table, codes: target.compactMap { numbers[$0] },
            levelCount: levels.count,
            penalties: scaled.penalties(penalty, standardised: standardised))
        let found = try NewtonMinimum.find(Self.name, from: fit.start, evaluate: fit.evaluate)
        let cuts = levels.count - 1
        let (coefficients, shift) = scaled.restored(found.place.suffix(scaled.live.count))
        self.levels = levels
        self.coefficients = coefficients
        thresholds = found.place.prefix(cuts).map { $0 + shift }
        self.penalty = penalty
        let variances = found.curvature.inverseDiagonal().suffix(scaled.live.count)
        standardErrors = penalty == 0 ? scaled.standardErrors(variances) : nil
    }

    /// x·b of each row: higher means higher levels.
    public func score(_ columns: ColumnMatrix) -> [Double] { columns.product(coefficients) }

    /// The chance of each level, [n × levels].
    public func probabilities(_ columns: ColumnMatrix) -> ColumnMatrix {
        let scores = score(columns)
        let below = thresholds.map { cut in scores.map { Logistic.chance(cut - $0) } }
        let none = [Double](repeating: 0, count: scores.count)
        let all = [Double](repeating: 1, count: scores.count)
        let chances = zip(below + [all], [none] + below).map { upper, lower in
            zip(upper, lower).map { max(0, $0 - $1) }
        }
        return ColumnMatrix(rows: scores.count, columns: chances)
    }

    /// The mean of the levels under each row's chances.
    public func predict(_ columns: ColumnMatrix) -> [Double] {
        probabilities(columns).product(levels)
    }
}

/// The likelihood of thresholds and coefficients, in this order.
private struct OrdinalLikelihood {
    let table: ColumnMatrix
    /// The level of each row, from 0.
    let codes: [Int]
    let levelCount: Int
    let penalties: [Double]

    var cuts: Int { levelCount - 1 }

    /// The log odds of the shares at or below each level, without an effect of any column.
    var start: [Double] {
        var counts = [Double](repeating: 0, count: levelCount)
        for code in codes { counts[code] += 1 }
        var reached = 0.0
        let odds = counts.dropLast().map { count -> Double in
            reached += count
            return log(reached / (Double(codes.count) - reached))
        }
        return odds + [Double](repeating: 0, count: table.columns)
    }

    /// A row's part: with u = θ_c − x·b above and l = θ_{c−1} − x·b below,
    ///
    ///     log(σ(u) − σ(l)) = log σ(u) + log σ(−l) + log(1 − e^{l − u}),
    ///
    /// a term being absent where the level has no threshold on that side.
    func evaluate(_ place: [Double]) -> NewtonMinimum.Point? {
        guard zip(place.prefix(cuts), place.prefix(cuts).dropFirst()).allSatisfy({ $0 < $1 }) else {
            return nil
        }
        let order = cuts + table.columns
        let scores = table.product(Array(place.suffix(table.columns)))
        var parts = Parts(rows: codes.count, cuts: cuts)
        for (i, code) in codes.enumerated() {
            parts.add(
                row: i, code: code, upper: code < cuts ? place[code] - scores[i] : nil,
                lower: code > 0 ? place[code - 1] - scores[i] : nil)
        }
        let products = WeightedProducts(table: table, intercept: false)
        var hessian = [Double](repeating: 0, count: order * order)
        let squares = products.squares(parts.scoreCurves)
        for b in 0..<table.columns {
            for a in 0..<table.columns {
                hessian[(cuts + b) * order + cuts + a] = squares[b * table.columns + a]
            }
        }
        for cut in 0..<cuts {
            for other in 0..<cuts {
                hessian[cut * order + other] = parts.cutCurves[cut * cuts + other]
            }
            for (j, mixed) in products.sums(parts.mixedCurves[cut]).enumerated() {
                hessian[cut * order + cuts + j] = mixed
                hessian[(cuts + j) * order + cut] = mixed
            }
        }
        var point = NewtonMinimum.Point(
            value: parts.value, gradient: parts.cutSlopes + products.sums(parts.scoreSlopes),
            hessian: hessian)
        point.add(penalties, at: place, from: cuts)
        return point
    }

    /// Sums of the rows' derivatives of −log likelihood by threshold and by score.
    struct Parts {
        let cuts: Int
        var value = 0.0
        var cutSlopes: [Double]
        /// [cuts × cuts].
        var cutCurves: [Double]
        /// By x·b, [n].
        var scoreSlopes: [Double]
        var scoreCurves: [Double]
        /// By threshold and x·b, [cuts][n].
        var mixedCurves: [[Double]]

        init(rows: Int, cuts: Int) {
            self.cuts = cuts
            cutSlopes = [Double](repeating: 0, count: cuts)
            cutCurves = [Double](repeating: 0, count: cuts * cuts)
            scoreSlopes = [Double](repeating: 0, count: rows)
            scoreCurves = scoreSlopes
            mixedCurves = [[Double]](repeating: scoreSlopes, count: cuts)
        }

        mutating func add(row: Int, code: Int, upper: Double?, lower: Double?) {
            var between = 0.0
            if let upper, let lower {
                between = 1 / expm1(upper - lower)
                value -= log(-expm1(lower - upper))
            }
            let coupled = between * (1 + between)
            if let upper {
                let slope = -(Logistic.chance(-upper) + between)
                let curve = Logistic.chance(upper) * Logistic.chance(-upper) + coupled
                value += Logistic.logOnePlusExp(-upper)
                add(row, code, slope, curve, lower == nil ? 0 : coupled)
            }
            if let lower {
                let slope = Logistic.chance(lower) + between
                let curve = Logistic.chance(lower) * Logistic.chance(-lower) + coupled
                value += Logistic.logOnePlusExp(lower)
                add(row, code - 1, slope, curve, upper == nil ? 0 : coupled)
            }
            if upper != nil, lower != nil {
                cutCurves[code * cuts + code - 1] -= coupled
                cutCurves[(code - 1) * cuts + code] -= coupled
            }
        }

        /// One threshold's side of a row; the score moves against it.
        private mutating func add(
            _ row: Int, _ cut: Int, _ slope: Double, _ curve: Double, _ coupled: Double
        ) {
            cutSlopes[cut] += slope
            cutCurves[cut * cuts + cut] += curve
            scoreSlopes[row] -= slope
            scoreCurves[row] += curve - coupled
            mixedCurves[cut][row] -= curve - coupled
        }
    }
}
