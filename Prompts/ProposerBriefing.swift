import JSON

/// What a proposer of hypotheses about a feature over boards is told.
public struct ProposerBriefing: Briefing {
    public static let inquiry = "explain-othello"
    public static let role = "proposer"

    public var subject: FeatureBrief
    /// Inputs on which the feature fires, strongest first.
    public var exemplars: [BoardExample]
    /// Inputs that resemble exemplars and on which it is silent.
    public var nearMisses: [BoardExample]
    /// The properties that tell the two apart best, best first.
    public var frequencies: [PropertyFrequency]
    /// How many hypotheses are wanted.
    public var wanted: Int

    public init(
        subject: FeatureBrief, exemplars: [BoardExample], nearMisses: [BoardExample],
        frequencies: [PropertyFrequency], wanted: Int
    ) {
        self.subject = subject
        self.exemplars = exemplars
        self.nearMisses = nearMisses
        self.frequencies = frequencies
        self.wanted = wanted
    }

    public var values: PromptValues {
        var values = subject.values
        values["exemplars"] = .records(BoardExample.records(exemplars))
        values["near_misses"] = .records(BoardExample.records(nearMisses))
        values["frequencies"] = .records(frequencies.map(\.values))
        values["wanted"] = .number(wanted)
        return values
    }

    /// Hypotheses in the order in which the model gave them.
    public struct Reply: PromptReply {
        public let hypotheses: [ProposedHypothesis]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            guard let items = json["hypotheses"]?.array, !items.isEmpty else {
                throw ReplyFaults([
                    SchemaFault(
                        place: "$.hypotheses", reason: "must be a list of at least one hypothesis")
                ])
            }
            var hypotheses: [ProposedHypothesis] = []
            for (index, item) in items.enumerated() {
                hypotheses.append(try ProposedHypothesis(item, at: "$.hypotheses[\(index)]"))
            }
            self.hypotheses = hypotheses
        }
    }
}
