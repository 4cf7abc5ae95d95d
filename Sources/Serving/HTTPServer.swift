import Synchronization

/// A small HTTP/1.1 server for people on this machine: pages, an API, server-sent events.
///
/// ```swift
/// let server = HTTPServer { request in
///     request.segments.isEmpty ? .text("hello") : .text("not found", status: 404)
/// }
/// let port = try server.start()
/// ```
///
/// One thread of its own does all reading and writing and never waits for one connection; handlers
/// run as tasks, and a task is cancelled when its connection breaks or the server stops. Whatever a client sends is
/// bounded in size, number and time by `ServerLimits`, and a request that is not exactly one of
/// HTTP/1.0 or 1.1 is refused before a handler sees it. There is no TLS and no chunked request.
///
/// Read `ServedRequest`, `ServedReply` and `ServerLimits` next; `RequestReader` is the protocol,
/// `ServerEngine` the connections. This module knows no page, no session and no user.
public final class HTTPServer: Sendable {
    /// Answers one request. Called on the cooperative pool: it must not block.
    public typealias Handler = @Sendable (ServedRequest) async -> ServedReply

    private enum State {
        case fresh
        case running(ServerInbox)
        case stopped
    }

    public let host: String
    private let port: Int
    private let limits: ServerLimits
    private let handler: Handler
    private let state = Mutex(State.fresh)

    /// - Parameters:
    ///   - host: an IPv4 or IPv6 address of this machine, or "localhost". The default is reached
    ///     from this machine only.
    ///   - port: 0 for any that is free.
    public init(
        host: String = "127.0.0.1", port: Int = 0, limits: ServerLimits = ServerLimits(),
        handler: @escaping Handler
    ) {
        self.host = host
        self.port = port
        self.limits = limits
        self.handler = handler
    }

    deinit {
        if case .running(let inbox) = state.withLock({ $0 }) { inbox.post(.stop) }
    }

    /// Begins to listen.
    ///
    /// - Returns: the port.
    /// - Throws: when the address cannot be listened on, or the server was started before.
    public func start() throws(ServingError) -> Int {
        try state.withLock { state throws(ServingError) in
            guard case .fresh = state else { throw .startedBefore }
            let listener = try Listener(host: host, port: port)
            let inbox = try ServerInbox()
            let loop = ServerLoop(
                listener: listener, inbox: inbox, limits: limits, handler: handler)
            loop.start()
            state = .running(inbox)
            return listener.port
        }
    }

    /// Stops: nothing more is accepted, idle connections and streams of events close at once, and
    /// replies under way get `ServerLimits.graceSeconds`. Returns when every connection is closed.
    public func stop() async {
        let inbox = state.withLock { state -> ServerInbox? in
            defer { state = .stopped }
            if case .running(let inbox) = state { return inbox }
            return nil
        }
        await inbox?.stopAndWait()
    }
}
