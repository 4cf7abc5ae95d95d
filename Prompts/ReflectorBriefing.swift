import JSON

/// What is told to whoever looks at the rows that the chosen features predict worst.
public struct ReflectorBriefing: Briefing {
    public static let inquiry = "mine-text"
    public static let role = "reflector"

    /// A feature that was chosen.
    public struct Chosen: Hashable, Sendable {
        /// Title and recipe.
        public var feature: String
        /// What it added to the cross-fitted score when it was chosen.
        public var gain: Double

        public init(feature: String, gain: Double) {
            self.feature = feature
            self.gain = gain
        }
    }

    /// A feature that was tried and not chosen.
    public struct Dropped: Hashable, Sendable {
        /// Title and recipe.
        public var feature: String
        /// Why it was dropped, in words.
        public var fate: String

        public init(feature: String, fate: String) {
            self.feature = feature
            self.fate = fate
        }
    }

    /// A row of the discover role with what the chosen features make of it.
    public struct Miss: Hashable, Sendable {
        public var text: String
        public var outcome: Double
        public var predicted: Double

        public init(text: String, outcome: Double, predicted: Double) {
            self.text = text
            self.outcome = outcome
            self.predicted = predicted
        }
    }

    public var task: MiningBrief
    /// The cross-fitted rank correlation of the chosen set with the outcome.
    public var score: Double
    public var chosen: [Chosen]
    public var dropped: [Dropped]
    /// The worst predictions, worst first.
    public var misses: [Miss]

    public init(
        task: MiningBrief, score: Double, chosen: [Chosen], dropped: [Dropped], misses: [Miss]
    ) {
        self.task = task
        self.score = score
        self.chosen = chosen
        self.dropped = dropped
        self.misses = misses
    }

    public var values: PromptValues {
        var values = task.values
        values["score"] = .figure(score)
        values["chosen"] = .records(
            chosen.enumerated().map {
                [
                    "number": .number($0 + 1), "feature": .data($1.feature),
                    "gain": .figure($1.gain),
                ]
            })
        values["dropped"] = .records(
            dropped.map { ["feature": .data("\($0.feature)\n\($0.fate)")] })
        values["misses"] = .records(
            misses.enumerated().map {
                [
                    "number": .number($0 + 1), "outcome": .figure($1.outcome),
                    "predicted": .figure($1.predicted), "example": .data($1.text),
                ]
            })
        return values
    }

    public struct Reply: PromptReply {
        /// What the chosen features leave out.
        public let gap: String
        /// Empty to finish.
        public let features: [ProposedFeature]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            gap = try ReplyText.block(json["gap"], "$.gap", limit: 2_000)
            features = try ProposedFeature.list(
                in: json, at: "$", counts: 0...ProposedFeature.countLimit)
        }
    }
}
