import Foundation
import JSON
import ScriptedServer
import Testing

/// `conjecture evaluate` and `conjecture export` as users run them.
@Suite(.serialized) struct EvaluateCommandTests {
    /// Two puzzles of our own: the true explanation is one word that the judge looks for.
    private static let puzzles = #"""
        [["sea", {"explanation": "about sea", "false_explanations": ["about ship", "about crew"],
          "sentences": [["The", [" sea", 9], " and", " a", " ship"], ["A", " ship", " and", " crew"],
                        ["No", [" sea", 8], " here"], ["The", " crew", " sang"]]}],
         ["fire", {"explanation": "about fire", "false_explanations": ["about wood"],
          "sentences": [["The", [" fire", 9], " burns", " wood"], ["A", " wood"], ["Some", [" fire", 7]]]}]]
        """#

    /// A judge that reads an explanation as the word at its end, by the prompt alone.
    private static func server(
        spoils: @escaping @Sendable (String) -> Bool = { _ in false }
    ) throws -> ScriptedServer {
        try ScriptedServer { request in
            guard let body = try? JSONValue(parsing: request.body) else {
                return .json("{}", status: 400)
            }
            if request.path == "/api/activation/new" { return .json(Self.measured(body).text) }
            let prompt = GuessingServer.prompt(in: body)
            let answer = spoils(prompt) ? "I would rather not." : Self.answer(prompt)
            return .json(GuessingServer.chat(answer, tokens: request.body.count))
        }
    }

    /// Features 1, 2 and 3 fire on one word each.
    private static func measured(_ body: JSONValue) -> JSONValue {
        let place = Int(body["feature"]?["index"]?.string ?? "") ?? 1
        let word = ["sea", "fire", "ship"][place - 1]
        return .array(
            (body["customText"]?.array ?? []).compactMap(\.string).map { text in
                let tokens = text.split(separator: " ").enumerated().map { $0 == 0 ? $1 : " " + $1 }
                return [
                    "tokens": .array(tokens.map { .string(String($0)) }),
                    "values": .array(tokens.map { $0.hasSuffix(word) ? 6 : 0 }),
                ]
            })
    }

    private static func answer(_ prompt: String) -> String {
        guard let word = prompt.firstMatch(of: /about (\w+)/)?.1 else { return "blue" }
        if prompt.contains("texts of each kind") {
            let reply: JSONValue = [
                "firing": .array((0..<10).map { .string($0 < 9 ? "\($0) \(word)" : "none") }),
                "silent": .array((0..<10).map { .string("\($0) land") }),
            ]
            return reply.text
        }
        if prompt.contains("activations.") {
            let tokens = prompt.matches(of: /(?m)^\d+ "(.*)"$/).map(\.1)
            let reply: JSONValue = [
                "activations": .array(tokens.map { $0.hasSuffix(word) ? 9 : 0 })
            ]
            return reply.text
        }
        let texts = prompt.matches(of: /Text (\d+):\n<data-[0-9a-f]+>\n(.*)\n/)
        let reply: JSONValue = [
            "verdicts": .array(
                texts.map { text in
                    let marked = text.2.firstMatch(of: /⟦(.*)⟧/)?.1 ?? text.2
                    return [
                        "number": .integer(Int(text.1) ?? 0),
                        "applies": .bool(marked.contains(word)),
                    ]
                })
        ]
        return reply.text
    }

    private func puzzles(_ scratch: Scratch, _ server: ScriptedServer) async throws -> JSONValue {
        try Data(Self.puzzles.utf8).write(to: URL(fileURLWithPath: scratch.path("puzzles.json")))
        let result = try await Program.run(
            [
                "evaluate", "puzzles.json", "--json", "--model", server.url + "/v1#judge",
                "--memory", "memory.sqlite",
            ], in: scratch.folder)
        try #require(result.status == 0, "\(result.errors)")
        return try JSONValue(parsing: result.output)
    }

    private func outcomes(_ report: JSONValue) -> [String?] {
        (report["puzzles"]?.array ?? []).map { $0["outcome"]?.string }
    }

    @Test func solvesPuzzlesWithAJudgeThatReadsRightly_andPaysOnce() async throws {
        let scratch = try Scratch()
        let server = try Self.server()
        let report = try await puzzles(scratch, server)
        #expect(outcomes(report) == ["solved", "solved"])
        let best = report["puzzles"]?.array?.first?["candidates"]?.array?.first
        #expect(best?["words"]?.string == "about sea")
        #expect((best?["score"]?["estimate"]?["value"]?.number ?? 0) > 0.99)
        let asked = server.requests.count
        #expect(asked > 10)
        // The memory knows the answers; only the probe of the schema is asked again.
        #expect(try await puzzles(scratch, server) == report)
        #expect(server.requests.count <= asked + 2)
    }

    @Test func countsRepliesThatCannotBeRead_andRanksNothingByThem() async throws {
        let scratch = try Scratch()
        let server = try Self.server { prompt in
            prompt.contains("about sea") && prompt.contains("activations.")
        }
        let report = try await puzzles(scratch, server)
        #expect(outcomes(report) == ["unread", "solved"])
        let candidates = report["puzzles"]?.array?.first?["candidates"]?.array ?? []
        let spoilt = try #require(candidates.first { $0["words"]?.string == "about sea" })
        let failures = spoilt["score"]?["failures"]?.members ?? []
        #expect(failures.compactMap(\.value.integer).reduce(0, +) == 4)
        #expect(spoilt["score"]?["estimate"] == nil)
        #expect(spoilt["score"]?["asked"]?.integer == 4)
    }

    /// Features of Neuronpedia's form that fire on one word each.
    private func features(_ scratch: Scratch) throws -> [String] {
        try ["sea", "fire", "ship"].enumerated().map { place, word in
            let activations = (0..<24).map { number -> JSONValue in
                let words = ["On day", "\(number)", "we saw at last in the far", "harbour the"]
                let tokens =
                    words.flatMap { $0.split(separator: " ") }.map { " " + $0 }
                    + [" " + word, " again"]
                return [
                    "tokens": .array(tokens.map { .string($0) }),
                    "values": .array(tokens.map { $0 == " " + word ? 6 : 0 }),
                ]
            }
            let feature: JSONValue = [
                "modelId": "gpt2-small", "layer": "6-res-jb", "index": .string("\(place + 1)"),
                "activations": .array(activations),
                "explanations": [
                    ["description": .string("about \(word)"), "typeName": "np_max-act"]
                ],
            ]
            let path = scratch.path("\(word).json")
            try Data(feature.text.utf8).write(to: URL(fileURLWithPath: path))
            return path
        }
    }

    @Test func judgesNeuronpediasExplanations_besideControls() async throws {
        let scratch = try Scratch()
        let server = try Self.server()
        let result = try await Program.run(
            ["evaluate"] + features(scratch) + [
                "--json", "--model", server.url + "/v1#judge", "--delphi", "delphi",
                "--neuronpedia", server.url,
            ], in: scratch.folder)
        try #require(result.status == 0, "\(result.errors)")
        let report = try JSONValue(parsing: result.output)
        let first = try #require(report["features"]?.array?.first?["explanations"]?.array)
        #expect(first.compactMap { $0["role"]?.string } == ["judged", "shuffled", "induced"])
        func value(_ metric: String, _ place: Int) -> Double? {
            let scores = first[place]["scores"]?.array
            return scores?.first { $0["metric"]?.string == metric }?["estimate"]?["value"]?.number
        }
        #expect(value("detection", 0) == 1 && value("fuzzing", 0) == 1)
        #expect((value("detection", 1) ?? 1) < 0.6)
        #expect(value("predictive-all", 0).map { $0 > 0.99 } == true)
        #expect(value("generative-label", 0) == 0.9 && value("specificity-label", 0) == 1)
        #expect(value("generative-label", 1) == 0)
        let delphi = try String(
            contentsOfFile: scratch.path("delphi/explanations/gpt2-small--6-res-jb_latent1.txt"),
            encoding: .utf8)
        #expect(delphi == #""about sea""#)
    }

    @Test func judgesAUsersFile_byRuleWithoutAModel_andTellsWhatItCannotRead() async throws {
        let scratch = try Scratch()
        let table =
            "feature,explanation,formula\n1,about the sea,\"word(\"\"sea\"\")\"\n"
            + "2,\"the word \"\"fire\"\"\",\n3,warm feelings,\n9,nobody's,\n"
        try Data(table.utf8).write(to: URL(fileURLWithPath: scratch.path("mine.csv")))
        let result = try await Program.run(
            ["evaluate"] + features(scratch)
                + ["--explanations", "mine.csv", "--no-controls", "--only", "1-3"],
            in: scratch.folder)
        try #require(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("mine.csv: 1 explanations are of none of these features"))
        let rows = result.output.split(separator: "\n").filter { $0.contains("mine: ") }
        #expect(rows.count == 3)
        #expect(rows[0].hasPrefix("1.000") && rows[1].hasPrefix("1.000"))
        #expect(rows[2].hasPrefix("–"))
        #expect(result.output.contains("\"warm\" is not understood"))
    }

    @Test func refusesWhatIsNoFile_namingIt() async throws {
        let scratch = try Scratch()
        try Data("{".utf8).write(to: URL(fileURLWithPath: scratch.path("half.json")))
        for name in ["half.json", "absent.json"] {
            let result = try await Program.run(["evaluate", name], in: scratch.folder)
            #expect(result.status == 1)
            #expect(result.errors.contains(name))
        }
    }

    @Test func exportsARunInEveryFormat() async throws {
        let scratch = try Scratch()
        let study = try await Program.run(
            [
                "explain", Program.example, "--random", "2", "--games", "900", "--controls", "0",
                "--seed", "7", "--json", "--memory", "memory.sqlite",
            ], in: scratch.folder)
        try #require(study.status == 0, "\(study.errors)")
        let run = try #require(try JSONValue(parsing: study.output)["run"]?.string)
        for (format, name, more) in [
            ("csv", "a.csv", []), ("jsonl", "a.jsonl", []), ("delphi", "delphi", []),
            ("neuronpedia-list", "list.json", ["--source", "othello/3-res"]),
            ("neuronpedia-upload", "upload.json", ["--source", "othello/3-res"]),
        ] {
            let result = try await Program.run(
                ["export", run, "--format", format, "--out", name, "--memory", "memory.sqlite"]
                    + more, in: scratch.folder)
            #expect(result.status == 0, "\(format): \(result.errors)")
            #expect(FileManager.default.fileExists(atPath: scratch.path(name)), "\(format)")
        }
        let refused = try await Program.run(
            [
                "export", run, "--format", "neuron-record", "--out", "r", "--memory",
                "memory.sqlite",
            ], in: scratch.folder)
        #expect(refused.status == 2 && refused.errors.contains("--features"))
    }
}
