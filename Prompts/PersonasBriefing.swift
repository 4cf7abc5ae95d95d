import JSON

/// What is told to whoever invents people with different views of the task, each of whom proposes
/// features.
public struct PersonasBriefing: Briefing {
    public static let inquiry = "mine-text"
    public static let role = "personas"

    public var task: MiningBrief
    /// Some rows of the discover role.
    public var samples: [RatedText]
    /// How many people are to be invented.
    public var personaCount: Int

    public init(task: MiningBrief, samples: [RatedText], personaCount: Int) {
        self.task = task
        self.samples = samples
        self.personaCount = personaCount
    }

    public var values: PromptValues {
        var values = task.values
        values["samples"] = RatedText.records(samples)
        values["persona_count"] = .number(personaCount)
        return values
    }

    /// Somebody who looks at the texts in a way of their own.
    public struct Persona: Hashable, Sendable {
        public let name: String
        /// What they know and look for.
        public let view: String
        public let features: [ProposedFeature]
    }

    public struct Reply: PromptReply {
        public static let personaLimit = 12

        public let personas: [Persona]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            personas = try ReplyText.list(
                json, "personas", at: "$", counts: 1...Self.personaLimit
            ) { item, place throws(ReplyFaults) in
                Persona(
                    name: try ReplyText.line(item["name"], "\(place).name", limit: 80),
                    view: try ReplyText.block(item["view"], "\(place).view", limit: 600),
                    features: try ProposedFeature.list(in: item, at: place))
            }
        }
    }
}
