import Foundation
import GRDB
import JSON
import LanguageModels
import LinearAlgebra
import Memory
import ScriptedServer
import Testing

@testable import Explaining

/// The planted benchmark with a language model behind a real HTTP server, as a user runs it.
@Suite(.serialized) struct PlantedBenchmarkTests {
    /// Answers as the scripted model does, and asks for a schema to be sent as such.
    private static func start(_ scratch: Scratch, delay: Double = 0) throws -> ScriptedServer {
        let server = try ScriptedServer { request in
            guard let body = try? JSONValue(parsing: request.body),
                let form = body["response_format"]?["json_schema"], let name = form["name"]?.string,
                let document = form["schema"], let schema = try? JSONSchema(document)
            else { return .json("{}", status: 400) }
            let messages: [ModelMessage] = (body["messages"]?.array ?? []).compactMap { message in
                message["role"]?.string.flatMap(ModelMessage.Role.init).map {
                    ModelMessage($0, message["content"]?.string ?? "")
                }
            }
            let question = ModelRequest(
                messages: messages, schema: ReplySchema(name: name, schema: schema))
            guard let roles = ScriptedRoles(question) else { return .json("{}", status: 400) }
            return .json(
                GuessingServer.chat(roles.text, tokens: request.body.count), delay: delay)
        }
        try "model: \(server.url)/v1#scripted\nschema: native\n".write(
            toFile: scratch.path("model.yaml"), atomically: true, encoding: .utf8)
        let book = Program.root.appendingPathComponent("Examples/text/jane-eyre.txt")
        let text = try String(contentsOf: book, encoding: .utf8)
        try String(text.prefix(400_000)).write(
            toFile: scratch.path("corpus.txt"), atomically: true, encoding: .utf8)
        return server
    }

    private func arguments(_ memory: String, _ extra: [String] = []) -> [String] {
        [
            "benchmark", "planted", "--corpus", "corpus.txt", "--features", "2", "--nulls", "1",
            "--model", "model.yaml", "--price", "1/4", "--json", "--memory", memory,
        ] + extra
    }

    /// What does not depend on the clock.
    private func figures(_ result: Program.Result) throws -> String {
        result.output.replacing(/"seconds":\d+/, with: "")
    }

    @Test func killedAnywhere_givesTheSameFigures_andPaysForNothingTwice() async throws {
        let scratch = try Scratch()
        let server = try Self.start(scratch)
        let whole = try await Program.run(arguments("a/planted.sqlite"), in: scratch.folder)
        try #require(whole.status == 0, "\(whole.errors)")
        let json = try JSONValue(parsing: whole.output)
        for name in ["recovery", "one_shot_recovery", "false_confirmation_rate"] {
            for part in ["value", "low", "high"] {
                #expect(json[name]?[part] != nil, "\(name) \(part)")
                #expect(json["inducer"]?[name]?[part] != nil, "\(name) \(part)")
            }
        }
        for name in ["calls", "tokens", "money", "one_shot_calls", "probes_per_feature"] {
            #expect((json[name]?.number ?? 0) > 0, "\(name)")
            for (_, group) in (json["classes"]?.members ?? []).map({ ($0.name, $0.value) }) {
                #expect((group[name]?.number ?? 0) > 0, "\(name)")
            }
        }
        #expect(json["inducer"]?["calls"]?.number == 0)
        #expect((json["null_usage"]?["calls"]?.number ?? 0) > 0)

        var generator = SeededGenerator(seed: 5)
        var kills = 0
        while kills < 5 {
            let program = try Program.Running(arguments("b/planted.sqlite"), in: scratch.folder)
            let asked = server.requests.count + 2 + generator.below(5)
            while program.process.isRunning, server.requests.count < asked {
                try await Task.sleep(for: .milliseconds(5))
            }
            guard program.process.isRunning else { break }
            program.signal(SIGKILL)
            _ = try await program.wait()
            kills += 1
        }
        #expect(kills >= 3, "the benchmark ended before it was killed often enough")
        let last = try await Program.run(arguments("b/planted.sqlite"), in: scratch.folder)
        try #require(last.status == 0, "\(last.errors)")
        #expect(try figures(last) == figures(whole))
        let runs = try await Store(path: scratch.path("b/planted.sqlite")).runs()
        #expect(runs.map(\.state) == [.finished])
        let repeated = try await DatabaseQueue(path: scratch.path("b/planted.sqlite")).read {
            try Int.fetchOne(
                $0,
                sql: """
                    SELECT count(*) FROM modelAttempt AS later JOIN modelAttempt AS answered
                    ON later.key = answered.key AND answered.state = 'answered'
                    WHERE later.id > answered.id
                    """)
        }
        #expect(repeated == 0)

        // From here on nobody is asked.
        let sent = server.requests.count
        let again = try await Program.run(arguments("b/planted.sqlite"), in: scratch.folder)
        #expect(try figures(again) == figures(whole))
        let replay = "replay:a/planted.sqlite#\(runs[0].id)"
        let replayed = try await Program.run(
            arguments("c/planted.sqlite", ["--model", replay]), in: scratch.folder)
        #expect(replayed.status == 0, "\(replayed.errors)")
        #expect(try figures(replayed) == figures(whole))
        #expect(server.requests.count == sent)
    }

    @Test func stopsAtItsCap_andGoesOnWithALargerOne() async throws {
        let scratch = try Scratch()
        let server = try Self.start(scratch)
        let stopped = try await Program.run(
            arguments("a/planted.sqlite", ["--max-calls", "4"]), in: scratch.folder)
        #expect(stopped.status == 3, "\(stopped.errors)")
        #expect(stopped.errors.contains("with a higher cap the same command goes on"))
        #expect(server.requests.count == 4)
        let rest = try await Program.run(
            arguments("a/planted.sqlite", ["--max-calls", "1000"]), in: scratch.folder)
        #expect(rest.status == 0, "\(rest.errors)")
        let runs = try await Store(path: scratch.path("a/planted.sqlite")).runs()
        #expect(runs.count == 1)
    }
}
