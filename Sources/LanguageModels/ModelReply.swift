import JSON

/// What a model answered.
public struct ModelReply: Hashable, Sendable {
    public let text: String
    public let toolCalls: [ToolCall]
    public let finish: Finish
    public let usage: TokenUsage
    /// The provider's name for the reply; empty when it gives none.
    public let id: String
    /// The model that answered, as the provider says.
    public let model: String
    /// For each token of the reply, when they were asked for and given.
    public let logProbabilities: [TokenLogProbability]?

    public init(
        text: String, toolCalls: [ToolCall] = [], finish: Finish, usage: TokenUsage,
        id: String = "", model: String, logProbabilities: [TokenLogProbability]? = nil
    ) {
        self.text = text
        self.toolCalls = toolCalls
        self.finish = finish
        self.usage = usage
        self.id = id
        self.model = model
        self.logProbabilities = logProbabilities
    }
}

/// Why a reply ended. Every provider's words are mapped to these; one that is not known is an error,
/// not a guess.
public enum Finish: Hashable, Sendable {
    case complete
    case toolCalls
    /// The output limit was reached: the text is cut off.
    case lengthLimit
    /// The model's context was full.
    case contextFull
    /// The model declined, with its words.
    case refused(String)
    /// The provider's content filter stepped in, with its reason.
    case filtered(String)

    /// The word for journals and traces.
    public var word: String {
        switch self {
        case .complete: "complete"
        case .toolCalls: "tool_calls"
        case .lengthLimit: "length_limit"
        case .contextFull: "context_full"
        case .refused: "refused"
        case .filtered: "filtered"
        }
    }
}

/// Tokens of one reply as the provider counts them.
public struct TokenUsage: Hashable, Sendable {
    /// All input, what was read from or written to a prompt cache included.
    public var input: Int
    public var cachedInput: Int
    /// Input written to the provider's prompt cache, which some bill at more.
    public var cacheWriteInput: Int
    /// All output, reasoning included.
    public var output: Int
    public var reasoningOutput: Int
    /// The server gave no count: these are upper bounds from the number of bytes.
    public var isBound: Bool

    public init(
        input: Int, cachedInput: Int = 0, cacheWriteInput: Int = 0, output: Int,
        reasoningOutput: Int = 0, isBound: Bool = false
    ) {
        self.input = input
        self.cachedInput = cachedInput
        self.cacheWriteInput = cacheWriteInput
        self.output = output
        self.reasoningOutput = reasoningOutput
        self.isBound = isBound
    }

    /// These counts, where a server's word for them can be believed: none is below 0 or absurd, and no
    /// part is more than its whole. Caps and sums rest on them.
    var believable: TokenUsage? {
        let counts = [input, cachedInput, cacheWriteInput, output, reasoningOutput]
        guard counts.allSatisfy({ (0...1 << 40).contains($0) }),
            cachedInput + cacheWriteInput <= input, reasoningOutput <= output
        else { return nil }
        return self
    }

    /// What `request` and its reply cannot have exceeded.
    static func bound(_ request: ModelRequest, text: String) -> TokenUsage {
        TokenUsage(input: request.inputTokenBound, output: text.utf8.count, isBound: true)
    }
}

public struct TokenLogProbability: Hashable, Sendable {
    public struct Alternative: Hashable, Sendable {
        public let token: String
        public let logProbability: Double
    }

    public let token: String
    /// Natural logarithm.
    public let logProbability: Double
    public let alternatives: [Alternative]
}
