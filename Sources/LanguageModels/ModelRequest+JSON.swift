import JSON

extension ModelRequest {
    /// The request in our own form: what the journal keeps, a key is made from, and a command reads.
    public var json: JSONValue {
        .object(
            [
                "messages": .array(messages.map(\.json)),
                "schema": schema.map {
                    ["name": .string($0.name), "schema": $0.schema.document]
                },
                "tools": tools.isEmpty ? nil : .array(tools.map(\.json)),
                "tool_choice": tools.isEmpty ? nil : .string(toolChoice.text),
                "sampling": sampling.json,
                "sample": .integer(sample),
            ])
    }
}

extension JSONValue {
    /// An object of those members that there are.
    static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }
}

extension ModelMessage {
    var json: JSONValue {
        .object([
            "role": .string(role.rawValue), "text": .string(text),
            "tool_calls": toolCalls.isEmpty ? nil : .array(toolCalls.map(\.json)),
            "tool_call_id": toolCallID.map { .string($0) },
        ])
    }
}

extension ToolCall {
    var json: JSONValue {
        ["id": .string(id), "name": .string(name), "arguments": .string(arguments)]
    }

    init?(json: JSONValue) {
        guard let id = json["id"]?.string, let name = json["name"]?.string,
            let arguments = json["arguments"]?.string
        else { return nil }
        self.init(id: id, name: name, arguments: arguments)
    }
}

extension ToolDefinition {
    var json: JSONValue {
        [
            "name": .string(name), "description": .string(description),
            "parameters": parameters.document,
        ]
    }
}

extension ToolChoice {
    var text: String {
        switch self {
        case .auto: "auto"
        case .none: "none"
        case .required: "required"
        case .named(let name): "named " + name
        }
    }
}

extension Sampling {
    var json: JSONValue {
        .object([
            "temperature": temperature.map { .number($0) }, "top_p": topP.map { .number($0) },
            "max_output_tokens": .integer(maximumOutputTokens), "seed": seed.map { .integer($0) },
            "stop": stop.isEmpty ? nil : .array(stop.map { .string($0) }),
            "top_log_probabilities": topLogProbabilities.map { .integer($0) },
            "effort": effort.map { .string($0) },
        ])
    }
}
