import JSON
import Testing

@testable import LanguageModels

@Suite struct StructuredReplyTests {
    private static let schema: JSONValue = [
        "type": "object", "properties": ["formula": ["type": "string"]],
        "required": ["formula"], "additionalProperties": false,
    ]

    private func ask(
        _ model: ScriptedModel, form: SchemaForm = .native,
        check: @Sendable (JSONValue) -> [SchemaFault] = { _ in [] }
    ) async throws -> StructuredReply {
        var request = ModelRequest.plain("propose")
        request.schema = ReplySchema(name: "answer", schema: try JSONSchema(Self.schema))
        return try await model.structured(request, for: .test, form: form, check: check) {
            "mend: " + $0.map(\.description).joined(separator: "; ")
        }
    }

    @Test func takesAReplyThatFits() async throws {
        let reply = try await ask(ScriptedModel(texts: [#"{"formula":"mine(A1)"}"#]))
        #expect(try reply.result.get() == ["formula": "mine(A1)"])
        #expect(!reply.wasRepaired)
    }

    @Test func tellsTheFaultsOnce_andTakesTheMendedReply() async throws {
        let model = ScriptedModel(texts: [
            #"{"formula":3,"status":"supported"}"#, #"{"formula":"mine(A1)"}"#,
        ])
        let reply = try await ask(model)
        #expect(try reply.result.get() == ["formula": "mine(A1)"])
        #expect(reply.wasRepaired)
        let turn = try #require(model.requests.last?.messages.last?.text)
        #expect(turn.contains("$.formula: must be string, not 3"))
        #expect(turn.contains("$.status: is not among the allowed names"))
    }

    @Test func callsItAFailure_whenTheMendedReplyDoesNotFitEither() async throws {
        let model = ScriptedModel(texts: ["I think that", "{}", #"{"formula":"too late"}"#])
        let reply = try await ask(model)
        #expect(reply.result == .failure(.invalid([#"$: lacks "formula""#])))
        #expect(model.requests.count == 2)
    }

    @Test func sendsNoEmptyMessageAfterAnEmptyReply() async throws {
        let model = ScriptedModel(texts: [" ", #"{"formula":"mine(A1)"}"#])
        #expect(try await ask(model).wasRepaired)
        let messages = try #require(model.requests.last?.messages)
        #expect(messages.allSatisfy { $0.text.contains { !$0.isWhitespace } })
    }

    @Test func checksWhatASchemaCannotSay() async throws {
        let model = ScriptedModel(texts: [#"{"formula":"x"}"#, #"{"formula":"mine(A1)"}"#])
        let reply = try await ask(model) { value in
            value["formula"] == "x"
                ? [SchemaFault(place: "$.formula", reason: "cannot be read")] : []
        }
        #expect(reply.wasRepaired)
        #expect(try reply.result.get() == ["formula": "mine(A1)"])
    }

    @Test(arguments: [
        (Finish.refused("no"), ContentFailure.refused("no")), (.lengthLimit, .lengthLimit),
        (.filtered("safety"), .filtered("safety")), (.contextFull, .contextFull),
    ])
    func keepsWhyThereIsNoUse_asAValue(finish: Finish, failure: ContentFailure) async throws {
        let model = ScriptedModel { (_, _) throws(ModelError) in
            .plain(#"{"formula":"cut o"#, finish: finish)
        }
        let reply = try await ask(model)
        #expect(reply.result == .failure(failure))
        #expect(model.requests.count == 1)
    }

    @Test func saysTheSchemaInWords_whereTheServerIgnoresItsForm() async throws {
        let model = ScriptedModel(texts: ["```json\n{\"formula\":\"mine(A1)\"}\n```"])
        let reply = try await ask(model, form: .prompted)
        #expect(try reply.result.get() == ["formula": "mine(A1)"])
        let request = try #require(model.requests.first)
        #expect(request.schema == nil)
        #expect(request.messages[0].role == .system)
        #expect(request.messages[0].text.contains(#""additionalProperties":false"#))
    }

    @Test(arguments: [
        (#"{"reply_code":"zq7-ok"}"#, SchemaProbe.Finding.enforced), ("blue", .ignored),
        (#"{"reply_code":"blue"}"#, .ignored), (#"{"colour":"blue"}"#, .ignored),
    ])
    func findsOutWhetherAServerEnforcesASchema(
        text: String, finding: SchemaProbe.Finding
    ) async throws {
        let found = try await SchemaProbe.run(
            ScriptedModel(texts: [text]), inquiry: "test", sample: 1)
        #expect(found == finding)
    }

    @Test func saysThatASchemaIsRefused_andThatAServerIsDown() async throws {
        let refusing = ScriptedModel { (_, request) throws(ModelError) in
            guard request.schema != nil else { return .plain("blue") }
            throw ModelError(.rejected, model: "test", reason: "response_format?")
        }
        #expect(
            try await SchemaProbe.run(refusing, inquiry: "test", sample: 1) == .refused)
        let unknown = ScriptedModel { (_, _) throws(ModelError) in
            throw ModelError(.rejected, model: "test", reason: "no such model")
        }
        await #expect(throws: ModelError.self) {
            try await SchemaProbe.run(unknown, inquiry: "test", sample: 1)
        }
        let down = ScriptedModel { (_, _) throws(ModelError) in
            throw ModelError(.unreachable, model: "test", reason: "refused")
        }
        await #expect(throws: ModelError.self) {
            try await SchemaProbe.run(down, inquiry: "test", sample: 1)
        }
    }
}
