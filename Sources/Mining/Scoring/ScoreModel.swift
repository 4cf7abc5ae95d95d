import Foundation

/// A score that is a sum of shares, one for each input, so that every part of it can be told apart.
///
/// score = intercept + Σ weightⱼ · (valueⱼ − meanⱼ)/deviationⱼ. A value that is missing has no share:
/// its row is scored by what is known, and says so.
public struct ScoreModel: Codable, Hashable, Sendable {
    public struct Input: Codable, Hashable, Sendable {
        public let name: String
        /// Of the rows that were fitted on.
        public let mean: Double
        public let deviation: Double
        public let weight: Double
    }

    /// How a score is read as a prediction of the target.
    public enum Link: Codable, Hashable, Sendable {
        case identity
        /// The score is ln(1 + target), for targets with a long tail.
        case logarithm
        /// The score is the log-odds.
        case logistic
        /// The score is compared with thresholds; the prediction is the expected level.
        case ordinal(thresholds: [Double], levels: [Double])
    }

    public let inputs: [Input]
    public let intercept: Double
    public let link: Link

    /// What each input adds, in the order of ``inputs``.
    public func shares(_ values: [Double?]) -> [Double] {
        precondition(
            values.count == inputs.count, "\(values.count) values for \(inputs.count) inputs")
        return zip(inputs, values).map { input, value in
            value.map { input.weight * ($0 - input.mean) / input.deviation } ?? 0
        }
    }

    /// The same with the levels that a user's rows have in place of their ranks from 0.
    func naming(_ levels: [Double]?) -> ScoreModel {
        guard let levels, case .ordinal(let thresholds, let ranks) = link else { return self }
        return ScoreModel(
            inputs: inputs, intercept: intercept,
            link: .ordinal(thresholds: thresholds, levels: ranks.map { levels[Int($0)] }))
    }

    /// The same weights for a column of another scale: for a tool made from more rows than those that
    /// the weights were fitted by.
    func scaled(at place: Int, like column: Column) -> ScoreModel {
        let (mean, deviation) = column.moments
        var inputs = inputs
        inputs[place] = Input(
            name: inputs[place].name, mean: inputs[place].mean == 0 ? 0 : mean,
            deviation: deviation, weight: inputs[place].weight)
        return ScoreModel(inputs: inputs, intercept: intercept, link: link)
    }

    public func score(_ values: [Double?]) -> Double {
        shares(values).reduce(intercept, +)
    }

    /// The target that a score speaks for.
    public func prediction(score: Double) -> Double {
        switch link {
        case .identity: score
        case .logarithm: max(0, exp(min(score, 700)) - 1)
        case .logistic: Self.chance(score)
        case .ordinal(let thresholds, let levels):
            thresholds.indices.reduce(levels.first ?? 0) {
                $0 + (levels[$1 + 1] - levels[$1]) * Self.chance(score - thresholds[$1])
            }
        }
    }

    static func chance(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
