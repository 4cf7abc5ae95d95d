import Foundation
import Rows
import Statistics

/// What a score model is fitted on.
struct FittingProblem: Sendable {
    var names: [String]
    var columns: [Column]
    var target: [Double]
    /// The trials of a counts target.
    var trials: [Double]?
    /// The fold of each row; rows that belong together lie in one.
    var folds: [Int]
    var kind: TargetSpecification.Kind
}

extension ScoreModel {
    /// Fits the model that goes with the target: ridge regression for a number (of ln(1 + target) where
    /// it has a long tail; the penalty by cross-validation over whole groups), logistic for a yes or no
    /// and for a preference (without an intercept), cumulative logits for levels, beta-binomial for
    /// counts. Columns are standardised.
    ///
    /// - Throws: `RegressionError`.
    static func fit(_ problem: FittingProblem) throws -> ScoreModel {
        let moments = problem.columns.map(\.moments)
        // A pair's difference has its zero where both texts are alike.
        let centres = moments.map { problem.kind == .preference ? 0 : $0.mean }
        let scaled = problem.columns.indices.map { index in
            problem.columns[index].map { value in
                value.map { ($0 - centres[index]) / moments[index].deviation } ?? 0
            }
        }
        let matrix = ColumnMatrix(rows: problem.target.count, columns: scaled)
        let isConstant = problem.target.allSatisfy { $0 == problem.target.first }
        let fitted = isConstant ? constant(problem) : try coefficients(problem, matrix)
        let inputs = problem.names.indices.map {
            Input(
                name: problem.names[$0], mean: centres[$0], deviation: moments[$0].deviation,
                weight: fitted.weights[$0])
        }
        return ScoreModel(inputs: inputs, intercept: fitted.intercept, link: fitted.link)
    }

    /// Of models that are fitted by likelihood: with a handful of standardised columns it only keeps
    /// coefficients finite where the data would let them run away.
    private static let lightPenalty = 1.0

    private typealias Fitted = (weights: [Double], intercept: Double, link: Link)

    private static func coefficients(
        _ problem: FittingProblem, _ matrix: ColumnMatrix
    ) throws -> Fitted {
        switch problem.kind {
        case .numeric:
            let isLong = hasLongTail(problem.target)
            let target = isLong ? problem.target.map { log(1 + $0) } : problem.target
            return try ridge(problem, matrix, target, link: isLong ? .logarithm : .identity)
        case .binary, .preference:
            let model = try LogisticRegression(
                columns: matrix, target: problem.target, penalty: lightPenalty,
                intercept: problem.kind == .binary, standardised: false)
            return (model.coefficients, model.intercept, .logistic)
        case .ordinal:
            let model = try OrdinalRegression(
                columns: matrix, target: problem.target, penalty: lightPenalty,
                standardised: false)
            return (
                model.coefficients, 0,
                .ordinal(thresholds: model.thresholds, levels: model.levels)
            )
        case .counts:
            let trials = problem.trials ?? problem.target.map { _ in 1 }
            let model = try BetaBinomialRegression(
                columns: matrix,
                successes: zip(problem.target, trials).map { ($0 * $1).rounded() }, trials: trials,
                penalty: lightPenalty, standardised: false)
            return (model.coefficients, model.intercept, .logistic)
        }
    }

    /// Where all rows have one target there is nothing to fit, and likelihoods have no maximum.
    private static func constant(_ problem: FittingProblem) -> Fitted {
        let weights = problem.names.map { _ in 0.0 }
        let target = problem.target.first ?? 0
        switch problem.kind {
        case .numeric: return (weights, target, .identity)
        case .ordinal: return (weights, target, .identity)
        case .preference: return (weights, 0, .logistic)
        case .binary, .counts:
            let chance = min(0.999, max(0.001, target))
            return (weights, log(chance / (1 - chance)), .logistic)
        }
    }

    private static func ridge(
        _ problem: FittingProblem, _ matrix: ColumnMatrix, _ target: [Double], link: Link
    ) throws -> Fitted {
        let model = try RidgeRegression.crossValidated(
            columns: matrix, target: target, folds: problem.folds, standardised: false)
        return (model.coefficients, model.intercept, link)
    }

    /// Whether a count or amount is so skewed that its logarithm is the better scale.
    static func hasLongTail(_ target: [Double]) -> Bool {
        guard let least = target.min(), least >= 0 else { return false }
        let count = Double(target.count)
        let mean = target.reduce(0, +) / count
        let second = target.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let third = target.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) } / count
        return second > 0 && third / (second * second.squareRoot()) > 2
    }
}
