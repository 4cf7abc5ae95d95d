import LinearAlgebra

/// Chooses a few of many candidate features, one after the other, and stops before noise.
///
/// By default a candidate is judged by what it adds to the controls and the features chosen so
/// far: the correlation of what these leave of the target's ranks and of the candidate's ranks,
/// where the regressions come from the other folds. The best one is taken in while it gains more
/// than ``SelectionPath/Step/bar``. Read ``SelectionProblem`` and ``SelectionPath`` next,
/// ``StabilitySelection`` for how often a feature would be chosen again and ``SelectionNull`` for
/// what the whole procedure finds where there is nothing.
///
/// - Source: partial rank correlation, Kendall 1942; cross-fitting, Chernozhukov et al., The
///   Econometrics Journal 21, 2018; probes, Bi et al., JMLR 3, 2003.
public struct FeatureSelection: Hashable, Sendable, Codable {
    /// How a candidate is judged.
    public enum Criterion: Hashable, Sendable, Codable {
        /// Cross-fitted partial rank correlation.
        case partialRank
        /// Conditional mutual information from nearest neighbours, in nats, which sees dependence
        /// of any shape and costs O(n² p) a step. Ties are broken at random. It is not
        /// cross-fitted: nothing is fitted.
        case conditionalInformation(neighbours: Int)
    }

    /// How sets are searched.
    public enum Search: Hashable, Sendable, Codable {
        /// The best candidate at every step.
        case greedy
        /// The best sets of each size, `width` of them; the best that ended is the result.
        case beam(width: Int)

        var width: Int {
            switch self {
            case .greedy: 1
            case .beam(let width): max(1, width)
            }
        }
    }

    public var criterion: Criterion
    public var search: Search
    /// The most features chosen.
    public var maximumCount: Int
    /// How often the best of as many noise features must gain less than a feature that is taken.
    public var confidence: Double
    /// Shuffled twins of candidates, from which the spread of noise is measured.
    public var probeCount: Int
    /// The penalty of the ridge regression that predicts from what was chosen.
    public var penalty: Double

    public init(
        criterion: Criterion = .partialRank, search: Search = .greedy, maximumCount: Int = 10,
        confidence: Double = 0.95, probeCount: Int = 64, penalty: Double = 1
    ) {
        precondition(
            maximumCount >= 0 && confidence > 0 && confidence < 1 && probeCount >= 2
                && penalty > 0, "FeatureSelection: unusable settings")
        self.criterion = criterion
        self.search = search
        self.maximumCount = maximumCount
        self.confidence = confidence
        self.probeCount = probeCount
        self.penalty = penalty
    }

    /// Chooses.
    ///
    /// - Complexity: O(n p (p + probes)) once; then a step costs folds · (p + probes) · chosen and
    ///   rows · chosen.
    public func path(_ problem: SelectionProblem, seed: UInt64) -> SelectionPath {
        let run = SelectionRun(self, problem, seed: seed)
        return run.path(rows: Array(problem.target.indices), target: run.columns.target)
    }

    /// An honest score of the procedure: in every fold the features are chosen anew on the other
    /// folds and the fold is predicted from them.
    ///
    /// - Returns: the Spearman correlation of all these predictions with the target, 0 where
    ///   nothing was chosen; on noise it lies around 0.
    /// - Precondition: at least three folds.
    public func nestedScore(_ problem: SelectionProblem, seed: UInt64) -> NestedScore {
        let run = SelectionRun(self, problem, seed: seed)
        let names = Set(problem.folds).sorted()
        precondition(names.count >= 3, "nestedScore: at least three folds are needed")
        let rows = Array(problem.target.indices)
        let paths = Repetitions.map(names.count) { place in
            run.path(
                rows: rows.filter { problem.folds[$0] != names[place] }, target: run.columns.target)
        }
        let products = FoldProducts(run.columns, rows: rows, folds: problem.folds)
        let target = TargetProducts(run.columns.target, products)
        var predictions = [Double](repeating: 0, count: rows.count)
        for (fold, path) in paths.enumerated() {
            let model =
                products.controlColumns + path.selected.map { products.candidates.lowerBound + $0 }
            let values = products.predictions(fold, from: model, of: target, penalty: penalty)
            for (value, place) in zip(values, products.ranges[fold]) {
                predictions[products.order[place]] = value
            }
        }
        return NestedScore(
            score: RankStatistics.spearman(predictions, problem.target) ?? 0,
            predictions: predictions, selected: paths.map(\.selected))
    }
}

/// What ``FeatureSelection/nestedScore(_:seed:)`` finds.
public struct NestedScore: Hashable, Sendable, Codable {
    /// The Spearman correlation of the predictions with the target.
    public let score: Double
    /// One for each row, in units of the target's standardised ranks.
    public let predictions: [Double]
    /// The features chosen without each fold, by ascending fold.
    public let selected: [[Int]]
}
