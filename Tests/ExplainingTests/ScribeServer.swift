import Foundation
import JSON
import ScriptedServer

/// A model server that plays every role of an inquiry into texts, from the prompt alone, as a
/// deterministic model would. A test says what is conjectured.
struct ScribeServer {
    /// Formulas with the statements that a model makes of them.
    var conjectures: [(formula: String, statement: String)]
    /// What refinements offer, whatever failed.
    var refinement = #"word("dog") & previous("the") & !insideQuotes"#
    /// What the reviewer adds when it is asked first.
    var addition: String?
    /// Texts of which the designer says that the first fires and the second does not.
    var pairs: [(fires: String, silent: String)] = []
    /// Answers by role in place of those made here; nil for the usual one.
    var instead: @Sendable (_ role: String, _ prompt: String) -> String? = { _, _ in nil }

    func start() throws -> ScriptedServer {
        try ScriptedServer { request in
            guard let body = try? JSONValue(parsing: request.body),
                let name = body["response_format"]?["json_schema"]?["name"]?.string
            else { return .json("{}", status: 400) }
            let role = name.replacing("explain-text-", with: "")
            let prompt = Self.prompt(in: body)
            return .json(
                Self.chat(instead(role, prompt) ?? answer(role, prompt), request.body.count))
        }
    }

    /// The system's words and everything that the user said.
    static func prompt(in body: JSONValue) -> String {
        (body["messages"]?.array ?? []).filter { $0["role"] != "assistant" }
            .compactMap { $0["content"]?.string }.joined(separator: "\n")
    }

    private func answer(_ role: String, _ prompt: String) -> String {
        let value: JSONValue =
            switch role {
            case "explainer":
                ["hypotheses": .array(conjectures.map { Self.hypothesis($0.0, $0.1) })]
            case "analyst": Self.hypothesis(refinement, "fires on a known dog")
            case "designer": ["pairs": .array(pairs.map(Self.pair))]
            case "reviewer": review(prompt)
            default: Self.conclusion(prompt)
            }
        return value.text
    }

    private func review(_ prompt: String) -> JSONValue {
        let formula = addition.flatMap { prompt.contains($0) ? nil : $0 }
        return [
            "unexplained": "Dogs of the second kind.",
            "hypotheses": .array(formula.map { [Self.hypothesis($0, "fires on more")] } ?? []),
        ]
    }

    static func hypothesis(_ formula: String, _ statement: String) -> JSONValue {
        [
            "statement": .string(statement), "formula": .string(formula),
            "refuted_by": "silence where it holds",
        ]
    }

    private static func pair(_ pair: (fires: String, silent: String)) -> JSONValue {
        [
            "fires": ["kind": "injection", "text": .string(pair.fires)],
            "silent": ["kind": "hard-negative", "text": .string(pair.silent)], "why": "to see",
        ]
    }

    private static func conclusion(_ prompt: String) -> JSONValue {
        let facets = prompt.matches(of: /\nFacet \d+:/).count
        let tests = prompt.matches(of: /\nTest (\d+),/).compactMap { Int($0.1) }
        return [
            "label": "The dog that is known", "description": "It fires on dogs. Others it passes.",
            "facets": .array((0..<facets).map { .string("facet \($0 + 1)") }),
            "evidence": .array(tests.prefix(3).map(JSONValue.integer)),
        ]
    }

    private static func chat(_ text: String, _ tokens: Int) -> String {
        let body: JSONValue = [
            "id": "g", "model": "scribe",
            "choices": [["message": ["content": .string(text)], "finish_reason": "stop"]],
            "usage": ["prompt_tokens": .integer(tokens / 5), "completion_tokens": 40],
        ]
        return body.text
    }
}
