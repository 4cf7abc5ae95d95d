import HTTP
import JSON

/// Google's Gemini `generateContent`.
struct GeminiFormat: WireFormat {
    let provider = "gemini"
    let capabilities = ModelCapabilities(
        schema: true, tools: true, logProbabilities: true, seed: true, batch: false,
        promptCaching: true)

    func path(model: String, streams: Bool) -> String {
        "/models/\(model):" + (streams ? "streamGenerateContent?alt=sse" : "generateContent")
    }

    func headers(_ key: Secret?) -> [(String, String)] {
        key.map { key in [("x-goog-api-key", key.use { $0 })] } ?? []
    }

    func body(
        of request: ModelRequest, model: String, streams: Bool
    ) throws(WireFlaw) -> JSONValue {
        let system = request.messages.filter { $0.role == .system }.map(\.text)
            .joined(separator: "\n\n")
        return .object([
            "systemInstruction": system.isEmpty
                ? nil : ["parts": [["text": .string(system)]]],
            "contents": .array(
                request.messages.filter { $0.role != .system }.map { Self.content($0, request) }),
            "generationConfig": Self.configuration(request),
            "tools": request.tools.isEmpty
                ? nil : [["functionDeclarations": .array(request.tools.map(Self.tool))]],
            "toolConfig": request.tools.isEmpty ? nil : Self.choice(request.toolChoice),
        ])
    }

    private static func configuration(_ request: ModelRequest) -> JSONValue {
        let sampling = request.sampling
        return .object([
            "maxOutputTokens": .integer(sampling.maximumOutputTokens),
            "temperature": sampling.temperature.map { .number($0) },
            "topP": sampling.topP.map { .number($0) }, "seed": sampling.seed.map { .integer($0) },
            "stopSequences": sampling.stop.isEmpty
                ? nil : .array(sampling.stop.map { .string($0) }),
            "responseLogprobs": sampling.topLogProbabilities.map { _ in true },
            "logprobs": sampling.topLogProbabilities.map { .integer($0) },
            "thinkingConfig": sampling.effort.map { ["thinkingLevel": .string($0)] },
            "responseMimeType": request.schema.map { _ in "application/json" },
            "responseJsonSchema": request.schema.map(\.schema.document),
        ])
    }

    private static func content(_ message: ModelMessage, _ request: ModelRequest) -> JSONValue {
        if message.role == .tool {
            let name = request.messages.flatMap(\.toolCalls)
                .first { $0.id == message.toolCallID }?.name
            return [
                "role": "user",
                "parts": [
                    [
                        "functionResponse": [
                            "name": .string(name ?? message.toolCallID ?? ""),
                            "response": ["result": .string(message.text)],
                        ]
                    ]
                ],
            ]
        }
        var parts: [JSONValue] = message.text.isEmpty ? [] : [["text": .string(message.text)]]
        parts += message.toolCalls.map { call in
            let arguments = (try? JSONValue(parsing: call.arguments)) ?? [:]
            return ["functionCall": ["name": .string(call.name), "args": arguments]]
        }
        return [
            "role": message.role == .assistant ? "model" : "user", "parts": .array(parts),
        ]
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        [
            "name": .string(tool.name), "description": .string(tool.description),
            "parametersJsonSchema": tool.parameters.document,
        ]
    }

    private static func choice(_ choice: ToolChoice) -> JSONValue {
        let mode: JSONValue =
            switch choice {
            case .auto: ["mode": "AUTO"]
            case .none: ["mode": "NONE"]
            case .required: ["mode": "ANY"]
            case .named(let name): ["mode": "ANY", "allowedFunctionNames": [.string(name)]]
            }
        return ["functionCallingConfig": mode]
    }

    func reply(from body: JSONValue, to request: ModelRequest) throws(WireFlaw) -> ModelReply {
        var assembler = GeminiAssembler(request: request)
        try assembler.take(body)
        return try assembler.reply()
    }

    func assembler(for request: ModelRequest) -> any StreamAssembler {
        GeminiAssembler(request: request)
    }

    func complaint(in body: JSONValue) -> ServerComplaint {
        let error = body["error"] ?? body.array?.first?["error"]
        let delay = (error?["details"]?.array ?? []).compactMap { $0["retryDelay"]?.string }.first
        return ServerComplaint(
            code: error?["status"]?.string ?? "", message: error?["message"]?.string ?? "",
            retryAfter: delay.flatMap { Double($0.hasSuffix("s") ? String($0.dropLast()) : $0) })
    }
}

/// A whole answer and a piece of a stream have the same form.
struct GeminiAssembler: StreamAssembler {
    let request: ModelRequest
    private var text = ""
    private var calls: [ToolCall] = []
    private var reason: String?
    private var blocked: String?
    private var usage: TokenUsage?
    private var id = ""
    private var model = ""
    private var probabilities: [TokenLogProbability]?

    init(request: ModelRequest) { self.request = request }

    mutating func take(_ event: ServerSentEvents.Event) throws(WireFlaw) {
        let piece = try OpenAIAssembler.parse(event.data)
        if let error = piece.present("error") {
            throw .server(error["message"]?.string ?? "the server broke off")
        }
        try take(piece)
    }

    mutating func take(_ piece: JSONValue) throws(WireFlaw) {
        id = piece["responseId"]?.string ?? id
        model = piece["modelVersion"]?.string ?? model
        if let counts = piece.present("usageMetadata") { usage = Self.usage(counts) }
        if let word = piece["promptFeedback"]?.present("blockReason")?.string { blocked = word }
        guard let candidate = piece["candidates"]?.array?.first else { return }
        if let word = candidate.present("finishReason")?.string { reason = word }
        for part in candidate["content"]?["parts"]?.array ?? [] where part["thought"]?.bool != true
        {
            text += part["text"]?.string ?? ""
            if let call = part.present("functionCall") {
                calls.append(
                    ToolCall(
                        id: call["id"]?.string ?? "call-\(calls.count)",
                        name: call["name"]?.string ?? "", arguments: (call["args"] ?? [:]).text))
            }
        }
        if let chosen = candidate["logprobsResult"]?["chosenCandidates"]?.array {
            let all = candidate["logprobsResult"]?["topCandidates"]?.array ?? []
            probabilities = try Self.logProbabilities(chosen, all)
        }
    }

    private static func usage(_ counts: JSONValue) -> TokenUsage? {
        guard let input = counts["promptTokenCount"]?.integer else { return nil }
        let thoughts = counts["thoughtsTokenCount"]?.integer ?? 0
        let words = counts["candidatesTokenCount"]?.integer ?? 0
        let (output, overflow) = words.addingReportingOverflow(thoughts)
        guard !overflow else { return nil }
        return TokenUsage(
            input: input, cachedInput: counts["cachedContentTokenCount"]?.integer ?? 0,
            output: output, reasoningOutput: thoughts
        ).believable
    }

    private static func logProbabilities(
        _ chosen: [JSONValue], _ all: [JSONValue]
    ) throws(WireFlaw) -> [TokenLogProbability] {
        var result: [TokenLogProbability] = []
        for (index, token) in chosen.enumerated() {
            guard let text = token["token"]?.string, let value = token["logProbability"]?.number
            else { throw .reply("a token lacks its log-probability") }
            let others = index < all.count ? all[index]["candidates"]?.array ?? [] : []
            result.append(
                TokenLogProbability(
                    token: text, logProbability: value,
                    alternatives: others.compactMap { other in
                        other["token"]?.string.flatMap { text in
                            other["logProbability"]?.number.map {
                                .init(token: text, logProbability: $0)
                            }
                        }
                    }))
        }
        return result
    }

    func reply() throws(WireFlaw) -> ModelReply {
        ModelReply(
            text: text, toolCalls: calls, finish: try finish(),
            usage: usage ?? .bound(request, text: text), id: id, model: model,
            logProbabilities: probabilities)
    }

    private func finish() throws(WireFlaw) -> Finish {
        if let blocked { return .filtered(blocked) }
        switch reason {
        case "STOP": return calls.isEmpty ? .complete : .toolCalls
        case "MAX_TOKENS": return .lengthLimit
        case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE":
            return .filtered(reason ?? "")
        case nil: throw .reply("the stream ended before the reply did")
        case let word?:
            throw .reply("the reply ended for a reason that is not known, \"\(word)\"")
        }
    }
}
