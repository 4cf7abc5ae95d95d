import JSON

/// What is told to whoever reads texts of high and of low outcome against each other.
public struct ContrasterBriefing: Briefing {
    public static let inquiry = "mine-text"
    public static let role = "contraster"

    /// Two texts alike in length and in what else is accounted for, and unlike in outcome.
    public struct Pair: Hashable, Sendable {
        public var higher: RatedText
        public var lower: RatedText

        public init(higher: RatedText, lower: RatedText) {
            self.higher = higher
            self.lower = lower
        }
    }

    /// A text that an encoder puts with others of a kind, or apart from them.
    public struct KindText: Hashable, Sendable {
        public var text: String
        /// Names the kind.
        public var kind: Int
        public var isMember: Bool
        /// Rank correlation of the kind with the outcome.
        public var correlation: Double

        public init(text: String, kind: Int, isMember: Bool, correlation: Double) {
            self.text = text
            self.kind = kind
            self.isMember = isMember
            self.correlation = correlation
        }
    }

    public var task: MiningBrief
    /// Rows of the discover role; each list may be empty, so that one call reads only the high ones,
    /// another only the low ones, and another both mixed or in pairs.
    public var high: [RatedText]
    public var low: [RatedText]
    /// In random order.
    public var mixed: [RatedText]
    public var pairs: [Pair]
    /// Texts of kinds that an encoder found, and texts that are not of them.
    public var kinds: [KindText]

    public init(
        task: MiningBrief, high: [RatedText] = [], low: [RatedText] = [],
        mixed: [RatedText] = [], pairs: [Pair] = [], kinds: [KindText] = []
    ) {
        self.task = task
        self.high = high
        self.low = low
        self.mixed = mixed
        self.pairs = pairs
        self.kinds = kinds
    }

    public var values: PromptValues {
        var values = task.values
        values["high"] = RatedText.records(high)
        values["low"] = RatedText.records(low)
        values["mixed"] = RatedText.records(mixed)
        values["pairs"] = .records(
            pairs.enumerated().map { index, pair in
                [
                    "number": .number(index + 1), "higher": .data(pair.higher.text),
                    "higher_outcome": .figure(pair.higher.outcome),
                    "lower": .data(pair.lower.text),
                    "lower_outcome": .figure(pair.lower.outcome),
                ]
            })
        values["kinds"] = .records(
            kinds.map { text in
                [
                    "kind": .number(text.kind), "correlation": .figure(text.correlation),
                    "membership": .text(text.isMember ? "is of it" : "is not of it"),
                    "example": .data(text.text),
                ]
            })
        return values
    }

    public struct Reply: PromptReply {
        public let features: [ProposedFeature]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            features = try ProposedFeature.list(in: json, at: "$")
        }
    }
}
