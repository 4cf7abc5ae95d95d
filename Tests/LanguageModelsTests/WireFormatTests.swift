import HTTP
import JSON
import LinearAlgebra
import Testing

@testable import LanguageModels

/// What is written to each provider, and what is made of its answers.
@Suite struct WireFormatTests {
    private static let schema: JSONValue = [
        "type": "object", "properties": ["count": ["type": "integer", "minimum": 1]],
        "required": ["count"], "additionalProperties": false,
    ]

    private func request() throws -> ModelRequest {
        ModelRequest(
            messages: [ModelMessage(.system, "Be brief."), ModelMessage(.user, "How many?")],
            schema: ReplySchema(name: "answer", schema: try JSONSchema(Self.schema)),
            sampling: Sampling(
                temperature: 0.5, maximumOutputTokens: 50, stop: ["END"], effort: "low"))
    }

    @Test func writesOpenAIsForm() throws {
        var request = try request()
        request.sampling.seed = 7
        request.sampling.topLogProbabilities = 2
        let body = try OpenAIFormat(provider: "openai", usesCompletionLimit: true)
            .body(of: request, model: "gpt-5", streams: true)
        let expected: JSONValue = [
            "model": "gpt-5",
            "messages": [
                ["role": "system", "content": "Be brief."],
                ["role": "user", "content": "How many?"],
            ],
            "response_format": [
                "type": "json_schema",
                "json_schema": ["name": "answer", "strict": true, "schema": Self.schema],
            ],
            "temperature": 0.5, "seed": 7, "stop": ["END"], "logprobs": true, "top_logprobs": 2,
            "reasoning_effort": "low", "stream": true, "stream_options": ["include_usage": true],
            "max_completion_tokens": 50,
        ]
        #expect(body.canonicalText == expected.canonicalText)
        let other = try OpenAIFormat(provider: "ollama", usesCompletionLimit: false)
            .body(of: request, model: "m", streams: false)
        #expect(other["max_tokens"] == 50)
        #expect(other["max_completion_tokens"] == nil)
    }

    @Test func writesAnthropicsForm_withBoundsInWords() throws {
        let body = try AnthropicFormat().body(of: request(), model: "claude", streams: false)
        let expected: JSONValue = [
            "model": "claude", "max_tokens": 50, "system": "Be brief.",
            "messages": [["role": "user", "content": "How many?"]],
            "output_config": [
                "format": [
                    "type": "json_schema",
                    "schema": [
                        "type": "object", "required": ["count"], "additionalProperties": false,
                        "properties": [
                            "count": ["type": "integer", "description": "minimum 1"]
                        ],
                    ],
                ], "effort": "low",
            ],
            "temperature": 0.5, "stop_sequences": ["END"],
        ]
        #expect(body.canonicalText == expected.canonicalText)
        var wanting = try request()
        wanting.sampling.topLogProbabilities = 1
        #expect(throws: WireFlaw.self) {
            try AnthropicFormat().body(of: wanting, model: "claude", streams: false)
        }
    }

    @Test func marksALongSystemTextForAnthropicsCache() throws {
        var request = try request()
        request.messages[0].text = String(repeating: "x", count: 5_000)
        let body = try AnthropicFormat().body(of: request, model: "claude", streams: false)
        #expect(body["system"]?.array?.first?["cache_control"]?["type"] == "ephemeral")
    }

    @Test func writesGeminisForm() throws {
        let body = try GeminiFormat().body(of: request(), model: "gemini", streams: false)
        let expected: JSONValue = [
            "systemInstruction": ["parts": [["text": "Be brief."]]],
            "contents": [["role": "user", "parts": [["text": "How many?"]]]],
            "generationConfig": [
                "maxOutputTokens": 50, "temperature": 0.5, "stopSequences": ["END"],
                "thinkingConfig": ["thinkingLevel": "low"],
                "responseMimeType": "application/json", "responseJsonSchema": Self.schema,
            ],
        ]
        #expect(body.canonicalText == expected.canonicalText)
        #expect(
            GeminiFormat().path(model: "g", streams: true)
                == "/models/g:streamGenerateContent?alt=sse")
    }

    @Test func carriesAToolsAnswerInEveryForm() throws {
        var request = ModelRequest.plain("weather?")
        let parameters = try JSONSchema(Self.schema)
        request.tools = [ToolDefinition(name: "look", description: "d", parameters: parameters)]
        request.toolChoice = .named("look")
        request.messages += [
            ModelMessage(
                .assistant, "",
                toolCalls: [ToolCall(id: "c1", name: "look", arguments: #"{"count":2}"#)]),
            ModelMessage(.tool, "rain", toolCallID: "c1"),
        ]
        let openAI = try OpenAIFormat(provider: "openai", usesCompletionLimit: true)
            .body(of: request, model: "m", streams: false)
        #expect(openAI["messages"]?.array?[2]["tool_call_id"] == "c1")
        #expect(openAI["tools"]?.array?[0]["function"]?["strict"] == true)
        let anthropic = try AnthropicFormat().body(of: request, model: "m", streams: false)
        #expect(
            anthropic["messages"]?.array?[1]["content"]?.array?[0]["input"] == ["count": 2])
        #expect(
            anthropic["messages"]?.array?[2]["content"]?.array?[0]["tool_use_id"] == "c1")
        let gemini = try GeminiFormat().body(of: request, model: "m", streams: false)
        let answer = gemini["contents"]?.array?[2]["parts"]?.array?[0]["functionResponse"]
        #expect(answer?["name"] == "look")
    }

    @Test(arguments: [
        ("stop", Finish.complete), ("length", .lengthLimit), ("tool_calls", .toolCalls),
        ("content_filter", .filtered("content_filter")), ("abort", nil), ("", nil),
    ])
    func tellsOpenAIsFinishesApart(word: String, finish: Finish?) throws {
        let body: JSONValue = [
            "id": "1", "model": "m",
            "choices": [["message": ["content": "hi"], "finish_reason": .string(word)]],
            "usage": [
                "prompt_tokens": 9, "completion_tokens": 4,
                "prompt_tokens_details": ["cached_tokens": 8],
                "completion_tokens_details": ["reasoning_tokens": 3],
            ],
        ]
        let format = OpenAIFormat(provider: "openai", usesCompletionLimit: true)
        guard let finish else {
            #expect(throws: WireFlaw.self) { try format.reply(from: body, to: .plain("q")) }
            return
        }
        let reply = try format.reply(from: body, to: .plain("q"))
        #expect(reply.finish == finish)
        #expect(
            reply.usage == TokenUsage(input: 9, cachedInput: 8, output: 4, reasoningOutput: 3))
    }

    @Test func readsARefusal() throws {
        let openAI = try OpenAIFormat(provider: "openai", usesCompletionLimit: true).reply(
            from: [
                "choices": [
                    [
                        "message": ["content": nil_, "refusal": "I will not"],
                        "finish_reason": "stop",
                    ]
                ]
            ], to: .plain("q"))
        #expect(openAI.finish == .refused("I will not"))
        #expect(openAI.usage.isBound)
        let anthropic = try AnthropicFormat().reply(
            from: [
                "content": [["type": "text", "text": "No."]], "stop_reason": "refusal",
                "usage": ["input_tokens": 1, "output_tokens": 2],
            ], to: .plain("q"))
        #expect(anthropic.finish == .refused("No."))
        let gemini = try GeminiFormat().reply(
            from: [
                "promptFeedback": ["blockReason": "SAFETY"],
                "usageMetadata": ["promptTokenCount": 3],
            ], to: .plain("q"))
        #expect(gemini.finish == .filtered("SAFETY"))
    }

    private let nil_ = JSONValue.null

    @Test func addsWhatAnthropicsInputLeavesOut() throws {
        let reply = try AnthropicFormat().reply(
            from: [
                "id": "m1", "model": "claude-x", "stop_reason": "end_turn",
                "content": [
                    ["type": "thinking", "thinking": "…"], ["type": "text", "text": "ok"],
                ],
                "usage": [
                    "input_tokens": 5, "cache_read_input_tokens": 100,
                    "cache_creation_input_tokens": 20, "output_tokens": 2,
                ],
            ], to: .plain("q"))
        #expect(reply.text == "ok")
        #expect(
            reply.usage
                == TokenUsage(input: 125, cachedInput: 100, cacheWriteInput: 20, output: 2))
    }

    @Test(arguments: [
        (-1, 5), (5, -1), (1 << 50, 5), (Int.max, Int.max),
    ])
    func believesNoAbsurdCounts(input: Int, output: Int) throws {
        let counts: JSONValue = [
            "prompt_tokens": .integer(input), "completion_tokens": .integer(output),
            "input_tokens": .integer(input), "cache_read_input_tokens": .integer(input),
            "output_tokens": .integer(output), "promptTokenCount": .integer(input),
            "candidatesTokenCount": .integer(output), "thoughtsTokenCount": .integer(output),
        ]
        let request = ModelRequest.plain("q")
        let openAI = try OpenAIFormat(provider: "openai", usesCompletionLimit: true).reply(
            from: [
                "choices": [["message": ["content": "hi"], "finish_reason": "stop"]],
                "usage": counts,
            ], to: request)
        let anthropic = try AnthropicFormat().reply(
            from: [
                "content": [["type": "text", "text": "hi"]], "stop_reason": "end_turn",
                "usage": counts,
            ], to: request)
        let gemini = try GeminiFormat().reply(
            from: [
                "candidates": [
                    ["content": ["parts": [["text": "hi"]]], "finishReason": "STOP"]
                ], "usageMetadata": counts,
            ], to: request)
        for reply in [openAI, anthropic, gemini] {
            #expect(
                reply.usage == TokenUsage(input: request.inputTokenBound, output: 2, isBound: true))
            #expect(Price(input: 1e6, output: 1e6).cost(of: reply.usage) > .zero)
        }
        #expect(Price("1e300/1") == nil)
    }

    @Test func takesAnErrorWithStatus200ForTheServersOwn() throws {
        let error = #expect(throws: WireFlaw.self) {
            try OpenAIFormat(provider: "openrouter", usesCompletionLimit: false).reply(
                from: ["error": ["code": 429, "message": "upstream is busy"]], to: .plain("q"))
        }
        #expect(error == .server("upstream is busy"))
    }

    @Test func readsLogProbabilities() throws {
        let body: JSONValue = [
            "choices": [
                [
                    "message": ["content": "a"], "finish_reason": "stop",
                    "logprobs": [
                        "content": [
                            [
                                "token": "a", "logprob": -0.5,
                                "top_logprobs": [["token": "b", "logprob": -1.5]],
                            ]
                        ]
                    ],
                ]
            ]
        ]
        let reply = try OpenAIFormat(provider: "openai", usesCompletionLimit: true)
            .reply(from: body, to: .plain("q"))
        let token = try #require(reply.logProbabilities?.first)
        #expect(token.logProbability == -0.5)
        #expect(token.alternatives == [.init(token: "b", logProbability: -1.5)])
        #expect(ModelReply(json: reply.json) == reply)
    }

    @Test(arguments: [
        #"{}"#, #"{"choices":[]}"#, #"{"choices":[{}]}"#, #"{"choices":[{"message":{}}]}"#,
        #"{"content":"text"}"#, #"{"candidates":[{}]}"#, #"[]"#, #"3"#, #"null"#,
    ])
    func callsAnAnswerGarbled_whenItIsNotWhatTheProtocolAllows(text: String) throws {
        let body = try JSONValue(parsing: text)
        for wire in [
            OpenAIFormat(provider: "openai", usesCompletionLimit: true), AnthropicFormat(),
            GeminiFormat(),
        ] as [any WireFormat] {
            #expect(throws: WireFlaw.self) { try wire.reply(from: body, to: .plain("q")) }
        }
    }

    @Test func seesThatTheMoneyIsGone() throws {
        let openAI = OpenAIFormat(provider: "openai", usesCompletionLimit: true)
        #expect(
            openAI.complaint(
                in: ["error": ["code": "insufficient_quota", "message": "You exceeded"]]
            ).saysOutOfMoney)
        #expect(
            !openAI.complaint(in: ["error": ["code": "rate_limit_exceeded"]]).saysOutOfMoney)
        #expect(
            AnthropicFormat().complaint(in: ["error": ["type": "billing_error"]]).saysOutOfMoney)
        #expect(openAI.complaint(in: ["error": "model not found"]).message == "model not found")
        let gemini = GeminiFormat().complaint(
            in: [
                "error": [
                    "status": "RESOURCE_EXHAUSTED", "message": "slow down",
                    "details": [["retryDelay": "34.5s"]],
                ]
            ])
        #expect(gemini.retryAfter == 34.5)
    }
}
