import JSON

/// What is told to whoever writes texts that could refute one hypothesis.
public struct DesignerBriefing: Briefing {
    public static let inquiry = "explain-text"
    public static let role = "designer"

    public var subject: TextBrief
    public var hypothesis: QuotedHypothesis
    /// The hypotheses that stand best beside it.
    public var rivals: [QuotedHypothesis]
    /// Texts on which the feature fires, strongest first.
    public var exemplars: [TextExample]
    /// Texts that resemble exemplars and on which it is silent.
    public var nearMisses: [TextExample]
    /// The longest text that is taken, in characters.
    public var textLimit: Int
    /// How many pairs are wanted.
    public var wanted: Int

    public init(
        subject: TextBrief, hypothesis: QuotedHypothesis, rivals: [QuotedHypothesis],
        exemplars: [TextExample], nearMisses: [TextExample], textLimit: Int, wanted: Int
    ) {
        self.subject = subject
        self.hypothesis = hypothesis
        self.rivals = rivals
        self.exemplars = exemplars
        self.nearMisses = nearMisses
        self.textLimit = textLimit
        self.wanted = wanted
    }

    public var values: PromptValues {
        var values = subject.values
        values["hypothesis"] = hypothesis.data
        values["rivals"] = .records(
            rivals.enumerated().map { ["number": .number($0 + 1), "rival": $1.data] })
        values["exemplars"] = TextExample.records(exemplars, withLevel: true)
        values["near_misses"] = TextExample.records(nearMisses, withLevel: false)
        values["text_limit"] = .number(textLimit)
        values["wanted"] = .number(wanted)
        return values
    }

    /// What a written text is meant to be.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case positive, paraphrase, injection
        case hardNegative = "hard-negative"
        case nearMiss = "near-miss"
        case minimalEdit = "minimal-edit"

        /// Whether a text of this kind should fire.
        public var fires: Bool {
            switch self {
            case .positive, .paraphrase, .injection: true
            case .hardNegative, .nearMiss, .minimalEdit: false
            }
        }
    }

    public struct Text: Hashable, Sendable {
        public let kind: Kind
        public let text: String
    }

    /// One text that should fire and one that should be silent.
    public struct Pair: Hashable, Sendable {
        public let fires: Text
        public let silent: Text
        public let reason: String
    }

    public struct Reply: PromptReply {
        public let pairs: [Pair]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            guard let items = json["pairs"]?.array, !items.isEmpty else {
                throw ReplyFaults([
                    SchemaFault(place: "$.pairs", reason: "must be a list of at least one pair")
                ])
            }
            var pairs: [Pair] = []
            for (index, item) in items.enumerated() {
                let place = "$.pairs[\(index)]"
                pairs.append(
                    Pair(
                        fires: try Self.text(item, "fires", at: place),
                        silent: try Self.text(item, "silent", at: place),
                        reason: item["why"]?.string ?? ""))
            }
            self.pairs = pairs
        }

        private static func text(
            _ pair: JSONValue, _ name: String, at place: String
        ) throws(ReplyFaults) -> Text {
            let item = pair[name]
            let here = "\(place).\(name)"
            guard let kind = item?["kind"]?.string.flatMap(Kind.init(rawValue:)),
                kind.fires == (name == "fires")
            else {
                let known = Kind.allCases.filter { $0.fires == (name == "fires") }
                throw ReplyFaults([
                    SchemaFault(
                        place: here + ".kind",
                        reason: "must be one of " + PromptError.list(known.map(\.rawValue)))
                ])
            }
            guard let text = item?["text"]?.string, text.contains(where: { !$0.isWhitespace })
            else {
                throw ReplyFaults([
                    SchemaFault(place: here + ".text", reason: "must be a text that is not blank")
                ])
            }
            return Text(kind: kind, text: text)
        }
    }
}
