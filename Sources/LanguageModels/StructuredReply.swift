import JSON

/// Why a reply that was given is of no use. A value, not an error: it is counted and told, and never
/// turned into a result.
public enum ContentFailure: Codable, Hashable, Sendable {
    case refused(String)
    case filtered(String)
    /// The output limit cut it off.
    case lengthLimit
    case contextFull
    /// After the repair turn it was still not what was asked for.
    case invalid([String])

    public var description: String {
        switch self {
        case .refused(let words): "the model declined: \(words.prefix(200))"
        case .filtered(let reason): "the provider's filter stepped in (\(reason.prefix(100)))"
        case .lengthLimit: "the reply was cut off at the output limit"
        case .contextFull: "the model's context was full"
        case .invalid(let faults):
            "the reply did not fit, even after its faults were told: "
                + faults.prefix(3).joined(separator: "; ").prefix(300)
        }
    }
}

/// A reply that was asked for as JSON.
public struct StructuredReply: Hashable, Sendable {
    public let result: Result<JSONValue, ContentFailure>
    /// The requests that led to it, first the question, then the repair turn if there was one.
    public let requests: [ModelRequest]
    /// Whether the first reply did not fit.
    public var wasRepaired: Bool { requests.count > 1 }
}

extension ContentFailure: Error {}

/// How a schema reaches the model.
public enum SchemaForm: String, Codable, Hashable, Sendable, CaseIterable {
    /// In the provider's own form.
    case native
    /// As words in the system message, for servers that ignore the form.
    case prompted
}

extension LanguageModel {
    /// Asks for JSON that fits `request.schema` and passes `check`.
    ///
    /// Whatever the server promised, the reply is checked here. One that does not fit is asked for
    /// once more, with its faults; after that it is a failure.
    ///
    /// - Parameters:
    ///   - check: what a schema cannot say; the faults of a value that fits the schema.
    ///   - repair: the words of the repair turn.
    public func structured(
        _ request: ModelRequest, for purpose: CallPurpose, form: SchemaForm,
        check: @Sendable (JSONValue) -> [SchemaFault] = { _ in [] },
        repair: @Sendable ([SchemaFault]) throws -> String
    ) async throws -> StructuredReply {
        guard let schema = request.schema else {
            preconditionFailure("a structured reply needs a schema")
        }
        var request = form == .prompted ? request.withSchemaInWords(schema) : request
        var requests: [ModelRequest] = []
        var faults: [SchemaFault] = []
        for turn in 0..<2 {
            requests.append(request)
            let reply = try await reply(to: request, for: purpose)
            if let failure = ContentFailure(reply.finish) {
                return StructuredReply(result: .failure(failure), requests: requests)
            }
            let value: JSONValue?
            (value, faults) = Self.read(reply.text, schema.schema, check)
            if let value, faults.isEmpty {
                return StructuredReply(result: .success(value), requests: requests)
            }
            if turn == 0 {
                // Providers refuse an empty message.
                let words = String(reply.text.prefix(20_000))
                let isBlank = words.allSatisfy(\.isWhitespace)
                request.messages.append(
                    ModelMessage(.assistant, isBlank ? "(an empty reply)" : words))
                request.messages.append(ModelMessage(.user, try repair(faults)))
            }
        }
        return StructuredReply(
            result: .failure(.invalid(faults.map(\.description))), requests: requests)
    }

    private static func read(
        _ text: String, _ schema: JSONSchema, _ check: (JSONValue) -> [SchemaFault]
    ) -> (JSONValue?, [SchemaFault]) {
        let value: JSONValue
        do throws(JSONValue.Flaw) {
            value = try JSONValue(parsing: text.withoutCodeFence)
        } catch {
            return (nil, [SchemaFault(place: "$", reason: "this is not JSON: it \(error)")])
        }
        let faults = schema.faults(in: value)
        return (value, faults.isEmpty ? check(value) : faults)
    }
}

extension ContentFailure {
    init?(_ finish: Finish) {
        switch finish {
        case .complete: return nil
        case .toolCalls: self = .invalid(["the model called a tool instead of answering"])
        case .lengthLimit: self = .lengthLimit
        case .contextFull: self = .contextFull
        case .refused(let words): self = .refused(words)
        case .filtered(let reason): self = .filtered(reason)
        }
    }
}

extension ModelRequest {
    /// The schema as words: for a server that would ignore its form.
    func withSchemaInWords(_ schema: ReplySchema) -> ModelRequest {
        var request = self
        let words = """
            Answer with one JSON value and nothing else: no code fence, no words round it. It must fit \
            this JSON Schema:
            \(schema.schema.document.text)
            """
        if let index = request.messages.firstIndex(where: { $0.role == .system }) {
            request.messages[index].text += "\n\n" + words
        } else {
            request.messages.insert(ModelMessage(.system, words), at: 0)
        }
        request.schema = nil
        return request
    }
}

extension String {
    /// The text within one Markdown code fence that is all there is, a habit of models that were told
    /// the schema in words; else the text itself.
    var withoutCodeFence: String {
        var lines = split(separator: "\n", omittingEmptySubsequences: false)[...]
        while lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        guard lines.count >= 2, let first = lines.first, first.hasPrefix("```"),
            lines.last?.allSatisfy({ $0 == "`" || $0.isWhitespace }) == true
        else { return self }
        return lines.dropFirst().dropLast().joined(separator: "\n")
    }
}
