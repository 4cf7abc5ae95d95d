import Foundation
import HTTP
import JSON
import LanguageModels
import Logging
import Prompts

/// The Swift side of `Benchmarks/schema_enforcement.sh`.
///
///     schema-benchmark http://127.0.0.1:PORT/v1#NAME
///
/// Asks a server whose model has random weights, and prints one line for each finding. A line with
/// "FAIL" makes the exit code 1.
@main
struct SchemaBenchmark {
    static func main() async {
        do {
            guard CommandLine.arguments.count == 2 else { throw Usage() }
            let check = try await SchemaCheck(server: CommandLine.arguments[1])
            exit(try await check.run() ? 0 : 1)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(2)
        }
    }

    struct Usage: Error, CustomStringConvertible {
        let description = "usage: schema-benchmark http://127.0.0.1:PORT/v1#NAME"
    }
}

struct SchemaCheck {
    private let specification: ModelSpecification
    private let client: HTTPClient
    /// Whole and streamed.
    private let models: [any LanguageModel]

    private static let purpose = CallPurpose(role: "benchmark", inquiry: "schema")
    private static let finite = "schema of choices"
    private static let question = "Propose what the feature may mean."
    /// As the proposer's, with words to choose from: a model that knows nothing cannot ramble in it.
    private static let choices: JSONValue = [
        "type": "object",
        "properties": [
            "hypotheses": [
                "type": "array", "minItems": 1, "maxItems": 3,
                "items": [
                    "type": "object",
                    "properties": [
                        "formula": ["type": "string", "enum": ["mine(A3)", "theirs(C2)"]],
                        "statement": ["type": "string", "enum": ["fires when …", "\"silent\""]],
                        "refuted_by": ["type": ["string", "null"], "enum": ["nothing", .null]],
                        "certain": ["type": "boolean"],
                    ],
                    "required": ["formula", "statement", "refuted_by", "certain"],
                    "additionalProperties": false,
                ],
            ]
        ],
        "required": ["hypotheses"], "additionalProperties": false,
    ]

    init(server: String) async throws {
        var specification = try ModelSpecification.parse(server, environment: [:])
        // Once more, should the server have closed a connection that was idle.
        specification.retry = RetryPolicy(attempts: 2, firstDelay: 0.1)
        self.specification = specification
        client = try HTTPClient(proxy: .direct)
        let stack = ModelStack(
            client: client, gates: HostGates(), ledger: UnkeptCalls(),
            budget: Budget(caps: BudgetCaps()), tracer: nil,
            logger: Logger(label: "schema") { _ in SwiftLogNoOpLogHandler() }, environment: [:])
        var streamed = specification
        streamed.streams = true
        models = [try await stack.model(specification), try await stack.model(streamed)]
    }

    /// Whether every claim holds.
    func run() async throws -> Bool {
        let claims = [
            try await talksNonsense(), try await isFoundToEnforce(),
            try await fits(Self.finite, JSONSchema(Self.choices), limit: 400, samples: 40),
            try await fits("proposer's schema", proposerSchema(), limit: 2_000, samples: 10),
        ]
        try await showFlatForm()
        return claims.allSatisfy { $0 }
    }

    private func proposerSchema() throws -> JSONSchema {
        let prompt = try PromptSet().prompt(role: "proposer", inquiry: "explain-othello")
        guard let reply = prompt.reply else { throw SchemaBenchmark.Usage() }
        return reply.schema
    }

    private func request(_ schema: JSONSchema?, limit: Int, sample: Int) -> ModelRequest {
        ModelRequest(
            messages: [ModelMessage(.user, Self.question)],
            schema: schema.map { ReplySchema(name: "benchmark", schema: $0) },
            sampling: Sampling(temperature: 1, maximumOutputTokens: limit, seed: sample),
            sample: sample)
    }

    /// Without a schema the weights are known to say nothing: what fits later is the server's work.
    private func talksNonsense() async throws -> Bool {
        var readable = 0
        for sample in 0..<10 {
            let reply = try await models[sample % 2].reply(
                to: request(nil, limit: 100, sample: sample), for: Self.purpose)
            if (try? JSONValue(parsing: reply.text)) != nil { readable += 1 }
        }
        return claim(readable == 0, "without a schema: \(readable) of 10 replies are JSON")
    }

    private func isFoundToEnforce() async throws -> Bool {
        var findings: [SchemaProbe.Finding] = []
        for model in models {
            findings.append(try await SchemaProbe.run(model, inquiry: "schema", sample: 1))
        }
        let words = findings.map(\.rawValue).joined(separator: ", streamed ")
        return claim(findings.allSatisfy { $0 == .enforced }, "probe: \(words)")
    }

    /// A reply that ends by itself must fit at once. One that the limit cut off proves nothing, nor
    /// one that the server itself cannot read: where strings are free, random weights write bytes
    /// that are not UTF-8.
    private func fits(
        _ name: String, _ schema: JSONSchema, limit: Int, samples: Int
    ) async throws -> Bool {
        var fitting = 0
        var cutOff = 0
        var unread = 0
        var fault = ""
        for sample in 0..<samples {
            do {
                let reply = try await models[sample % 2].structured(
                    request(schema, limit: limit, sample: sample), for: Self.purpose,
                    form: .native, repair: { "Faults: \($0)" })
                switch reply.result {
                case .success where !reply.wasRepaired: fitting += 1
                case .failure(.lengthLimit) where !reply.wasRepaired: cutOff += 1
                case .success: fault = "; one fitted only when asked again"
                case .failure(let failure): fault = "; \(failure.description)"
                }
            } catch let error as ModelError where error.kind == .serverFault {
                unread += 1
            }
        }
        let isFinite = name == Self.finite
        return claim(
            fault.isEmpty && fitting > 0 && (!isFinite || fitting == samples),
            "\(name): \(fitting) of \(samples) replies fit at once, \(cutOff) cut off at \(limit) "
                + "tokens, \(unread) unreadable to the server\(fault)")
    }

    /// What the server makes of a schema that is not nested in `json_schema`. Told, not claimed:
    /// it is why requests are written in the nested form.
    private func showFlatForm() async throws {
        var held = 0
        var statuses: Set<Int> = []
        for seed in 0..<10 {
            let body: JSONValue = [
                "model": .string(specification.model), "max_tokens": 400, "seed": .integer(seed),
                "messages": [["role": "user", "content": .string(Self.question)]],
                "response_format": ["type": "json_schema", "schema": Self.choices],
            ]
            let answer = try await client.send(
                HTTPRequest(
                    .post, specification.endpoint + "/chat/completions",
                    headers: ["content-type": "application/json"], body: Array(body.text.utf8)))
            statuses.insert(answer.status)
            let reply = try? JSONValue(parsing: answer.body)
            let text = reply?["choices"]?.array?.first?["message"]?["content"]?.string
            let value = text.flatMap { try? JSONValue(parsing: $0) }
            if let value, try JSONSchema(Self.choices).faults(in: value).isEmpty { held += 1 }
        }
        let codes = statuses.sorted().map(String.init).joined(separator: ", ")
        print("told  flat form: status \(codes); \(held) of 10 replies fit the schema")
    }

    private func claim(_ holds: Bool, _ words: String) -> Bool {
        print(holds ? "ok    \(words)" : "FAIL  \(words)")
        return holds
    }
}
