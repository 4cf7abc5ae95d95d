import JSON

/// What is told to whoever puts the outcome of an inquiry into words.
public struct ConcluderBriefing: Briefing {
    public static let inquiry = "explain-text"
    public static let role = "concluder"

    public var subject: TextBrief
    /// The hypothesis that the inquiry committed to.
    public var explanation: LeadingHypothesis
    /// The formulas of its facets, in order.
    public var facets: [String]
    /// Some of its probes.
    public var tests: [TextTest]
    public var tried: [TriedHypothesis]

    public init(
        subject: TextBrief, explanation: LeadingHypothesis, facets: [String], tests: [TextTest],
        tried: [TriedHypothesis]
    ) {
        self.subject = subject
        self.explanation = explanation
        self.facets = facets
        self.tests = tests
        self.tried = tried
    }

    public var values: PromptValues {
        var values = subject.values
        values["explanation_status"] = .text(explanation.status)
        values["explanation"] = explanation.hypothesis.data
        values["facets"] = .records(
            facets.enumerated().map { ["number": .number($0 + 1), "facet": .data($1)] })
        values["roles"] = .records(explanation.roles.map(\.values))
        values["tests"] = .records(tests.map(\.values))
        values["tried"] = .records(tried.map(\.values))
        return values
    }

    public struct Reply: PromptReply {
        public static let labelWords = 8
        public static let labelCharacters = 100
        public static let descriptionCharacters = 800
        public static let facetCharacters = 200
        public static let evidenceCount = 8

        public let label: String
        public let description: String
        /// One for each facet of the formula, in order.
        public let facets: [String]
        /// Numbers of probes.
        public let evidence: [Int]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            label = try ReplyText.line(json["label"], "$.label", limit: Self.labelCharacters)
            guard label.split(whereSeparator: \.isWhitespace).count <= Self.labelWords else {
                throw ReplyFaults([
                    SchemaFault(
                        place: "$.label", reason: "must have at most \(Self.labelWords) words")
                ])
            }
            description = try ReplyText.line(
                json["description"], "$.description", limit: Self.descriptionCharacters)
            guard let facets = json["facets"]?.array, let evidence = json["evidence"]?.array else {
                throw ReplyFaults([
                    SchemaFault(place: "$", reason: "must have lists \"facets\" and \"evidence\"")
                ])
            }
            var words: [String] = []
            for (index, facet) in facets.enumerated() {
                words.append(
                    try ReplyText.line(facet, "$.facets[\(index)]", limit: Self.facetCharacters))
            }
            self.facets = words
            let numbers = evidence.compactMap(\.integer)
            guard numbers.count == evidence.count, numbers.count <= Self.evidenceCount else {
                throw ReplyFaults([
                    SchemaFault(
                        place: "$.evidence",
                        reason: "must be at most \(Self.evidenceCount) whole numbers")
                ])
            }
            self.evidence = numbers
        }
    }
}
