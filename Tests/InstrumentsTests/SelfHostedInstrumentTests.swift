import HTTP
import JSON
import ScriptedServer
import Testing

@testable import Instruments

/// Against a local server that keeps what is documented of Neuronpedia's inference server.
@Suite struct SelfHostedInstrumentTests {
    private static func result(_ text: String) -> JSONValue {
        let words = text.split(separator: " ").map(String.init)
        let tokens = words.indices.map { ($0 == 0 ? "" : "\u{2581}") + words[$0] }
        return [
            "tokens": .array((["<bos>"] + tokens).map { .string($0) }),
            "tokensIsSpecial": .array(([true] + tokens.map { _ in false }).map { .bool($0) }),
            "activation": [
                "values": .array(([100] + words.map(\.utf8.count)).map { .integer($0) })
            ],
        ]
    }

    private func server(wordLimit: Int = 8) throws -> ScriptedServer {
        try ScriptedServer { request in
            guard request["X-SECRET-KEY"] == "s3cret-value" else {
                return .json(#"{"error":"Invalid or missing X-SECRET-KEY header"}"#, status: 401)
            }
            let body = (try? JSONValue(parsing: request.body)) ?? .null
            let isBatch = request.path == "/v1/activation/single-batch"
            let texts =
                isBatch
                ? body["prompts"]?.array?.compactMap(\.string) ?? []
                : [body["prompt"]?.string].compactMap { $0 }
            guard body["index"]?.string == "5", body["source"] == "s", (1...4).contains(texts.count)
            else { return .json(#"{"error":"Invalid request data"}"#, status: 400) }
            let limit = isBatch ? wordLimit / 4 : wordLimit
            for text in texts where text.split(separator: " ").count > limit {
                return .json(#"{"error":"Text too long: 9 tokens, max is 2.0"}"#, status: 400)
            }
            let results = texts.map(Self.result)
            return .json(
                isBatch
                    ? JSONValue(dictionaryLiteral: ("results", .array(results))).text
                    : results[0].text)
        }
    }

    private func instrument(
        _ server: ScriptedServer, secret: String = "s3cret-value"
    ) throws -> SelfHostedInstrument {
        SelfHostedInstrument(
            try NeuronpediaSource(model: "m", source: "s"), base: server.url,
            client: try HTTPClient(proxy: .direct),
            key: ServerKey(variable: "KEY", environment: ["KEY": secret]), clock: FakeClock().clock)
    }

    @Test func measuresInBatches_andTextsTooLongForOneAlone() async throws {
        let server = try server()
        let texts = [
            "a b", "c", "one two three four", "d e",
            Array(repeating: "w", count: 9).joined(separator: " "),
        ]
        let instrument = try instrument(server)
        #expect(await instrument.plan(for: texts, latents: [5]).requestCount == 2)
        let outcomes = try await instrument.readings(of: texts, latents: [5])
        #expect(outcomes.map { $0.reading != nil } == [true, true, true, true, false])
        let reading = try #require(outcomes[2].reading)
        #expect(reading.maximum(0)?.value == 5)
        #expect(reading.tokens[0].isSpecial)
        #expect(reading.tokens.dropFirst().map(\.text) == ["one", " two", " three", " four"])
        #expect(reading.tokens.dropFirst().map(\.bytes) == [0..<3, 3..<7, 7..<13, 13..<18])
    }

    @Test func throws_whenTheSecretIsWrong() async throws {
        let server = try server()
        let instrument = try instrument(server, secret: "another-secret")
        let error = await #expect(throws: InstrumentError.self) {
            try await instrument.readings(of: ["a"], latents: [5])
        }
        #expect("\(try #require(error))".contains("401"))
    }

    @Test func asksAgain_whenTheServerIsBusy() async throws {
        let server = try ScriptedServer { _ in .json(#"{"error":"busy"}"#, status: 503) }
        let instrument = try instrument(server)
        await #expect(throws: InstrumentError.self) {
            try await instrument.readings(of: ["a"], latents: [5])
        }
        #expect(server.requests.count == 3)
    }

    @Test func throws_whenNobodyListens() async throws {
        let instrument = SelfHostedInstrument(
            try NeuronpediaSource(model: "m", source: "s"), base: "http://127.0.0.1:1",
            client: try HTTPClient(proxy: .direct), key: nil, clock: FakeClock().clock)
        let error = await #expect(throws: InstrumentError.self) {
            try await instrument.readings(of: ["a"], latents: [5])
        }
        #expect("\(try #require(error))".contains("127.0.0.1"))
    }
}
