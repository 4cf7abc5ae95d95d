import Statistics

/// What a run of `mine` came to, as its journal tells it: what every report, table and model card is
/// made from. All texts in it are of rows that a proposer was allowed to read.
public struct MiningRecord: Codable, Hashable, Sendable {
    public var title: String
    /// What the target is, in words.
    public var target: String
    /// Rows and groups of each role.
    public var roles: [Role]
    /// Rows that were not used, by reason.
    public var setAside: [SetAside]
    /// Tools that were ever proposed, those that failed included.
    public var candidatesTried: Int
    /// Chosen features, in the order in which they were chosen.
    public var features: [MinedFeature]
    /// What the score is made of beside the features: the length of the text.
    public var controls: [Control]
    /// Everything that was tried and not chosen, and why.
    public var dropped: [Dropped]
    /// The score of the features and of every baseline, on the same confirm rows.
    public var scores: [Score]
    /// The same within each stratum that the user named.
    public var strata: [Stratum]
    public var null: NullDistribution?
    /// Rank correlation of each chosen feature with each other, on the select rows.
    public var redundancy: [[Double]]
    /// What each round of proposing brought.
    public var rounds: [Round]
    /// The false-discovery rate at which features count as confirmed.
    public var falseDiscoveryRate: Double
    /// Of cross-fitted selection, on the select rows: what would have been reported without a confirm
    /// split, to set beside the confirmed score.
    public var selectScore: Double?

    public init(title: String, target: String, falseDiscoveryRate: Double) {
        self.title = title
        self.target = target
        self.falseDiscoveryRate = falseDiscoveryRate
        roles = []
        setAside = []
        candidatesTried = 0
        features = []
        controls = []
        dropped = []
        scores = []
        strata = []
        redundancy = []
        rounds = []
    }

    public struct Role: Codable, Hashable, Sendable {
        public let name: String
        public let rows: Int
        public let groups: Int

        public init(name: String, rows: Int, groups: Int) {
            self.name = name
            self.rows = rows
            self.groups = groups
        }
    }

    public struct SetAside: Codable, Hashable, Sendable {
        public let reason: String
        public let rows: Int
        /// The first few, by their number in the file.
        public let examples: [Int]

        public init(reason: String, rows: Int, examples: [Int]) {
            self.reason = reason
            self.rows = rows
            self.examples = examples
        }
    }

    /// Whether a feature counts as confirmed.
    public func isConfirmed(_ feature: MinedFeature) -> Bool {
        feature.qValue <= falseDiscoveryRate
    }

    /// A column that is always part of the score.
    public struct Control: Codable, Hashable, Sendable {
        public let name: String
        /// In the score's units, per standard deviation of the column.
        public let weight: Double

        public init(name: String, weight: Double) {
            self.name = name
            self.weight = weight
        }
    }

    public struct Dropped: Codable, Hashable, Sendable {
        public let name: String
        public let title: String
        public let kind: String
        public let round: Int
        /// Why, in a sentence.
        public let reason: String

        public init(name: String, title: String, kind: String, round: Int, reason: String) {
            self.name = name
            self.title = title
            self.kind = kind
            self.round = round
            self.reason = reason
        }
    }

    /// One way to predict the target, on the confirm rows.
    public struct Score: Codable, Hashable, Sendable {
        /// Of the features themselves, and of the baseline that knows a text's length only: reports
        /// give both a place of their own.
        public static let features = "features"
        public static let length = "length"

        public let name: String
        /// Rank correlation with the target, with an interval over resampled groups.
        public let spearman: Estimate?
        /// Mean absolute error on the target's own scale.
        public let meanAbsoluteError: Double?
        /// The features' rank correlation less this one's, paired on the same resampled groups.
        public let gain: Estimate?

        public init(
            name: String, spearman: Estimate?, meanAbsoluteError: Double?, gain: Estimate?
        ) {
            self.name = name
            self.spearman = spearman
            self.meanAbsoluteError = meanAbsoluteError
            self.gain = gain
        }
    }

    public struct Stratum: Codable, Hashable, Sendable {
        public let name: String
        public let rows: Int
        public let scores: [Score]

        public init(name: String, rows: Int, scores: [Score]) {
            self.name = name
            self.rows = rows
            self.scores = scores
        }
    }

    /// What the same machinery reports where there is nothing to find.
    public struct NullDistribution: Codable, Hashable, Sendable {
        /// Confirm scores with targets permuted over the rows, one a run.
        public let scores: [Double]
        /// Whether the proposer, too, was run again on the permuted targets. A language model is not
        /// asked again: its proposals are taken as they are.
        public let coversProposing: Bool
        /// How many features the permuted runs chose, on average.
        public let features: Double

        public init(scores: [Double], coversProposing: Bool, features: Double) {
            self.scores = scores
            self.coversProposing = coversProposing
            self.features = features
        }
    }

    public struct Round: Codable, Hashable, Sendable {
        public let proposed: Int
        /// That passed their checks.
        public let sound: Int
        public let chosen: Int
        /// Cross-fitted, on the select rows.
        public let score: Double?

        public init(proposed: Int, sound: Int, chosen: Int, score: Double?) {
            self.proposed = proposed
            self.sound = sound
            self.chosen = chosen
            self.score = score
        }
    }
}
