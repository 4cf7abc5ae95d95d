import HTTP
import JSON

/// OpenAI's chat completions, and the servers that speak it: Ollama, llama.cpp, vLLM, LM Studio,
/// OpenRouter, LiteLLM.
struct OpenAIFormat: WireFormat {
    let provider: String
    /// Whether the limit is called `max_completion_tokens`, as OpenAI has it, or `max_tokens`, as the
    /// others do.
    let usesCompletionLimit: Bool

    var capabilities: ModelCapabilities {
        let isOpenAI = provider == "openai"
        return ModelCapabilities(
            schema: true, tools: true, logProbabilities: provider != "ollama", seed: true,
            batch: isOpenAI, promptCaching: isOpenAI)
    }

    func path(model: String, streams: Bool) -> String { "/chat/completions" }

    func headers(_ key: Secret?) -> [(String, String)] {
        key.map { key in [("authorization", key.use { "Bearer \($0)" })] } ?? []
    }

    func body(
        of request: ModelRequest, model: String, streams: Bool
    ) throws(WireFlaw) -> JSONValue {
        let sampling = request.sampling
        let limit = usesCompletionLimit ? "max_completion_tokens" : "max_tokens"
        let fixed: JSONValue = .object([
            "model": .string(model), "messages": .array(request.messages.map(Self.message)),
            "response_format": request.schema.map(Self.format),
            "tools": request.tools.isEmpty ? nil : .array(request.tools.map(Self.tool)),
            "tool_choice": request.tools.isEmpty ? nil : Self.choice(request.toolChoice),
            "temperature": sampling.temperature.map { .number($0) },
            "top_p": sampling.topP.map { .number($0) }, "seed": sampling.seed.map { .integer($0) },
            "stop": sampling.stop.isEmpty ? nil : .array(sampling.stop.map { .string($0) }),
            "logprobs": sampling.topLogProbabilities.map { _ in true },
            "top_logprobs": sampling.topLogProbabilities.map { .integer($0) },
            "reasoning_effort": sampling.effort.map { .string($0) },
            "stream": streams ? true : nil,
            "stream_options": streams ? ["include_usage": true] : nil,
        ])
        return .object(
            (fixed.members ?? [])
                + [.init(name: limit, value: .integer(sampling.maximumOutputTokens))])
    }

    private static func message(_ message: ModelMessage) -> JSONValue {
        let calls = message.toolCalls.map { call -> JSONValue in
            [
                "id": .string(call.id), "type": "function",
                "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
            ]
        }
        return .object([
            "role": .string(message.role.rawValue), "content": .string(message.text),
            "tool_calls": calls.isEmpty ? nil : .array(calls),
            "tool_call_id": message.toolCallID.map { .string($0) },
        ])
    }

    /// The nested form: llama.cpp accepts the flat one and ignores it.
    private static func format(_ schema: ReplySchema) -> JSONValue {
        [
            "type": "json_schema",
            "json_schema": [
                "name": .string(schema.name), "strict": .bool(schema.schema.isStrict),
                "schema": schema.schema.document,
            ],
        ]
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(tool.name), "description": .string(tool.description),
                "parameters": tool.parameters.document, "strict": .bool(tool.parameters.isStrict),
            ],
        ]
    }

    private static func choice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: "auto"
        case .none: "none"
        case .required: "required"
        case .named(let name): ["type": "function", "function": ["name": .string(name)]]
        }
    }

    func assembler(for request: ModelRequest) -> any StreamAssembler {
        OpenAIAssembler(request: request)
    }

    /// `{"error":{…}}` as OpenAI has it, or `{"error":"…"}` as Ollama has it. LiteLLM's code is the
    /// status again, as text, and its type is the word that counts.
    func complaint(in body: JSONValue) -> ServerComplaint {
        let error = body["error"] ?? body
        let code = error["code"]?.string.flatMap { Int($0) == nil ? $0 : nil }
        return ServerComplaint(
            code: code ?? error["type"]?.string ?? "",
            message: error["message"]?.string ?? error.string ?? body["detail"]?.string ?? "")
    }
}
