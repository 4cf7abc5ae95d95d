import Digests
import JSON

/// One question to a model, independent of any provider.
public struct ModelRequest: Hashable, Sendable {
    public var messages: [ModelMessage]
    /// What the reply must look like, when it must be JSON.
    public var schema: ReplySchema?
    public var tools: [ToolDefinition]
    public var toolChoice: ToolChoice
    public var sampling: Sampling
    /// Which of several samples of the same question this is: a repeated question with another number
    /// is another request.
    public var sample: Int

    public init(
        messages: [ModelMessage], schema: ReplySchema? = nil, tools: [ToolDefinition] = [],
        toolChoice: ToolChoice = .auto, sampling: Sampling = Sampling(), sample: Int = 0
    ) {
        self.messages = messages
        self.schema = schema
        self.tools = tools
        self.toolChoice = toolChoice
        self.sampling = sampling
        self.sample = sample
    }

    /// SHA-256 over everything that changes the reply.
    public func key(of model: ModelIdentity) -> Digest {
        let all: JSONValue = [
            "request/1": json, "provider": .string(model.provider),
            "endpoint": .string(model.endpoint), "model": .string(model.model),
        ]
        return SHA256.digest(of: all.canonicalText)
    }

    /// Tokens that the request cannot exceed: a token is at least one byte of what is sent, and a
    /// provider's framing of messages, schema and tools is bounded generously.
    public var inputTokenBound: Int {
        let texts = messages.reduce(0) { sum, message in
            sum + message.text.utf8.count + 64
                + message.toolCalls.reduce(0) { $0 + $1.arguments.utf8.count + 64 }
        }
        let schema = schema.map { $0.schema.document.utf8.count + 256 } ?? 0
        return texts + schema + tools.reduce(0) { $0 + $1.json.utf8.count + 256 } + 256
    }
}

public struct ModelMessage: Hashable, Sendable {
    public enum Role: String, Hashable, Sendable {
        case system, user, assistant, tool
    }

    public var role: Role
    public var text: String
    /// Of an assistant's message.
    public var toolCalls: [ToolCall]
    /// Of a tool's message: the call that it answers.
    public var toolCallID: String?

    public init(
        _ role: Role, _ text: String, toolCalls: [ToolCall] = [], toolCallID: String? = nil
    ) {
        self.role = role
        self.text = text
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }
}

/// The form of a structured reply.
public struct ReplySchema: Hashable, Sendable {
    /// At most 64 of A–Z, a–z, 0–9, `_` and `-`.
    public let name: String
    public let schema: JSONSchema

    public init(name: String, schema: JSONSchema) {
        precondition(
            (1...64).contains(name.utf8.count)
                && name.utf8.allSatisfy { ReplySchema.nameBytes.contains($0) },
            "\"\(name)\" is no name for a reply schema")
        self.name = name
        self.schema = schema
    }

    private static let nameBytes = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".utf8)
}

/// A function that the model may ask to be called.
public struct ToolDefinition: Hashable, Sendable {
    public let name: String
    public let description: String
    public let parameters: JSONSchema

    public init(name: String, description: String, parameters: JSONSchema) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

public enum ToolChoice: Hashable, Sendable {
    case auto, none, required
    case named(String)
}

public struct ToolCall: Hashable, Sendable {
    public let id: String
    public let name: String
    /// JSON text, as the model wrote it.
    public let arguments: String

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// How the reply is drawn. What is nil is left to the provider.
public struct Sampling: Hashable, Sendable {
    public var temperature: Double?
    public var topP: Double?
    public var maximumOutputTokens: Int
    public var seed: Int?
    public var stop: [String]
    /// So many alternatives with their log-probabilities for each token; nil for none.
    public var topLogProbabilities: Int?
    /// The provider's word for how much to reason: low, medium, high.
    public var effort: String?

    public init(
        temperature: Double? = nil, topP: Double? = nil, maximumOutputTokens: Int = 4_096,
        seed: Int? = nil, stop: [String] = [], topLogProbabilities: Int? = nil,
        effort: String? = nil
    ) {
        self.temperature = temperature
        self.topP = topP
        self.maximumOutputTokens = maximumOutputTokens
        self.seed = seed
        self.stop = stop
        self.topLogProbabilities = topLogProbabilities
        self.effort = effort
    }
}

/// What a user decides about sampling; what is nil is left to the prompt, then to the provider.
public struct SamplingChoice: Codable, Hashable, Sendable {
    public var temperature: Double?
    public var topP: Double?
    public var maximumOutputTokens: Int?
    public var seed: Int?
    public var effort: String?

    public init() {}

    /// `sampling` with these in place of what it says.
    public func applied(to sampling: Sampling) -> Sampling {
        var result = sampling
        if let temperature { result.temperature = temperature }
        if let topP { result.topP = topP }
        if let maximumOutputTokens { result.maximumOutputTokens = maximumOutputTokens }
        if let seed { result.seed = seed }
        if let effort { result.effort = effort }
        return result
    }
}
