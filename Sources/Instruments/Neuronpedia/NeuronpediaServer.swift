import HTTP
import JSON

/// Neuronpedia, or a server that speaks as it does, with its limit: one for all instruments that
/// measure there, for the limit is on the address that asks.
public struct NeuronpediaServer: Sendable {
    /// The environment variable that holds the key, if there is one.
    public static let keyVariable = "NEURONPEDIA_API_KEY"
    public static let publicAddress = "https://www.neuronpedia.org"
    static let path = "/api/activation/new"
    /// Names what is sent and how replies are read; part of the identity of readings.
    static let contract = "conjecture.neuronpedia/1"

    /// "https://host", without a slash at its end.
    public let base: String
    public let limiter: RequestLimiter
    let sender: RequestSender
    /// For routes whose limits nobody comes near.
    private let reader: RequestSender

    /// - Parameters:
    ///   - base: where the server is.
    ///   - key: sent as `x-api-key`; measuring needs none.
    ///   - limit: requests to `/api/activation/new`; the documented one by default.
    ///   - hasRaisedLimit: whether Neuronpedia has raised the key's limits.
    public init(
        base: String = Self.publicAddress, client: HTTPClient,
        key: ServerKey? = ServerKey(variable: Self.keyVariable), hasRaisedLimit: Bool = false,
        limit: RequestLimit? = nil, clock: InstrumentClock = .continuous
    ) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        limiter = RequestLimiter(
            limit ?? NeuronpediaLimits.limit(on: Self.path, isRaised: hasRaisedLimit),
            clock: clock)
        let timeouts = HTTPTimeouts(connect: 10, idle: 120, total: 180)
        sender = RequestSender(
            client: client, clock: clock, limiter: limiter, keyHeader: "x-api-key", key: key,
            timeouts: timeouts)
        reader = RequestSender(
            client: client, clock: clock, limiter: nil, keyHeader: "x-api-key", key: key,
            timeouts: timeouts)
    }

    /// A feature as it is published: its exemplars, explanations and output tokens.
    ///
    /// - Throws: ``InstrumentError/refused(server:status:reason:)`` for one that is not there.
    public func published(
        _ feature: NeuronpediaFeature
    ) async throws(InstrumentError) -> ImportedFeature {
        let url = "\(base)/api/feature/\(feature)"
        let reply = try await reader.get(url)
        guard reply.status == 200 else {
            throw .refused(
                server: url, status: reply.status,
                reason: ReplyFields.words(reply, without: sender.key))
        }
        return try ImportedFeature(neuronpedia: reply.body, path: url)
    }

    func post(_ body: JSONValue) async throws(InstrumentError) -> HTTPReply {
        try await sender.post(base + Self.path, body)
    }
}
