import Statistics

/// What is measured of an explanation. Values are from 0 to 1, correlations from −1.
public enum EvaluationMetric: String, Codable, Hashable, Sendable, CaseIterable {
    /// Balanced accuracy of telling firing texts from silent ones.
    case detection
    /// The same against silent texts that resemble the firing ones.
    case detectionHard = "detection-hard"
    /// Balanced accuracy of telling the pieces that fire from others, marked in the same texts.
    case fuzzing
    /// Pearson's r of predicted and measured activations of each firing text, averaged (the paper's).
    case predictiveMean = "predictive-mean"
    /// One Pearson's r over all pieces of all firing texts (SAGE's code).
    case predictivePooled = "predictive-pooled"
    /// One over all pieces of firing and silent texts.
    case predictiveAll = "predictive-all"
    /// Of the greatest predicted activation of each text against firing.
    case auroc
    /// Share of texts written from the label that reach half of the mean of the ten strongest.
    case generativeLabel = "generative-label"
    /// Share that reach half of the strongest, and so both thresholds.
    case generativeLabelStrict = "generative-label-strict"
    /// Share of the matched negatives that stay below both thresholds.
    case specificityLabel = "specificity-label"
    case generativeDescription = "generative-description"
    case generativeDescriptionStrict = "generative-description-strict"
    case specificityDescription = "specificity-description"

    static func generative(_ wording: Wording) -> (loose: Self, strict: Self, specific: Self) {
        switch wording {
        case .label: (.generativeLabel, .generativeLabelStrict, .specificityLabel)
        case .description:
            (.generativeDescription, .generativeDescriptionStrict, .specificityDescription)
        }
    }
}

/// One figure about an explanation, with what it rests on.
public struct JudgedScore: Codable, Hashable, Sendable {
    public let metric: EvaluationMetric
    /// Over the questions that were answered, texts being the units of the interval; nil where it is
    /// not defined.
    public let estimate: Estimate?
    /// What it would be if every question without an answer had been answered wrongly; nil where that
    /// is not defined.
    public let lowest: Double?
    /// Questions that were put.
    public let asked: Int
    /// Why some have no answer, and how many.
    public let failures: [String: Int]
    /// Why there is no figure.
    public let absence: String?

    public var failed: Int { failures.values.reduce(0, +) }

    static func none(_ metric: EvaluationMetric, _ reason: String) -> JudgedScore {
        JudgedScore(
            metric: metric, estimate: nil, lowest: nil, asked: 0, failures: [:], absence: reason)
    }
}

/// The answers about one text: what they add to a score, and what is missing.
struct TextAnswer {
    /// The text's part of the score's sums, from what was answered; nil when nothing was.
    var sums: [Double]?
    /// The same with wrong answers in place of missing ones; nil where that is not defined.
    var worst: [Double]?
    var asked = 1
    var failures: [String] = []
    /// Why the judge would not answer.
    var abstention: String?

    init<Value>(
        _ judgement: Judgement<Value>, _ sums: (Value) -> [Double]?, wrong: [Double]?
    ) {
        switch judgement {
        case .given(let value):
            self.sums = sums(value)
            worst = wrong == nil ? nil : self.sums
        case .failed(let reason):
            failures = [reason]
            worst = wrong
        case .abstained(let reason): abstention = reason
        }
    }

    /// Two questions about the same text.
    static func + (a: TextAnswer, b: TextAnswer) -> TextAnswer {
        var both = a
        both.sums = add(a.sums, b.sums)
        both.worst = add(a.worst, b.worst)
        both.asked += b.asked
        both.failures += b.failures
        both.abstention = a.abstention ?? b.abstention
        return both
    }

    private static func add(_ a: [Double]?, _ b: [Double]?) -> [Double]? {
        guard let a, let b else { return a ?? b }
        return zip(a, b).map(+)
    }
}
