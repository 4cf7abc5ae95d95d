import Foundation
import HTTP
import JSON
import LinearAlgebra
import Logging
import ScriptedServer
import Synchronization
import Testing

@testable import LanguageModels

/// Models against a real server that does as scripted.
@Suite(.timeLimit(.minutes(10))) struct ServerModelTests {
    private func specification(
        _ server: ScriptedServer, _ change: (inout ModelSpecification) -> Void = { _ in }
    ) throws -> ModelSpecification {
        var result = try ModelSpecification.parse(server.url + "/v1#m", environment: [:])
        result.retry.firstDelay = 0.001
        result.retry.longestDelay = 0.002
        result.retry.attempts = 5
        result.gate = HostGate.Settings(start: 64, most: 64, coolDown: 0)
        change(&result)
        return result
    }

    private func stack(
        ledger: any CallLedger, budget: Budget = Budget(caps: BudgetCaps()),
        environment: [String: String] = [:]
    ) throws -> ModelStack {
        ModelStack(
            client: try HTTPClient(), gates: HostGates(), ledger: ledger, budget: budget,
            tracer: nil, logger: .silent, environment: environment)
    }

    /// What the user said, from a chat request's body.
    private static func question(_ request: ReceivedRequest) -> String {
        (try? JSONValue(parsing: request.body))?["messages"]?.array?.last?["content"]?.string ?? ""
    }

    static func chat(_ text: String) -> String {
        let body: JSONValue = [
            "id": "1", "model": "m",
            "choices": [["message": ["content": .string(text)], "finish_reason": "stop"]],
            "usage": ["prompt_tokens": 7, "completion_tokens": 3],
        ]
        return body.text
    }

    /// One answer in five is a fault: 429, 500, a reset, a truncated or a garbled reply.
    private static func faulty(_ seed: UInt64) -> @Sendable (ReceivedRequest) -> ScriptedReply {
        let state = Mutex(SeededGenerator(seed: seed))
        return { request in
            let (draw, kind) = state.withLock { ($0.below(5), $0.below(6)) }
            let body = chat("answer to " + question(request))
            guard draw == 0 else { return .json(body) }
            return switch kind {
            case 0:
                .json(
                    #"{"error":{"code":"rate_limit_exceeded"}}"#, status: 429,
                    headers: [("retry-after-ms", "1")])
            case 1: .json(#"{"error":{"message":"oops"}}"#, status: 500)
            case 2: .reset()
            case 3: .truncated(String(body.prefix(20)), total: body.utf8.count)
            case 4: .json(#"{"choices": [{"mess"#)
            default: .garbage(Array("nonsense\r\n\r\n".utf8))
            }
        }
    }

    @Test(arguments: UInt64(1)...3)
    func everyRequestEnds_whenOneAnswerInFiveIsAFault(seed: UInt64) async throws {
        let server = try ScriptedServer(Self.faulty(seed))
        let ledger = MemoryLedger()
        let budget = Budget(caps: BudgetCaps())
        let specification = try specification(server)
        let model = try await stack(ledger: ledger, budget: budget).model(specification)
        let outcomes = await withTaskGroup(of: Result<String, ModelError>.self) { group in
            for task in 0..<400 {
                group.addTask {
                    do throws(ModelError) {
                        let reply = try await model.reply(to: .plain("\(task)"), for: .test)
                        return .success(reply.text == "answer to \(task)" ? "right" : reply.text)
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var all: [Result<String, ModelError>] = []
            for await outcome in group { all.append(outcome) }
            return all
        }
        #expect(outcomes.count == 400)
        var failed = 0
        for outcome in outcomes {
            switch outcome {
            case .success(let text): #expect(text == "right")
            case .failure(let error):
                failed += 1
                #expect(error.attempts == 5, "\(error)")
            }
        }
        #expect(failed < 20)
        let perQuestion = Dictionary(grouping: server.requests, by: Self.question)
        #expect(perQuestion.values.allSatisfy { $0.count <= 5 })
        // Once in the budget for everything that was sent, and never twice.
        let results = await ledger.results
        #expect(results.count == server.requests.count)
        let spent = await budget.spent
        #expect(spent.calls == server.requests.count)
        #expect(spent == results.reduce(Spending()) { $0 + $1.spent })
        #expect(await ledger.open.isEmpty)

        let before = server.requests.count
        let again = try await stack(ledger: ledger).model(specification)
        for task in 0..<400 { _ = try? await again.reply(to: .plain("\(task)"), for: .test) }
        let answered = Set(outcomes.indices.filter { (try? outcomes[$0].get()) != nil }).count
        let repeated = server.requests.dropFirst(before).map(Self.question)
        #expect(Set(repeated).count == 400 - answered)
    }

    @Test(arguments: [
        (401, "invalid_api_key", ModelError.Kind.unauthorized, 1),
        (403, "forbidden", .unauthorized, 1), (402, "", .outOfMoney, 1),
        (429, "insufficient_quota", .outOfMoney, 1), (429, "rate_limit_exceeded", .rateLimited, 5),
        (404, "model_not_found", .rejected, 1), (400, "invalid_request", .rejected, 1),
        (408, "", .serverFault, 5), (409, "", .serverFault, 5),
        (529, "overloaded", .serverFault, 5),
    ])
    func tellsStatusesApart(
        status: Int, code: String, kind: ModelError.Kind, sent: Int
    ) async throws {
        let server = try ScriptedServer { _ in
            .json(#"{"error":{"code":"\#(code)","message":"because"}}"#, status: status)
        }
        let model = try await stack(ledger: MemoryLedger()).model(specification(server))
        let error = await #expect(throws: ModelError.self) {
            try await model.reply(to: .plain("q"), for: .test)
        }
        #expect(error?.kind == kind)
        #expect(error?.mayBeBilled == (status == 408))
        #expect(server.requests.count == sent)
        #expect(error.map { "\($0)".contains("because") } == true)
    }

    @Test func sendsTheKeyInItsHeaderOnly_andShowsItInNoError() async throws {
        let server = try ScriptedServer { request in
            .json(
                #"{"error":{"message":"bad key \#(request["authorization"] ?? "")"}}"#, status: 401)
        }
        let model = try await stack(
            ledger: MemoryLedger(), environment: ["CONJECTURE_API_KEY": "sk-hidden-0123456789"]
        ).model(specification(server))
        let error = await #expect(throws: ModelError.self) {
            try await model.reply(to: .plain("q"), for: .test)
        }
        let request = try #require(server.requests.first)
        #expect(request["authorization"] == "Bearer sk-hidden-0123456789")
        #expect(!request.text.contains("hidden") && !request.path.contains("hidden"))
        #expect(error.map { !"\($0)".contains("hidden") } == true)
    }

    private static func pieces(_ text: String) -> String {
        var stream = ""
        for character in text {
            let piece: JSONValue = [
                "id": "s1", "model": "m",
                "choices": [["index": 0, "delta": ["content": .string(String(character))]]],
            ]
            stream += "data: \(piece.text)\n\n"
        }
        return stream
    }

    @Test func putsAStreamedReplyTogether() async throws {
        let text = "Grüße 😀 at last"
        let stream =
            ": comment\n\n" + Self.pieces(text)
            + #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
            + #"data: {"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":9}}"# + "\n\n"
            + "data: [DONE]\n\n"
        let bytes = Array(stream.utf8)
        let server = try ScriptedServer { _ in
            // Cut where it hurts: within characters and lines.
            var chunks: [(after: Double, text: String)] = []
            var rest = Substring(stream)
            while !rest.isEmpty {
                chunks.append((0.0005, String(rest.prefix(37))))
                rest = rest.dropFirst(37)
            }
            return .chunks(chunks)
        }
        let model = try await stack(ledger: MemoryLedger()).model(
            specification(server) { $0.streams = true })
        let reply = try await model.reply(to: .plain("q"), for: .test)
        #expect(bytes.count > 500)
        #expect(reply.text == text)
        #expect(reply.finish == .complete)
        #expect(reply.usage == TokenUsage(input: 4, output: 9))
        #expect(server.requests.first?.text.contains(#""include_usage":true"#) == true)
    }

    @Test func aStreamThatEndsEarly_isNoReply() async throws {
        let server = try ScriptedServer { _ in .chunks([(0, Self.pieces("half a"))]) }
        let model = try await stack(ledger: MemoryLedger()).model(
            specification(server) { $0.streams = true })
        let error = await #expect(throws: ModelError.self) {
            try await model.reply(to: .plain("q"), for: .test)
        }
        #expect(error?.kind == .garbled)
        #expect(server.requests.count == 5)
    }

    @Test func aFaultInTheMiddleOfAStream_isTheServers() async throws {
        let server = try ScriptedServer { _ in
            .chunks([
                (0, Self.pieces("half")),
                (0, #"data: {"error":{"message":"the model crashed"}}"# + "\n\n"),
            ])
        }
        let model = try await stack(ledger: MemoryLedger()).model(
            specification(server) { $0.streams = true })
        let error = await #expect(throws: ModelError.self) {
            try await model.reply(to: .plain("q"), for: .test)
        }
        #expect(error?.kind == .serverFault)
        #expect(error?.reason == "the model crashed")
        #expect(error?.mayBeBilled == true)
    }

    @Test func streamsOfTheOtherProvidersComeTogetherToo() async throws {
        let anthropic = [
            #"{"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":5,"#
                + #""cache_read_input_tokens":2,"output_tokens":1}}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
            #"{"type":"ping"}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi "}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"you"}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":6}}"#,
            #"{"type":"message_stop"}"#,
        ]
        var first: any StreamAssembler = AnthropicFormat().assembler(for: .plain("q"))
        for data in anthropic { try first.take(ServerSentEvents.Event(data: data)) }
        #expect(try first.reply().text == "Hi you")
        #expect(
            try first.reply().usage == TokenUsage(input: 7, cachedInput: 2, output: 6))
        let gemini = [
            #"{"candidates":[{"content":{"parts":[{"text":"thinking","thought":true}]}}]}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"Hi "}]}}]}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"you"}]},"finishReason":"STOP"}],"#
                + #""usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2,"thoughtsTokenCount":4}}"#,
        ]
        var second: any StreamAssembler = GeminiFormat().assembler(for: .plain("q"))
        for data in gemini { try second.take(ServerSentEvents.Event(data: data)) }
        #expect(try second.reply().text == "Hi you")
        #expect(
            try second.reply().usage == TokenUsage(input: 5, output: 6, reasoningOutput: 4))
    }

    @Test func aCommandAnswers_orFailsByType() async throws {
        func model(_ script: String, timeout: Double = 20) throws -> CommandModel {
            let path = FileManager.default.temporaryDirectory
                .appendingPathComponent("command-\(UUID().uuidString).sh").path
            try ("#!/bin/sh\n" + script).write(toFile: path, atomically: true, encoding: .utf8)
            return CommandModel(command: "sh x", words: ["sh", path], timeout: timeout)
        }
        let reply = try await model(#"grep -q '"text":"hello"' && echo '{"text":"yes"}'"#)
            .reply(to: .plain("hello"), for: .test)
        #expect(reply.text == "yes")
        #expect(reply.finish == .complete)
        #expect(reply.usage.isBound)
        for (script, kind) in [
            ("echo no", ModelError.Kind.garbled), ("echo '{}'", .garbled), ("exit 3", .serverFault),
            ("sleep 60", .lost), ("exec no-such-program-here", .unreachable),
            ("yes | head -c 20000000", .garbled),
        ] {
            let error = await #expect(throws: ModelError.self) {
                try await model(script, timeout: script == "sleep 60" ? 0.3 : 20)
                    .reply(to: .plain("hello"), for: .test)
            }
            #expect(error?.kind == kind, "\(script): \(String(describing: error))")
        }
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
