import JSON

/// What is told to whoever mends one tool that did not pass its checks.
public struct RepairerBriefing: Briefing {
    public static let inquiry = "mine-text"
    public static let role = "repairer"

    public var tools: ToolBrief
    public var feature: ProposedFeature
    /// What the checks found: they may quote the recipe or texts.
    public var faults: [String]

    public init(tools: ToolBrief, feature: ProposedFeature, faults: [String]) {
        self.tools = tools
        self.feature = feature
        self.faults = faults
    }

    public var values: PromptValues {
        var values = tools.values
        values["name"] = .data(feature.name)
        values["feature"] = .data(
            "\(feature.title)\nwhy: \(feature.reason)\n\(feature.recipe.kind.rawValue):\n"
                + feature.recipe.text)
        values["examples"] = .records(
            feature.examples.map {
                [
                    "relation": .text($0.relation.rawValue), "value": .number($0.value),
                    "example": .data($0.text),
                ]
            })
        values["faults"] = .data(faults.map { "- \($0)" }.joined(separator: "\n"))
        return values
    }

    public struct Reply: PromptReply {
        public let feature: ProposedFeature

        public init(_ json: JSONValue) throws(ReplyFaults) {
            feature = try ProposedFeature(json, at: "$")
        }
    }
}
