/// The rules of an inquiry, fixed before it begins and kept in the manifest.
public struct InquiryPlan: Codable, Hashable, Sendable {
    /// A hypothesis is supported when its balanced accuracy is shown to be above this bar, in both
    /// arms, and refuted when it is shown to be below it in either.
    public var bar: Double
    /// The probability, over the whole inquiry, of calling any false hypothesis supported.
    public var errorBudget: Double
    /// The firing threshold as a fraction of the feature's own reference activation.
    public var thresholdFraction: Double
    /// Trials (pairs of probes) of each arm that one hypothesis gets in one round.
    public var trialsPerRound: Int
    /// Trials of each arm after which a hypothesis is left unresolved.
    public var trialsPerHypothesis: Int
    /// Hypotheses that one inquiry may try.
    public var hypotheses: Int
    /// Probes that one inquiry may spend.
    public var probes: Int
    /// A refinement moves something when it raises the balanced accuracy on the evidence by this much.
    public var minimumMove: Double
    /// Refinements in a row that move nothing before the inquiry must commit.
    public var stallsBeforeCommit: Int
    /// Firing exemplars, each from a game of its own, without which an inquiry does not begin.
    public var exemplarsRequired: Int
    /// Exemplars that the proposer reads at the start.
    public var exemplarsShown: Int
    /// Near-misses that it reads for each exemplar.
    public var nearMissesShown: Int
    /// Silent positions drawn at random that it reads.
    public var backgroundShown: Int
    /// What waits for people; nil where everything goes on by itself.
    public var approval: ApprovalPolicy?

    /// Fewer probes than this cannot decide anything: one round of both arms.
    public var leastProbes: Int { 4 * trialsPerRound }

    public init(
        bar: Double = 0.75, errorBudget: Double = 0.05, thresholdFraction: Double = 0.5,
        trialsPerRound: Int = 6, trialsPerHypothesis: Int = 128, hypotheses: Int = 10,
        probes: Int = 3_000, minimumMove: Double = 0.01, stallsBeforeCommit: Int = 2,
        exemplarsRequired: Int = 10, exemplarsShown: Int = 40,
        nearMissesShown: Int = 5, backgroundShown: Int = 1_500, approval: ApprovalPolicy? = nil
    ) {
        self.bar = bar
        self.errorBudget = errorBudget
        self.thresholdFraction = thresholdFraction
        self.trialsPerRound = trialsPerRound
        self.trialsPerHypothesis = trialsPerHypothesis
        self.hypotheses = hypotheses
        self.probes = probes
        self.minimumMove = minimumMove
        self.stallsBeforeCommit = stallsBeforeCommit
        self.exemplarsRequired = exemplarsRequired
        self.exemplarsShown = exemplarsShown
        self.nearMissesShown = nearMissesShown
        self.backgroundShown = backgroundShown
        self.approval = approval
    }
}

/// When a feature counts as firing: a fraction of its own reference activation.
///
/// Two references are kept beside each other: the mean of the ten highest exemplar maxima (the
/// default, as in SAGE's code) and the highest (as in its paper).
public struct FiringThreshold: Codable, Hashable, Sendable {
    public let fraction: Double
    public let meanOfTopTen: Double
    public let maximum: Double

    public init(fraction: Double, meanOfTopTen: Double, maximum: Double) {
        self.fraction = fraction
        self.meanOfTopTen = meanOfTopTen
        self.maximum = maximum
    }

    /// The threshold that verdicts use.
    public var value: Double { fraction * meanOfTopTen }
    /// The stricter convention, for comparison.
    public var ofMaximum: Double { fraction * maximum }
}
