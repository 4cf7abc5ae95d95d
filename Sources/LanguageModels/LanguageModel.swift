import Digests

/// Something that answers a request with text: a server, a program, or a recording.
///
/// The module knows no science: what is asked and why is the caller's. Read first: this protocol,
/// ``ModelRequest``, ``ModelReply``, then ``ModelStack``, which puts the layers round a backend in the
/// one right order.
///
/// The contract: ``reply(to:for:)`` answers with a reply that the model really gave (a refusal and a
/// reply cut short are replies too) or throws a ``ModelError``. It never makes a reply up, and it
/// sends the request once, unless the type says that it repeats.
public protocol LanguageModel: Sendable {
    /// What the replies depend on beside the request.
    var identity: ModelIdentity { get }
    var capabilities: ModelCapabilities { get }

    func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply
}

/// Names a model: part of every request's key.
public struct ModelIdentity: Codable, Hashable, Sendable {
    /// The wire protocol's owner: openai, anthropic, gemini, command.
    public let provider: String
    /// Without user, password and query. A command's words for a command.
    public let endpoint: String
    public let model: String

    public init(provider: String, endpoint: String, model: String) {
        self.provider = provider
        self.endpoint = endpoint
        self.model = model
    }

    /// For messages: "openai:gpt-5", "command:./model --fast".
    public var name: String { "\(provider):\(model.isEmpty ? endpoint : model)" }
}

/// What a backend's wire protocol can express. Whether a server honours a schema is for
/// ``SchemaProbe`` to find out.
public struct ModelCapabilities: Codable, Hashable, Sendable {
    /// A JSON schema travels in the provider's own form.
    public var schema: Bool
    public var tools: Bool
    public var logProbabilities: Bool
    public var seed: Bool
    /// Requests can be handed in for a day at half price.
    public var batch: Bool
    /// The provider bills repeated prefixes at less.
    public var promptCaching: Bool

    public init(
        schema: Bool, tools: Bool, logProbabilities: Bool, seed: Bool, batch: Bool,
        promptCaching: Bool
    ) {
        self.schema = schema
        self.tools = tools
        self.logProbabilities = logProbabilities
        self.seed = seed
        self.batch = batch
        self.promptCaching = promptCaching
    }
}

/// On whose behalf a request is made; it changes no reply. The journal, the traces and the usage per
/// role are kept by it.
public struct CallPurpose: Codable, Hashable, Sendable {
    /// The part that the model plays: proposer, refiner, annotator, probe.
    public let role: String
    public let inquiry: String

    public init(role: String, inquiry: String) {
        self.role = role
        self.inquiry = inquiry
    }
}
