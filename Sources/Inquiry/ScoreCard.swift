import Statistics

/// How well formulas predict the feature on held-out inputs. Intervals are over games or texts.
public struct ScoreCard: Codable, Hashable, Sendable {
    /// The explanation that the inquiry committed to.
    public let explanation: HeldOutScore
    /// The control: the first hypothesis, without a probe.
    public let oneShot: HeldOutScore
    /// Share of the held-out activation mass of each facet of the explanation, in its order, counting
    /// a position for the first facet that holds; what is left is unexplained.
    public let facets: [FacetShare]
    /// Held-out inputs on which the feature fires.
    public let firing: Int
    /// What the feature does to the model's output, where the subject tells.
    public let output: OutputSide?
    /// Which known property of the domain comes nearest, where there is a catalogue of them.
    public let truth: GroundTruth?

    public init(
        explanation: HeldOutScore, oneShot: HeldOutScore, facets: [FacetShare], firing: Int,
        output: OutputSide? = nil, truth: GroundTruth? = nil
    ) {
        self.explanation = explanation
        self.oneShot = oneShot
        self.facets = facets
        self.firing = firing
        self.output = output
        self.truth = truth
    }
}

public struct HeldOutScore: Codable, Hashable, Sendable {
    public let hypothesis: Int
    public let counts: ConfusionCounts
    public let balancedAccuracy: Estimate
    public let f1: Estimate
    /// Of the predicate as a ranking of the raw activation: no threshold on the activation.
    public let auroc: Estimate
    /// Share of the activation mass that lies where the predicate holds.
    public let massExplained: Estimate
    /// Balanced accuracy when firing means half of the highest exemplar.
    public let balancedAccuracyOfMaximum: Double?

    public init(
        hypothesis: Int, counts: ConfusionCounts, balancedAccuracy: Estimate, f1: Estimate,
        auroc: Estimate, massExplained: Estimate, balancedAccuracyOfMaximum: Double?
    ) {
        self.hypothesis = hypothesis
        self.counts = counts
        self.balancedAccuracy = balancedAccuracy
        self.f1 = f1
        self.auroc = auroc
        self.massExplained = massExplained
        self.balancedAccuracyOfMaximum = balancedAccuracyOfMaximum
    }
}

public struct FacetShare: Codable, Hashable, Sendable {
    public let formula: String
    public let statement: String
    public let massShare: Double
    /// Share of the positions where the facet holds on which the feature fires.
    public let precision: Double?

    public init(formula: String, statement: String, massShare: Double, precision: Double?) {
        self.formula = formula
        self.statement = statement
        self.massShare = massShare
        self.precision = precision
    }
}
