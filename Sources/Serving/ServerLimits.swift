/// What a client may ask of the server: sizes in bytes, times in seconds.
public struct ServerLimits: Sendable, Equatable {
    /// The request line and the headers together; more is answered with 431.
    public var headBytes = 16 << 10
    /// More are answered with 431.
    public var headerCount = 64
    /// Parameters of a query, or fields of a form; more are answered with 400.
    public var fieldCount = 64
    /// A body announced larger is answered with 413 before any of it is read.
    public var bodyBytes = 256 << 10
    /// Connections at once. At the bound, the one that has been sending its request for longest
    /// makes room; if all are being answered, the new one gets 503.
    public var connectionCount = 512
    /// From connecting, or from the first byte of a later request, to the end of its head; then
    /// 408.
    public var headSeconds = 10.0
    /// From the end of the head to the end of the body; then 408.
    public var bodySeconds = 10.0
    /// Between two requests on one connection.
    public var idleSeconds = 30.0
    /// Without the client taking a byte of a reply.
    public var stallSeconds = 30.0
    /// Between comments on a stream of events that is silent otherwise: they find clients that are
    /// gone without a word.
    public var heartbeatSeconds = 15.0
    /// Events that wait for a client to take them; one that is further behind is disconnected.
    public var backlogBytes = 1 << 20
    /// After the last reply, for the client to close first: closing at once would reset a
    /// connection on which it is still sending, and the reply might be lost.
    public var lingerSeconds = 1.0
    /// For replies under way when the server stops.
    public var graceSeconds = 1.0

    public init() {}
}
