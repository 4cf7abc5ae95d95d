import Foundation
import JSON
import ScriptedServer

/// A model server that conjectures from the table of frequencies in the prompt: enough of a proposer to
/// carry a study through. It decides by the prompt alone, as a deterministic model would.
enum GuessingServer {
    static func start(
        delay: Double = 0,
        instead: @escaping @Sendable (ReceivedRequest) -> ScriptedReply? = { _ in nil }
    ) throws -> ScriptedServer {
        try ScriptedServer { request in
            if let reply = instead(request) { return reply }
            guard let body = try? JSONValue(parsing: request.body) else {
                return .json("{}", status: 400)
            }
            return .json(
                chat(answer(to: prompt(in: body)), tokens: request.body.count), delay: delay)
        }
    }

    /// Everything that the user said.
    static func prompt(in body: JSONValue) -> String {
        (body["messages"]?.array ?? []).filter { $0["role"] == "user" }
            .compactMap { $0["content"]?.string }.joined(separator: "\n")
    }

    static func chat(_ text: String, tokens: Int) -> String {
        let body: JSONValue = [
            "id": "g", "model": "guesser",
            "choices": [["message": ["content": .string(text)], "finish_reason": "stop"]],
            "usage": ["prompt_tokens": .integer(tokens / 5), "completion_tokens": 40],
        ]
        return body.text
    }

    static func answer(to prompt: String) -> String {
        let rows = prompt.matches(of: /\| `([^`]+)` \| ([\d.]+) % \| ([\d.]+) % \|/)
        let literals = rows.map { row -> String in
            let firing = Double(row.2) ?? 0
            let silent = Double(row.3) ?? 0
            return (firing > silent ? "" : "!") + String(row.1)
        }
        guard literals.count > 5 else { return "blue" }
        let isRefinement = prompt.contains("one better hypothesis")
        let tried = Set(
            prompt.matches(of: /formula: (.+)/).map { Set($0.1.split(separator: " & ")) })
        var formulas = [[0], [0, 1], [0, 1, 2], [1]]
        if isRefinement {
            let choices = [[0, 2], [1, 2], [0, 3], [0, 4], [1, 3], [2, 3], [0, 5], [2], [3]]
            formulas = choices.filter { choice in
                !tried.contains(Set(choice.map { Substring(literals[$0]) }))
            }
        }
        let items = formulas.map { choice -> JSONValue in
            let formula = choice.map { literals[$0] }.joined(separator: " & ")
            return [
                "formula": .string(formula), "statement": .string("fires when \(formula)"),
                "refuted_by": "silence where it holds",
            ]
        }
        let reply: JSONValue =
            isRefinement ? items.first ?? [:] : ["hypotheses": .array(items)]
        return reply.text
    }
}
