import JSON

/// An explanation and numbered texts about which a judge says yes or no.
public protocol VerdictBriefing: Briefing where Reply == VerdictReply {
    /// What somebody says that the feature means.
    var explanation: String { get }
    var texts: [String] { get }
}

extension VerdictBriefing {
    public static var inquiry: String { "evaluate-text" }

    public var values: PromptValues {
        [
            "explanation": .data(explanation), "count": .number(texts.count),
            "texts": .records(
                texts.enumerated().map { ["number": .number($0 + 1), "text": .data($1)] }),
        ]
    }
}

/// Whether an explanation applies anywhere in each text.
public struct DetectionBriefing: VerdictBriefing {
    public static let role = "detection"
    public let explanation: String
    public let texts: [String]

    public init(explanation: String, texts: [String]) {
        self.explanation = explanation
        self.texts = texts
    }
}

/// Whether an explanation applies to the marked pieces of each text.
public struct FuzzingBriefing: VerdictBriefing {
    public static let role = "fuzzing"
    public let explanation: String
    public let texts: [String]
    /// What stands before and after a marked piece.
    public static let marks = (before: "⟦", after: "⟧")

    public init(explanation: String, texts: [String]) {
        self.explanation = explanation
        self.texts = texts
    }
}

/// Yes or no for each text.
public struct VerdictReply: PromptReply {
    /// By the text's number, from 1.
    public let verdicts: [Int: Bool]

    public init(_ json: JSONValue) throws(ReplyFaults) {
        var verdicts: [Int: Bool] = [:]
        var faults: [SchemaFault] = []
        for (place, item) in (json["verdicts"]?.array ?? []).enumerated() {
            guard let number = item["number"]?.integer, let applies = item["applies"]?.bool else {
                faults.append(
                    SchemaFault(
                        place: "$.verdicts[\(place)]",
                        reason: "must have a whole number \"number\" and true or false \"applies\""
                    ))
                continue
            }
            if verdicts.updateValue(applies, forKey: number) != nil {
                faults.append(
                    SchemaFault(
                        place: "$.verdicts[\(place)].number", reason: "\(number) occurs twice"))
            }
        }
        guard faults.isEmpty else { throw ReplyFaults(faults) }
        self.verdicts = verdicts
    }

    /// What is wrong with a reply about `count` texts.
    public static func faults(in json: JSONValue, count: Int) -> [SchemaFault] {
        do throws(ReplyFaults) {
            let reply = try Self(json)
            let missing = (1...max(1, count)).filter { reply.verdicts[$0] == nil }
            guard missing.isEmpty, reply.verdicts.count == count else {
                return [
                    SchemaFault(
                        place: "$.verdicts",
                        reason: "must judge each of the texts 1 to \(count) once")
                ]
            }
            return []
        } catch {
            return error.faults
        }
    }
}

/// What a feature does on each token, as far as an explanation tells.
public struct SimulationBriefing: Briefing {
    public static let inquiry = "evaluate-text"
    public static let role = "simulation"
    public let explanation: String
    public let tokens: [String]

    public init(explanation: String, tokens: [String]) {
        self.explanation = explanation
        self.tokens = tokens
    }

    public var values: PromptValues {
        let lines = tokens.enumerated().map { "\($0 + 1) \(JSONValue.string($1).text)" }
        return [
            "explanation": .data(explanation), "count": .number(tokens.count),
            "text": .data(tokens.joined()), "tokens": .data(lines.joined(separator: "\n")),
        ]
    }

    /// One whole number for each token.
    public struct Reply: PromptReply {
        public let activations: [Int]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            let items = json["activations"]?.array ?? []
            let numbers = items.compactMap(\.integer).filter { (0...10).contains($0) }
            guard !items.isEmpty, numbers.count == items.count else {
                throw ReplyFaults([
                    SchemaFault(
                        place: "$.activations",
                        reason: "must be a list of whole numbers from 0 to 10")
                ])
            }
            activations = numbers
        }

        /// What is wrong with a reply about `count` tokens.
        public static func faults(in json: JSONValue, count: Int) -> [SchemaFault] {
            let faults = faults(in: json)
            let found = json["activations"]?.array?.count ?? 0
            guard faults.isEmpty, found != count else { return faults }
            return [
                SchemaFault(
                    place: "$.activations", reason: "has \(found) numbers for \(count) tokens")
            ]
        }
    }
}

/// Texts to be written from an explanation alone.
public struct GenerationBriefing: Briefing {
    public static let inquiry = "evaluate-text"
    public static let role = "generation"
    public let explanation: String
    /// Texts of each kind.
    public let wanted: Int
    /// The longest text that is taken, in bytes.
    public static let textLimit = 2_000

    public init(explanation: String, wanted: Int) {
        self.explanation = explanation
        self.wanted = wanted
    }

    public var values: PromptValues {
        ["explanation": .data(explanation), "wanted": .number(wanted)]
    }

    /// Texts that should make the feature fire, and matched ones that should not.
    public struct Reply: PromptReply {
        public let firing: [String]
        public let silent: [String]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            func texts(_ name: String) throws(ReplyFaults) -> [String] {
                let items = json[name]?.array ?? []
                let texts = items.compactMap(\.string).filter { text in
                    text.utf8.count <= textLimit && !text.allSatisfy(\.isWhitespace)
                }
                guard !texts.isEmpty, texts.count == items.count else {
                    throw ReplyFaults([
                        SchemaFault(
                            place: "$.\(name)",
                            reason: "must be a list of texts of 1 to \(textLimit) bytes")
                    ])
                }
                return texts
            }
            firing = try texts("firing")
            silent = try texts("silent")
        }

        /// What is wrong with a reply that should have `wanted` texts of each kind.
        public static func faults(in json: JSONValue, wanted: Int) -> [SchemaFault] {
            let faults = faults(in: json)
            guard faults.isEmpty else { return faults }
            return ["firing", "silent"].compactMap { name in
                let found = json[name]?.array?.count ?? 0
                return found == wanted
                    ? nil
                    : SchemaFault(
                        place: "$.\(name)", reason: "has \(found) texts where \(wanted) are due")
            }
        }
    }
}
