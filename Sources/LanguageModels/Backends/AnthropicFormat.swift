import HTTP
import JSON

/// Anthropic's Messages.
struct AnthropicFormat: WireFormat {
    let provider = "anthropic"
    let capabilities = ModelCapabilities(
        schema: true, tools: true, logProbabilities: false, seed: false, batch: true,
        promptCaching: true)

    /// A system text of at least so many bytes is marked for the prompt cache.
    static let cachedSystemBytes = 4_096

    func path(model: String, streams: Bool) -> String { "/messages" }

    func headers(_ key: Secret?) -> [(String, String)] {
        [("anthropic-version", "2023-06-01")]
            + (key.map { key in [("x-api-key", key.use { $0 })] } ?? [])
    }

    func body(
        of request: ModelRequest, model: String, streams: Bool
    ) throws(WireFlaw) -> JSONValue {
        let sampling = request.sampling
        guard sampling.topLogProbabilities == nil else {
            throw .request("Anthropic gives no log-probabilities; do without them")
        }
        let system = request.messages.filter { $0.role == .system }.map(\.text)
            .joined(separator: "\n\n")
        let format = request.schema.map { schema -> JSONValue in
            ["type": "json_schema", "schema": schema.schema.anthropicForm]
        }
        let output = JSONValue.object([
            "format": format, "effort": sampling.effort.map { .string($0) },
        ])
        let choice = request.tools.isEmpty ? nil : Self.choice(request.toolChoice)
        return .object([
            "model": .string(model), "max_tokens": .integer(sampling.maximumOutputTokens),
            "system": system.isEmpty ? nil : Self.system(system),
            "messages": .array(
                request.messages.filter { $0.role != .system }.map(Self.message)),
            "tools": request.tools.isEmpty ? nil : .array(request.tools.map(Self.tool)),
            "tool_choice": choice, "output_config": output.members?.isEmpty == true ? nil : output,
            "temperature": sampling.temperature.map { .number($0) },
            "top_p": sampling.topP.map { .number($0) },
            "stop_sequences": sampling.stop.isEmpty
                ? nil : .array(sampling.stop.map { .string($0) }),
            "stream": streams ? true : nil,
        ])
    }

    private static func system(_ text: String) -> JSONValue {
        guard text.utf8.count >= cachedSystemBytes else { return .string(text) }
        return [
            ["type": "text", "text": .string(text), "cache_control": ["type": "ephemeral"]]
        ]
    }

    private static func message(_ message: ModelMessage) -> JSONValue {
        if message.role == .tool {
            return [
                "role": "user",
                "content": [
                    [
                        "type": "tool_result", "tool_use_id": .string(message.toolCallID ?? ""),
                        "content": .string(message.text),
                    ]
                ],
            ]
        }
        guard !message.toolCalls.isEmpty else {
            return ["role": .string(message.role.rawValue), "content": .string(message.text)]
        }
        var blocks: [JSONValue] =
            message.text.isEmpty ? [] : [["type": "text", "text": .string(message.text)]]
        blocks += message.toolCalls.map { call in
            [
                "type": "tool_use", "id": .string(call.id), "name": .string(call.name),
                "input": (try? JSONValue(parsing: call.arguments)) ?? [:],
            ]
        }
        return ["role": "assistant", "content": .array(blocks)]
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        [
            "name": .string(tool.name), "description": .string(tool.description),
            "input_schema": tool.parameters.document,
        ]
    }

    private static func choice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: ["type": "auto"]
        case .none: ["type": "none"]
        case .required: ["type": "any"]
        case .named(let name): ["type": "tool", "name": .string(name)]
        }
    }

    func assembler(for request: ModelRequest) -> any StreamAssembler {
        AnthropicAssembler(request: request)
    }

    func complaint(in body: JSONValue) -> ServerComplaint {
        ServerComplaint(
            code: body["error"]?["type"]?.string ?? "",
            message: body["error"]?["message"]?.string ?? body["detail"]?.string ?? "")
    }
}
