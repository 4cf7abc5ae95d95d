/// What decides how a run of `mine` goes, beside its data and its proposer.
public struct MiningSettings: Codable, Hashable, Sendable {
    /// The most features that the score is made of.
    public var features = 10
    /// Rounds of proposing after the first, each from what the features so far get wrong.
    public var reflections = 2
    /// Shares of the groups that a proposer may read, and that selection sees; the rest confirms.
    public var discoverShare = 0.3
    public var selectShare = 0.4
    /// By which selection tells a gain.
    public var criterion = Criterion.partialRank
    /// Sets of features that selection follows at once; 1 is greedy.
    public var beamWidth = 1
    /// How often the best of as many noise features must gain less than a feature that is chosen. It
    /// keeps a score's features few; what is claimed of them is for the confirm rows to say.
    public var noiseConfidence = 0.5
    public var folds = 5
    /// Runs of everything on permuted targets.
    public var nullRuns = 40
    /// Pairs of halves of the groups on which selection is repeated.
    public var stabilityPairs = 50
    public var bootstrapReplicates = 1_000
    /// At which features count as confirmed.
    public var falseDiscoveryRate = 0.1
    /// Rows that a language model scores twice, to tell how reliable it is.
    public var retestedRows = 40

    public init() {}

    /// How selection tells what a candidate adds to those that are chosen.
    public enum Criterion: String, Codable, Hashable, Sendable, CaseIterable {
        /// Cross-fitted partial rank correlation.
        case partialRank = "partial-rank"
        /// Conditional mutual information (Frenzel and Pompe 2007).
        case conditionalInformation = "conditional-information"
        /// AutoQual's published criterion, for comparison: fitted on one part, maximised on the other.
        case autoqual
    }
}
