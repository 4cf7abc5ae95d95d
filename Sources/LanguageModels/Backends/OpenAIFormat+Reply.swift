import HTTP
import JSON

extension OpenAIFormat {
    func reply(from body: JSONValue, to request: ModelRequest) throws(WireFlaw) -> ModelReply {
        // OpenRouter answers 200 where the server behind it failed.
        if body["choices"] == nil, let error = body.present("error") {
            throw .server(error["message"]?.string ?? error.string ?? "the server failed")
        }
        guard let choice = try body.required("choices", in: "the reply").array?.first else {
            throw .reply("the reply has no choice")
        }
        let message = try choice.required("message", in: "the choice")
        let text = message.present("content")?.string ?? ""
        var calls: [ToolCall] = []
        for call in message.present("tool_calls")?.array ?? [] {
            guard let name = call["function"]?["name"]?.string,
                let arguments = call["function"]?["arguments"]?.string
            else { throw .reply("a tool call lacks its name or arguments") }
            calls.append(ToolCall(id: call["id"]?.string ?? "", name: name, arguments: arguments))
        }
        let finish = try Self.finish(
            choice.required("finish_reason", in: "the choice").string ?? "",
            refusal: message.present("refusal")?.string)
        return ModelReply(
            text: text, toolCalls: calls, finish: finish,
            usage: Self.usage(body.present("usage")) ?? .bound(request, text: text),
            id: body["id"]?.string ?? "", model: body["model"]?.string ?? "",
            logProbabilities: try Self.logProbabilities(choice.present("logprobs")))
    }

    static func finish(_ reason: String, refusal: String?) throws(WireFlaw) -> Finish {
        if let refusal { return .refused(refusal) }
        switch reason {
        case "stop": return .complete
        case "length": return .lengthLimit
        case "tool_calls": return .toolCalls
        case "content_filter": return .filtered("content_filter")
        default: throw .reply("the reply ended for a reason that is not known, \"\(reason)\"")
        }
    }

    static func usage(_ usage: JSONValue?) -> TokenUsage? {
        guard let input = usage?["prompt_tokens"]?.integer,
            let output = usage?["completion_tokens"]?.integer
        else { return nil }
        return TokenUsage(
            input: input,
            cachedInput: usage?["prompt_tokens_details"]?["cached_tokens"]?.integer ?? 0,
            output: output,
            reasoningOutput: usage?["completion_tokens_details"]?["reasoning_tokens"]?.integer ?? 0
        ).believable
    }

    static func logProbabilities(
        _ value: JSONValue?
    ) throws(WireFlaw) -> [TokenLogProbability]? {
        guard let content = value?.present("content")?.array else { return nil }
        var result: [TokenLogProbability] = []
        for token in content {
            guard let text = token["token"]?.string, let value = token["logprob"]?.number else {
                throw .reply("a token lacks its log-probability")
            }
            let others = (token["top_logprobs"]?.array ?? []).compactMap { other in
                other["token"]?.string.flatMap { text in
                    other["logprob"]?.number.map {
                        TokenLogProbability.Alternative(token: text, logProbability: $0)
                    }
                }
            }
            result.append(
                TokenLogProbability(token: text, logProbability: value, alternatives: others))
        }
        return result
    }
}

/// Chunks of `chat.completion.chunk`, ended by `[DONE]`.
struct OpenAIAssembler: StreamAssembler {
    let request: ModelRequest
    private var text = ""
    private var refusal: String?
    private var calls: [Int: (id: String, name: String, arguments: String)] = [:]
    private var finish: String?
    private var usage: TokenUsage?
    private var id = ""
    private var model = ""
    private var probabilities: [TokenLogProbability]?

    init(request: ModelRequest) { self.request = request }

    mutating func take(_ event: ServerSentEvents.Event) throws(WireFlaw) {
        if event.data == "[DONE]" { return }
        let chunk = try Self.parse(event.data)
        if let error = chunk.present("error") {
            throw .server(error["message"]?.string ?? error.string ?? "the server broke off")
        }
        if id.isEmpty { id = chunk["id"]?.string ?? "" }
        if model.isEmpty { model = chunk["model"]?.string ?? "" }
        if let usage = OpenAIFormat.usage(chunk.present("usage")) { self.usage = usage }
        guard let choice = chunk["choices"]?.array?.first else { return }
        if let reason = choice.present("finish_reason")?.string { finish = reason }
        if let more = try OpenAIFormat.logProbabilities(choice.present("logprobs")) {
            probabilities = (probabilities ?? []) + more
        }
        guard let delta = choice.present("delta") else { return }
        text += delta.present("content")?.string ?? ""
        if let words = delta.present("refusal")?.string { refusal = (refusal ?? "") + words }
        for call in delta.present("tool_calls")?.array ?? [] { take(call) }
    }

    private mutating func take(_ call: JSONValue) {
        let index = call["index"]?.integer ?? 0
        var known = calls[index] ?? ("", "", "")
        known.id += call["id"]?.string ?? ""
        known.name += call["function"]?["name"]?.string ?? ""
        known.arguments += call["function"]?["arguments"]?.string ?? ""
        calls[index] = known
    }

    static func parse(_ data: String) throws(WireFlaw) -> JSONValue {
        do throws(JSONValue.Flaw) {
            return try JSONValue(parsing: data)
        } catch {
            throw .reply("a piece of the stream is not JSON: it \(error)")
        }
    }

    func reply() throws(WireFlaw) -> ModelReply {
        guard let finish else { throw .reply("the stream ended before the reply did") }
        return ModelReply(
            text: text,
            toolCalls: calls.sorted { $0.key < $1.key }.map {
                ToolCall(id: $0.value.id, name: $0.value.name, arguments: $0.value.arguments)
            },
            finish: try OpenAIFormat.finish(finish, refusal: refusal),
            usage: usage ?? .bound(request, text: text), id: id, model: model,
            logProbabilities: probabilities)
    }
}
