import Statistics

/// What came of judging explanations.
public struct EvaluationReport: Encodable, Hashable, Sendable {
    public let judge: String
    public let settings: EvaluationSettings
    public let features: [FeatureEvaluation]
    /// Between sources of explanations, over features.
    public let comparisons: [SourceComparison]
}

public struct FeatureEvaluation: Encodable, Hashable, Sendable {
    public let feature: String
    public let index: Int?
    /// The texts that explanations were judged on.
    public let material: EvaluationMaterial.Counts
    public let explanations: [ExplanationEvaluation]
}

/// One explanation's scores.
public struct ExplanationEvaluation: Encodable, Hashable, Sendable {
    public enum Role: String, Codable, Hashable, Sendable {
        case judged
        /// Control: the same source's explanation of another feature.
        case shuffled
        /// Control: the rule that the inducer finds in the other half of the texts.
        case induced
    }

    public let role: Role
    public let explanation: CandidateExplanation
    public let scores: [JudgedScore]
    /// Shares of the firing activation where each facet is the first that holds; empty without a
    /// formula.
    public let facets: [FacetCoverage]
    /// What the judge said of each text; not part of the JSON.
    public let verdicts: [ShownVerdict]

    private enum CodingKeys: String, CodingKey {
        case role, explanation, scores, facets
    }

    public subscript(metric: EvaluationMetric) -> JudgedScore? {
        scores.first { $0.metric == metric }
    }
}

/// How much of a feature's firing a facet of a formula covers.
public struct FacetCoverage: Codable, Hashable, Sendable {
    /// Nil for what no facet covers.
    public let formula: String?
    public let share: Estimate
}
