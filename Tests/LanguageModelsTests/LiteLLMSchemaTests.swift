import JSON
import LanguageModels
import LiteLLMServer
import Synchronization
import Testing

/// A real server that takes a schema and does not keep to it.
@Suite(.enabled(if: LiteLLMProxy.isInstalled, "\(LiteLLMProxy.absence)"), .servedByLiteLLM)
struct LiteLLMSchemaTests {
    @Test(arguments: LiteLLMRoute.allCases, [LiteLLMModels.rule, LiteLLMModels.relayed])
    func findsThatASchemaIsIgnored(route: LiteLLMRoute, model: String) async throws {
        let stack = try await LiteLLMStack(route, model)
        let finding = try await SchemaProbe.run(stack.model, inquiry: "test", sample: 1)
        #expect(finding == .ignored)
        #expect(finding.form == .prompted)
    }

    private static let fitting: JSONValue = [
        "type": "object",
        "properties": [
            "hypotheses": [
                "type": "array",
                "items": [
                    "type": "object",
                    "properties": [
                        "formula": ["type": "string"], "statement": ["type": "string"],
                        "refuted_by": ["type": "string"],
                    ],
                    "required": ["formula", "statement", "refuted_by"],
                    "additionalProperties": false,
                ],
            ]
        ],
        "required": ["hypotheses"], "additionalProperties": false,
    ]

    private func request(_ schema: JSONValue) throws -> ModelRequest {
        var request = ModelRequest.plain("What may it mean?")
        request.schema = ReplySchema(name: "hypotheses", schema: try JSONSchema(schema))
        return request
    }

    @Test(arguments: LiteLLMRoute.allCases)
    func checksAReplyHere_whenTheSchemaGoesOutInWords(route: LiteLLMRoute) async throws {
        let stack = try await LiteLLMStack(route, LiteLLMModels.proposer)
        let reply = try await stack.model.structured(
            try request(Self.fitting), for: .test, form: .prompted, repair: { _ in "Again." })
        let value = try reply.result.get()
        #expect(value["hypotheses"]?.array?.first?["formula"]?.string == "mine(A3)")
        #expect(!reply.wasRepaired)
        let sent = try #require(reply.requests.first)
        #expect(sent.schema == nil)
        #expect(sent.messages.first?.role == .system)
        #expect(sent.messages.first?.text.contains(#""required":["hypotheses"]"#) == true)
    }

    @Test(arguments: LiteLLMRoute.allCases, SchemaForm.allCases)
    func tellsTheFaultsOnce_whenTheReplyDoesNotFit(
        route: LiteLLMRoute, form: SchemaForm
    ) async throws {
        let stack = try await LiteLLMStack(route, LiteLLMModels.relayed)
        let told = Mutex<[SchemaFault]>([])
        let reply = try await stack.model.structured(
            try request(Self.fitting), for: .test, form: form,
            repair: { faults in
                told.withLock { $0 += faults }
                return "That was not JSON."
            })
        guard case .failure(.invalid(let faults)) = reply.result else {
            Issue.record("\(reply.result)")
            return
        }
        #expect(faults.first?.contains("this is not JSON") == true)
        #expect(reply.requests.count == 2)
        #expect(told.withLock { $0.count } == 1)
        let results = await stack.ledger.results
        #expect(results.count == 2, "\(results)")
    }
}
