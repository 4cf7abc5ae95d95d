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

    public var task: MiningBrief
    /// Rows of the discover role; each list may be empty, so that one call reads only the high ones,
    /// another only the low ones, and another both mixed or in pairs.
    public var high: [RatedText]
    public var low: [RatedText]
    /// In random order.
    public var mixed: [RatedText]
    public var pairs: [Pair]

    public init(
        task: MiningBrief, high: [RatedText] = [], low: [RatedText] = [],
        mixed: [RatedText] = [], pairs: [Pair] = []
    ) {
        self.task = task
        self.high = high
        self.low = low
        self.mixed = mixed
        self.pairs = pairs
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
        return values
    }

    public struct Reply: PromptReply {
        public let features: [ProposedFeature]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            features = try ProposedFeature.list(in: json, at: "$")
        }
    }
}
