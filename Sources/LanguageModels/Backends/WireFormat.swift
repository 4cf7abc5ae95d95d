import HTTP
import JSON

/// How one provider writes requests and replies. Pure: no connection, no clock, no key.
protocol WireFormat: Sendable {
    var provider: String { get }
    var capabilities: ModelCapabilities { get }

    /// The address below the endpoint that a request goes to.
    func path(model: String, streams: Bool) -> String
    func headers(_ key: Secret?) -> [(String, String)]
    /// - Throws: ``WireFlaw`` when the request needs what this format cannot say.
    func body(of request: ModelRequest, model: String, streams: Bool) throws(WireFlaw) -> JSONValue
    /// - Throws: ``WireFlaw`` when the server's answer is not what its protocol allows.
    func reply(from body: JSONValue, to request: ModelRequest) throws(WireFlaw) -> ModelReply
    /// Puts a streamed reply together.
    func assembler(for request: ModelRequest) -> any StreamAssembler
    /// What the body of an answer with an error status says.
    func complaint(in body: JSONValue) -> ServerComplaint
}

/// Takes a streamed reply piece by piece.
protocol StreamAssembler {
    /// - Throws: ``WireFlaw`` when the piece is not what the protocol allows.
    mutating func take(_ event: ServerSentEvents.Event) throws(WireFlaw)
    /// - Throws: ``WireFlaw`` when the stream ended before the reply did.
    func reply() throws(WireFlaw) -> ModelReply
}

/// What does not fit a wire format, on either side.
struct WireFlaw: Error, Hashable {
    enum Side: Hashable {
        /// Our request cannot be said in this format.
        case request
        /// The server's answer is not what the protocol allows.
        case reply
        /// The server reported a fault of its own in the middle of a stream.
        case server
    }

    let side: Side
    let reason: String

    static func reply(_ reason: String) -> WireFlaw { WireFlaw(side: .reply, reason: reason) }
    static func request(_ reason: String) -> WireFlaw { WireFlaw(side: .request, reason: reason) }
    static func server(_ reason: String) -> WireFlaw { WireFlaw(side: .server, reason: reason) }
}

/// The body of an error, as far as decisions need it.
struct ServerComplaint: Hashable {
    /// The provider's code or type for it.
    var code: String
    var message: String
    /// Seconds to wait, where the body names them.
    var retryAfter: Double?

    /// Codes that mean that the money is gone, so that asking again cannot help.
    static let outOfMoneyCodes: Set<String> = [
        "insufficient_quota", "billing_hard_limit_reached", "billing_error",
        "credit_balance_exhausted", "insufficient_credits", "spend_limit_reached",
        "billing_not_active", "budget_exceeded",
    ]

    var saysOutOfMoney: Bool { Self.outOfMoneyCodes.contains(code) }

    /// A LiteLLM proxy without a database says this, with status 400, of a key that it does not know.
    var saysUnauthorized: Bool { code == "no_db_connection" }
}

extension JSONValue {
    /// A member that must be there, for readers of replies.
    func required(_ name: String, in what: String) throws(WireFlaw) -> JSONValue {
        guard let value = present(name) else { throw .reply("\(what) lacks \"\(name)\"") }
        return value
    }
}
