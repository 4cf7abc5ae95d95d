import Foundation
import HTTP
import Logging
import Tracing

/// What the models of a run share, and the one place where the layers are put round a backend.
///
/// From outside in: the cache answers what is known; a trace tells of the rest; retries repeat what
/// failed in passing; the host's gate and the rate limit say when a request may go; the budget
/// reserves what it may cost; the journal writes it down; the backend sends it. Each attempt is gated,
/// reserved and written down by itself, and nothing waits while it holds a reservation.
public struct ModelStack: Sendable {
    let client: HTTPClient
    let gates: HostGates
    let ledger: any CallLedger
    let budget: Budget
    let tracer: Tracer?
    let logger: Logger
    let environment: [String: String]
    /// Shared by every batch model of the stack.
    private let claims = KeyClaims()

    public init(
        client: HTTPClient, gates: HostGates, ledger: any CallLedger, budget: Budget,
        tracer: Tracer?, logger: Logger,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.client = client
        self.gates = gates
        self.ledger = ledger
        self.budget = budget
        self.tracer = tracer
        self.logger = logger
        self.environment = environment
    }

    /// The model with all of its layers.
    ///
    /// - Throws: ``SpecificationError`` where its key is missing, or a cap on money meets a price
    ///   that is not known.
    public func model(
        _ specification: ModelSpecification
    ) async throws(SpecificationError) -> any LanguageModel {
        let backend = try specification.backend(client: client, environment: environment)
        let price = specification.price
        if budget.caps.money != nil, price == nil {
            throw .unknownPrice(model: backend.identity.name)
        }
        let host = URLComponents(string: specification.endpoint)?.host ?? specification.endpoint
        var model: any LanguageModel = JournaledModel(backend, ledger: ledger, price: price)
        model = BudgetedModel(model, budget: budget, price: price)
        if specification.limits != RateLimits() {
            model = RateLimitedModel(model, limiter: RateLimiter(specification.limits))
        }
        model = GatedModel(model, gate: await gates.gate(of: host, specification.gate))
        model = RetryingModel(model, policy: specification.retry, logger: logger)
        if let tracer { model = TracedModel(model, tracer: tracer) }
        return CachedModel(model, ledger: ledger)
    }

    /// The model through its provider's batches, at half the price. It keeps to the same ledger and
    /// budget; a host's gate and limits on a minute are for single requests and do not hold here.
    /// Batch models of one stack keep out of each other's way, so a run has one stack.
    ///
    /// - Throws: ``SpecificationError`` where its key is missing, a cap on money meets a price that is
    ///   not known, the provider has no batches, or the ledger cannot keep them.
    public func batchModel(
        _ specification: ModelSpecification, pace: BatchPace = BatchPace()
    ) throws(SpecificationError) -> BatchModel {
        let name = specification.identity.name
        guard specification.capabilities.batch else { throw .noBatches(model: name) }
        guard let ledger = ledger as? any BatchLedger else { throw .unkeptBatches(model: name) }
        if budget.caps.money != nil, specification.price == nil {
            throw .unknownPrice(model: name)
        }
        var server = try specification.server(client: client, environment: environment)
        server.streams = false
        let connection = BatchConnection(
            server: server, retry: specification.retry, sleep: pace.sleep,
            jitter: { Double.random(in: 0..<1) })
        let api: any BatchAPI =
            specification.provider == .anthropic
            ? AnthropicBatches(connection: connection) : OpenAIBatches(connection: connection)
        return BatchModel(
            identity: server.identity, api: api, wire: server.wire, ledger: ledger, budget: budget,
            price: specification.price?.scaled(by: BatchModel.discount), claims: claims,
            pace: pace, logger: logger)
    }
}

extension ModelSpecification {
    /// The backend alone.
    ///
    /// - Throws: ``SpecificationError/missingKey(variable:model:)``.
    public func backend(
        client: HTTPClient, environment: [String: String]
    ) throws(SpecificationError) -> any LanguageModel {
        guard provider != .command else {
            return CommandModel(
                command: endpoint, words: endpoint.split(separator: " ").map(String.init),
                timeout: totalTimeout)
        }
        return try server(client: client, environment: environment)
    }

    /// The backend of a provider that is asked over HTTP.
    func server(
        client: HTTPClient, environment: [String: String]
    ) throws(SpecificationError) -> ServerModel {
        let key = keyVariable.flatMap { Secret(variable: $0, environment: environment) }
        if needsKey, key == nil {
            throw .missingKey(variable: keyVariable ?? "the key", model: identity.name)
        }
        let wire: any WireFormat =
            switch provider {
            case .anthropic: AnthropicFormat()
            case .gemini: GeminiFormat()
            default:
                OpenAIFormat(
                    provider: identity.provider, usesCompletionLimit: provider == .openai)
            }
        return ServerModel(
            identity: identity, wire: wire, client: client, base: endpoint, key: key,
            extraHeaders: headers.map { ($0.name, $0.value) },
            timeouts: HTTPTimeouts(
                connect: connectTimeout, idle: idleTimeout, total: totalTimeout),
            streams: streams, now: { Date() })
    }

    /// What the backend's format can express.
    public var capabilities: ModelCapabilities {
        switch provider {
        case .anthropic: AnthropicFormat().capabilities
        case .gemini: GeminiFormat().capabilities
        case .command:
            ModelCapabilities(
                schema: true, tools: true, logProbabilities: true, seed: true, batch: false,
                promptCaching: false)
        default:
            OpenAIFormat(
                provider: identity.provider, usesCompletionLimit: provider == .openai
            ).capabilities
        }
    }
}
