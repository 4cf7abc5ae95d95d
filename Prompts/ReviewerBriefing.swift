import JSON

/// What is told to whoever looks for what no hypothesis of an inquiry explains.
public struct ReviewerBriefing: Briefing {
    public static let inquiry = "explain-text"
    public static let role = "reviewer"

    public var subject: TextBrief
    /// How many hypotheses may be added.
    public var room: Int
    public var tried: [TriedHypothesis]
    /// Share of the firing texts that are known on which the leading hypothesis holds.
    public var explained: Double
    /// Firing texts on which it does not, strongest first.
    public var missed: [TextExample]
    /// Silent texts on which it does.
    public var wrong: [TextExample]
    /// Texts on which the feature fires, strongest first.
    public var exemplars: [TextExample]

    public init(
        subject: TextBrief, room: Int, tried: [TriedHypothesis], explained: Double,
        missed: [TextExample], wrong: [TextExample], exemplars: [TextExample]
    ) {
        self.subject = subject
        self.room = room
        self.tried = tried
        self.explained = explained
        self.missed = missed
        self.wrong = wrong
        self.exemplars = exemplars
    }

    public var values: PromptValues {
        var values = subject.values
        values["room"] = .number(room)
        values["tried"] = .records(tried.map(\.values))
        values["explained"] = .percent(explained)
        values["missed"] = TextExample.records(missed, withLevel: true)
        values["wrong"] = TextExample.records(wrong, withLevel: false)
        values["exemplars"] = TextExample.records(exemplars, withLevel: true)
        return values
    }

    public struct Reply: PromptReply {
        public let unexplained: String
        /// Empty to finish.
        public let hypotheses: [ProposedHypothesis]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            guard let unexplained = json["unexplained"]?.string else {
                throw ReplyFaults([SchemaFault(place: "$.unexplained", reason: "must be a text")])
            }
            guard let items = json["hypotheses"]?.array else {
                throw ReplyFaults([
                    SchemaFault(
                        place: "$.hypotheses", reason: "must be a list; an empty one to finish")
                ])
            }
            self.unexplained = unexplained
            var hypotheses: [ProposedHypothesis] = []
            for (index, item) in items.enumerated() {
                hypotheses.append(try ProposedHypothesis(item, at: "$.hypotheses[\(index)]"))
            }
            self.hypotheses = hypotheses
        }
    }
}
