import HTTP
import JSON

/// Neuronpedia, or a server that speaks as it does, with its limit: one for all instruments that
/// measure there, for the limit is on the address that asks.
public struct NeuronpediaServer: Sendable {
    /// The environment variable that holds the key, if there is one.
    public static let keyVariable = "NEURONPEDIA_API_KEY"
    static let path = "/api/activation/new"
    /// Names what is sent and how replies are read; part of the identity of readings.
    static let contract = "conjecture.neuronpedia/1"

    /// "https://host", without a slash at its end.
    public let base: String
    public let limiter: RequestLimiter
    let sender: RequestSender

    /// - Parameters:
    ///   - base: where the server is.
    ///   - key: sent as `x-api-key`; measuring needs none.
    ///   - limit: requests to `/api/activation/new`; the documented one by default.
    ///   - hasRaisedLimit: whether Neuronpedia has raised the key's limits.
    public init(
        base: String = "https://www.neuronpedia.org", client: HTTPClient,
        key: ServerKey? = ServerKey(variable: Self.keyVariable), hasRaisedLimit: Bool = false,
        limit: RequestLimit? = nil, clock: InstrumentClock = .continuous
    ) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        limiter = RequestLimiter(
            limit ?? NeuronpediaLimits.limit(on: Self.path, isRaised: hasRaisedLimit),
            clock: clock)
        sender = RequestSender(
            client: client, clock: clock, limiter: limiter, keyHeader: "x-api-key", key: key,
            timeouts: HTTPTimeouts(connect: 10, idle: 120, total: 180))
    }

    func post(_ body: JSONValue) async throws(InstrumentError) -> HTTPReply {
        try await sender.post(base + Self.path, body)
    }
}
