import JSON

/// Finds out at the start of a run whether a server enforces a reply schema or only accepts it.
///
/// The question asks for a plain word, the schema for something that nobody would say unasked: only a
/// server that holds the model to the schema answers with it. (llama.cpp answers 200 to a form that
/// it ignores.)
public enum SchemaProbe {
    public enum Finding: String, Codable, Hashable, Sendable {
        case enforced
        /// Accepted, and without effect.
        case ignored
        /// The server would not take the request.
        case refused
        /// The format has no place for a schema.
        case notExpressible

        /// How to send schemas to such a server.
        public var form: SchemaForm { self == .enforced ? .native : .prompted }
    }

    static let schema: JSONValue = [
        "type": "object", "properties": ["reply_code": ["type": "string", "enum": ["zq7-ok"]]],
        "required": ["reply_code"], "additionalProperties": false,
    ]

    /// - Parameter sample: a number that was not used before, so that a server which has changed
    ///   is asked and not remembered.
    /// - Throws: a ``ModelError`` when the server cannot be asked at all.
    public static func run(
        _ model: any LanguageModel, inquiry: String, sample: Int
    ) async throws -> Finding {
        guard model.capabilities.schema else { return .notExpressible }
        let schema = try JSONSchema(schema)
        let request = ModelRequest(
            messages: [ModelMessage(.user, "Reply with the single word blue, as plain text.")],
            schema: ReplySchema(name: "schema_probe", schema: schema),
            // Room for a model that reasons before it answers.
            sampling: Sampling(maximumOutputTokens: 1_024), sample: sample)
        do throws(ModelError) {
            let reply = try await model.reply(
                to: request, for: CallPurpose(role: "probe", inquiry: inquiry))
            guard let value = try? JSONValue(parsing: reply.text.withoutCodeFence) else {
                return .ignored
            }
            return schema.faults(in: value).isEmpty ? .enforced : .ignored
        } catch {
            guard error.kind == .rejected || error.kind == .unsupported else { throw error }
        }
        // Was it the schema that was refused, or is there no such model?
        var plain = request
        plain.schema = nil
        _ = try await model.reply(to: plain, for: CallPurpose(role: "probe", inquiry: inquiry))
        return .refused
    }
}
