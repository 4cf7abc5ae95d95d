import HTTP
import JSON

extension AnthropicFormat {
    func reply(from body: JSONValue, to request: ModelRequest) throws(WireFlaw) -> ModelReply {
        var text = ""
        var calls: [ToolCall] = []
        for block in try body.required("content", in: "the reply").array ?? [] {
            switch block["type"]?.string {
            case "text": text += block["text"]?.string ?? ""
            case "tool_use":
                calls.append(
                    ToolCall(
                        id: block["id"]?.string ?? "", name: block["name"]?.string ?? "",
                        arguments: (block["input"] ?? [:]).text))
            default: break
            }
        }
        let reason = try body.required("stop_reason", in: "the reply").string ?? ""
        return ModelReply(
            text: text, toolCalls: calls, finish: try Self.finish(reason, text: text),
            usage: Self.usage(body.present("usage")) ?? .bound(request, text: text),
            id: body["id"]?.string ?? "", model: body["model"]?.string ?? "")
    }

    static func finish(_ reason: String, text: String) throws(WireFlaw) -> Finish {
        switch reason {
        case "end_turn", "stop_sequence": return .complete
        case "max_tokens": return .lengthLimit
        case "tool_use": return .toolCalls
        case "refusal": return .refused(text)
        case "model_context_window_exceeded": return .contextFull
        default: throw .reply("the reply ended for a reason that is not known, \"\(reason)\"")
        }
    }

    /// `input_tokens` leaves out what was read from and written to the prompt cache.
    static func usage(_ usage: JSONValue?) -> TokenUsage? {
        guard let input = usage?["input_tokens"]?.integer,
            let output = usage?["output_tokens"]?.integer
        else { return nil }
        let read = usage?.present("cache_read_input_tokens")?.integer ?? 0
        let written = usage?.present("cache_creation_input_tokens")?.integer ?? 0
        let (some, overflow) = input.addingReportingOverflow(read)
        let (all, overflowToo) = some.addingReportingOverflow(written)
        guard !overflow, !overflowToo else { return nil }
        return TokenUsage(
            input: all, cachedInput: read, cacheWriteInput: written, output: output
        ).believable
    }
}

/// `message_start`, blocks with deltas, `message_delta`, `message_stop`.
struct AnthropicAssembler: StreamAssembler {
    let request: ModelRequest
    private var text = ""
    private var calls: [Int: (id: String, name: String, arguments: String)] = [:]
    private var id = ""
    private var model = ""
    private var input: JSONValue?
    private var output: Int?
    private var reason: String?
    private var isDone = false

    init(request: ModelRequest) { self.request = request }

    mutating func take(_ event: ServerSentEvents.Event) throws(WireFlaw) {
        // Some proxies close with OpenAI's mark.
        if event.data == "[DONE]" { return }
        let body = try OpenAIAssembler.parse(event.data)
        switch body["type"]?.string {
        case "message_start":
            id = body["message"]?["id"]?.string ?? ""
            model = body["message"]?["model"]?.string ?? ""
            input = body["message"]?.present("usage")
        case "content_block_start":
            if let block = body["content_block"] { start(block, body["index"]?.integer ?? 0) }
        case "content_block_delta":
            if let delta = body["delta"] { add(delta, body["index"]?.integer ?? 0) }
        case "message_delta":
            if let word = body["delta"]?.present("stop_reason")?.string { reason = word }
            if let count = body["usage"]?["output_tokens"]?.integer { output = count }
            if input?["input_tokens"]?.integer ?? 0 == 0, body["usage"]?["input_tokens"] != nil {
                input = body["usage"]
            }
        case "message_stop": isDone = true
        case "error":
            throw .server(body["error"]?["message"]?.string ?? "the server broke off")
        default: break
        }
    }

    private mutating func start(_ block: JSONValue, _ index: Int) {
        switch block["type"]?.string {
        case "text": text += block["text"]?.string ?? ""
        case "tool_use":
            calls[index] = (block["id"]?.string ?? "", block["name"]?.string ?? "", "")
        default: break
        }
    }

    private mutating func add(_ delta: JSONValue, _ index: Int) {
        switch delta["type"]?.string {
        case "text_delta": text += delta["text"]?.string ?? ""
        case "input_json_delta":
            calls[index]?.arguments += delta["partial_json"]?.string ?? ""
        default: break
        }
    }

    func reply() throws(WireFlaw) -> ModelReply {
        guard isDone, let reason else { throw .reply("the stream ended before the reply did") }
        let usage = input.flatMap { input in
            AnthropicFormat.usage(
                .object([
                    "input_tokens": input["input_tokens"],
                    "cache_read_input_tokens": input["cache_read_input_tokens"],
                    "cache_creation_input_tokens": input["cache_creation_input_tokens"],
                    "output_tokens": output.map { .integer($0) } ?? input["output_tokens"],
                ]))
        }
        return ModelReply(
            text: text,
            toolCalls: calls.sorted { $0.key < $1.key }.map {
                ToolCall(
                    id: $0.value.id, name: $0.value.name,
                    arguments: $0.value.arguments.isEmpty ? "{}" : $0.value.arguments)
            },
            finish: try AnthropicFormat.finish(reason, text: text),
            usage: usage ?? .bound(request, text: text), id: id, model: model)
    }
}
