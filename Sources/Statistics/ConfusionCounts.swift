/// How often predictions and truth agree, as the four counts of a two-by-two table.
///
/// The counts are numbers rather than whole numbers so that weighted observations fit too.
public struct ConfusionCounts: Hashable, Sendable, Codable {
    /// Predicted true and true.
    public var truePositives: Double
    /// Predicted true and false.
    public var falsePositives: Double
    /// Predicted false and false.
    public var trueNegatives: Double
    /// Predicted false and true.
    public var falseNegatives: Double

    /// - Precondition: every count is finite and at least 0.
    public init(
        truePositives: Double = 0, falsePositives: Double = 0, trueNegatives: Double = 0,
        falseNegatives: Double = 0
    ) {
        let counts = [truePositives, falsePositives, trueNegatives, falseNegatives]
        precondition(
            counts.allSatisfy { $0 >= 0 && $0.isFinite },
            "ConfusionCounts: counts must be finite and at least 0, found \(counts)")
        self.truePositives = truePositives
        self.falsePositives = falsePositives
        self.trueNegatives = trueNegatives
        self.falseNegatives = falseNegatives
    }

    /// - Precondition: every count is at least 0.
    public init(
        truePositives: Int, falsePositives: Int, trueNegatives: Int, falseNegatives: Int
    ) {
        self.init(
            truePositives: Double(truePositives), falsePositives: Double(falsePositives),
            trueNegatives: Double(trueNegatives), falseNegatives: Double(falseNegatives))
    }

    /// The number of observations, or the sum of their weights.
    public var total: Double { truePositives + falsePositives + trueNegatives + falseNegatives }

    /// TP/(TP + FP); nil when nothing was predicted true.
    public var precision: Double? { ratio(truePositives, truePositives + falsePositives) }

    /// TP/(TP + FN); nil when nothing is true.
    public var recall: Double? { ratio(truePositives, truePositives + falseNegatives) }

    /// TN/(TN + FP); nil when nothing is false.
    public var specificity: Double? { ratio(trueNegatives, trueNegatives + falsePositives) }

    /// The mean of recall and specificity; nil when either is.
    public var balancedAccuracy: Double? {
        guard let recall, let specificity else { return nil }
        return (recall + specificity) / 2
    }

    /// 2TP/(2TP + FP + FN), the harmonic mean of precision and recall; nil when nothing is true
    /// and nothing was predicted true.
    public var f1: Double? {
        ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives)
    }

    /// The counts of two disjoint sets of observations together.
    public static func + (a: Self, b: Self) -> Self {
        Self(
            truePositives: a.truePositives + b.truePositives,
            falsePositives: a.falsePositives + b.falsePositives,
            trueNegatives: a.trueNegatives + b.trueNegatives,
            falseNegatives: a.falseNegatives + b.falseNegatives)
    }

    private func ratio(_ part: Double, _ whole: Double) -> Double? {
        whole > 0 ? part / whole : nil
    }
}
