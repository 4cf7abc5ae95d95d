import Foundation
import JSON
import ScriptedServer

/// A model server that plays every role of mining by a script: it proposes tools of all three kinds, one
/// of them broken and one of them unreadable, mends what it is told is broken, and scores texts by a
/// rule. It decides by the prompt alone, as a deterministic model would.
enum MiningServer {
    static func start(delay: Double = 0) throws -> ScriptedServer {
        try ScriptedServer { request in
            guard let body = try? JSONValue(parsing: request.body) else {
                return .json("{}", status: 400)
            }
            return .json(
                GuessingServer.chat(answer(to: body).text, tokens: request.body.count),
                delay: delay)
        }
    }

    /// The role that a request is for, by what its system prompt begins with.
    static func role(of body: JSONValue) -> String {
        let system =
            (body["messages"]?.array ?? []).first { $0["role"] == "system" }?["content"]?
            .string ?? ""
        for (role, words) in [
            ("personas", "you invent people"), ("contraster", "You do so by reading"),
            ("reflector", "You look at what they leave"), ("repairer", "You mend a tool"),
            ("annotator", "You answer questions about a text"),
            ("formalizer", "You find proposals that say the same"),
        ] where system.contains(words) {
            return role
        }
        return "probe"
    }

    static func roles(of server: ScriptedServer) -> [String: Int] {
        var counts: [String: Int] = [:]
        for request in server.requests {
            guard let body = try? JSONValue(parsing: request.body) else { continue }
            counts[role(of: body), default: 0] += 1
        }
        return counts
    }

    private static func answer(to body: JSONValue) -> JSONValue {
        let prompt = GuessingServer.prompt(in: body)
        switch role(of: body) {
        case "personas":
            return [
                "personas": [
                    [
                        "name": "a buyer", "view": "Looks for experience.",
                        "features": .array([lanternRubric, broken]),
                    ]
                ]
            ]
        case "contraster":
            return [
                "features": .array([
                    expression("doubt", "share(lexicon(hedges))"),
                    expression("unreadable-one", "share(nothing of the kind("), weather,
                ])
            ]
        case "formalizer":
            // The three readings proposed the same three: all but the first of each go.
            let count = prompt.matches(of: /Proposal (\d+)/).count
            let offset = count % 3
            return [
                "groups": .array(
                    (1...3).map { place in
                        [
                            "keep": .integer(offset + place),
                            "duplicates": .array(
                                stride(from: offset + place + 3, through: count, by: 3)
                                    .map { .integer($0) }),
                        ]
                    })
            ]
        case "repairer":
            return python(
                "quartz-count", "def feature(text):\n    return float(text.count('quartz'))\n")
        case "reflector":
            return ["gap": "Nothing that I can see.", "features": []]
        case "annotator": return annotation(prompt)
        default: return ["answer": "zq7-ok"]
        }
    }

    /// Scores how often a text tells of lanterns; says nothing of texts that ask it not to.
    private static func annotation(_ prompt: String) -> JSONValue {
        let questions = prompt.matches(of: /Question (\d+)/).map { Int($0.1) ?? 0 }
        let lanterns =
            prompt.components(separatedBy: "lantern").count - 1
            - (prompt.contains("tell of lanterns") ? 1 : 0)
        // Which of the questions asks of them: the last that begins before its words.
        let before = prompt.components(separatedBy: "tell of lanterns")
        let lanternQuestion =
            before.count > 1
            ? before[0].matches(of: /Question (\d+)/).last.flatMap { Int($0.1) } : nil
        let answers = Set(questions).sorted().map { number -> JSONValue in
            let value = number == lanternQuestion ? min(5, 1 + lanterns) : 3
            return [
                "number": .integer(number),
                "answer": .string(prompt.contains("do not rate me") ? "none" : String(value)),
            ]
        }
        return ["answers": .array(answers)]
    }

    // MARK: Proposals

    private static var lanternRubric: JSONValue {
        feature(
            "tells-of-lanterns", kind: "rubric",
            rubric: [
                "question": "Does the writer tell of lanterns?", "scale": "graded",
                "anchors": [
                    ["value": 1, "meaning": "never"], ["value": 5, "meaning": "again and again"],
                ],
            ],
            examples: [
                ["text": "A lantern by the door.", "relation": "at-least", "value": 2],
                ["text": "No.", "relation": "equals", "value": 1],
            ])
    }

    /// A question whose answer has nothing to do with the outcome.
    private static var weather: JSONValue {
        feature(
            "weather", kind: "rubric",
            rubric: [
                "question": "Does the text tell of the weather?", "scale": "graded",
                "anchors": [["value": 1, "meaning": "no"], ["value": 5, "meaning": "yes"]],
            ],
            examples: [
                ["text": "Rain.", "relation": "at-least", "value": 1],
                ["text": "No.", "relation": "at-least", "value": 1],
            ])
    }

    private static var broken: JSONValue {
        python("quartz-count", "def feature(text):\n    return text.count('quartz') / nothing\n")
    }

    private static func python(_ name: String, _ source: String) -> JSONValue {
        feature(
            name, kind: "python", python: source,
            examples: [
                ["text": "quartz, quartz", "relation": "equals", "value": 2],
                ["text": "Oh.", "relation": "equals", "value": 0],
            ])
    }

    private static func expression(_ name: String, _ source: String) -> JSONValue {
        feature(
            name, kind: "expression", expression: source,
            examples: [
                ["text": "maybe perhaps", "relation": "at-least", "value": 0.9],
                ["text": "stone", "relation": "equals", "value": 0],
            ])
    }

    private static func feature(
        _ name: String, kind: String, expression: String = "", python: String = "",
        rubric: JSONValue = ["question": "", "scale": "graded", "anchors": []],
        examples: [JSONValue]
    ) -> JSONValue {
        [
            "name": .string(name), "title": .string("What \(name) says"),
            "why": "It should matter.", "direction": "higher", "kind": .string(kind),
            "expression": .string(expression), "python": .string(python), "rubric": rubric,
            "examples": .array(examples),
        ]
    }
}
