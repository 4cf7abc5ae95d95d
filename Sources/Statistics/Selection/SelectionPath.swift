/// How a selection went.
public struct SelectionPath: Hashable, Sendable, Codable {
    /// One feature taken in.
    public struct Step: Hashable, Sendable, Codable {
        /// The candidate's column.
        public let feature: Int
        /// What it adds given the controls and the steps before, by the criterion: ≥ 0 for
        /// ``FeatureSelection/Criterion/partialRank``, where it is |correlation|.
        public let gain: Double
        /// The gain with its direction, where the criterion has one; else the gain.
        public let correlation: Double
        /// The standard error of the gain over groups of rows; nil where there is none.
        public let standardError: Double?
        /// What the best of as many noise features would gain 95 times in 100.
        public let bar: Double
        /// The next best candidate and its gain.
        public let runnerUp: Contender?
    }

    /// A candidate and what it would add.
    public struct Contender: Hashable, Sendable, Codable {
        public let feature: Int
        public let gain: Double
        public let correlation: Double
    }

    /// Why no further feature was taken in.
    public enum Ending: Hashable, Sendable, Codable {
        /// The best that is left does not gain more than noise might.
        case notAboveNoise(best: Contender, bar: Double)
        /// As many as were allowed.
        case full
        /// None is left that is not constant or a combination of those chosen.
        case nothingLeft
    }

    /// In the order of choice.
    public let steps: [Step]
    public let ending: Ending
    /// The Spearman correlation of the target with predictions from controls and chosen features
    /// together, by ridge regression on ranks, each row predicted by a model of the other folds; 0
    /// without features and controls. The features were chosen on the same rows, so it flatters:
    /// compare it with ``SelectionNull``, or read ``FeatureSelection/nestedScore(_:seed:)``.
    public let score: Double
    /// The same from the controls alone.
    public let controlScore: Double

    /// The chosen candidates' columns, in the order of choice.
    public var selected: [Int] { steps.map(\.feature) }
}
