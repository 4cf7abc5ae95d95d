import JSON

extension ModelReply {
    /// The reply in our own form: what the journal keeps.
    public var json: JSONValue {
        .object([
            "text": .string(text),
            "tool_calls": toolCalls.isEmpty ? nil : .array(toolCalls.map(\.json)),
            "finish": .string(finish.word), "finish_text": finish.text.map { .string($0) },
            "usage": usage.json, "id": .string(id), "model": .string(model),
            "log_probabilities": logProbabilities.map { .array($0.map(\.json)) },
        ])
    }

    /// Reads what ``json`` writes; nil for anything else.
    public init?(json: JSONValue) {
        guard let text = json["text"]?.string, let word = json["finish"]?.string,
            let finish = Finish(word: word, text: json["finish_text"]?.string ?? ""),
            let usage = json["usage"].flatMap(TokenUsage.init(json:)),
            let id = json["id"]?.string, let model = json["model"]?.string
        else { return nil }
        let calls = (json["tool_calls"]?.array ?? []).map(ToolCall.init(json:))
        let probabilities = json["log_probabilities"]?.array?.map(TokenLogProbability.init(json:))
        guard !calls.contains(nil), probabilities?.contains(nil) != true else { return nil }
        self.init(
            text: text, toolCalls: calls.compactMap { $0 }, finish: finish, usage: usage, id: id,
            model: model, logProbabilities: probabilities?.compactMap { $0 })
    }
}

extension Finish {
    init?(word: String, text: String) {
        switch word {
        case "complete": self = .complete
        case "tool_calls": self = .toolCalls
        case "length_limit": self = .lengthLimit
        case "context_full": self = .contextFull
        case "refused": self = .refused(text)
        case "filtered": self = .filtered(text)
        default: return nil
        }
    }

    var text: String? {
        switch self {
        case .refused(let text), .filtered(let text): text
        default: nil
        }
    }
}

extension TokenUsage {
    var json: JSONValue {
        .object([
            "input": .integer(input), "cached_input": .integer(cachedInput),
            "cache_write_input": .integer(cacheWriteInput), "output": .integer(output),
            "reasoning_output": .integer(reasoningOutput), "is_bound": isBound ? true : nil,
        ])
    }

    init?(json: JSONValue) {
        guard let input = json["input"]?.integer, let output = json["output"]?.integer else {
            return nil
        }
        self.init(
            input: input, cachedInput: json["cached_input"]?.integer ?? 0,
            cacheWriteInput: json["cache_write_input"]?.integer ?? 0, output: output,
            reasoningOutput: json["reasoning_output"]?.integer ?? 0,
            isBound: json["is_bound"]?.bool ?? false)
    }
}

extension TokenLogProbability {
    var json: JSONValue {
        [
            "token": .string(token), "log_probability": .number(logProbability),
            "alternatives": .array(
                alternatives.map {
                    ["token": .string($0.token), "log_probability": .number($0.logProbability)]
                }),
        ]
    }

    init?(json: JSONValue) {
        guard let token = json["token"]?.string, let value = json["log_probability"]?.number else {
            return nil
        }
        let alternatives = (json["alternatives"]?.array ?? []).compactMap { one in
            one["token"]?.string.flatMap { token in
                one["log_probability"]?.number.map {
                    Alternative(token: token, logProbability: $0)
                }
            }
        }
        self.init(token: token, logProbability: value, alternatives: alternatives)
    }
}
