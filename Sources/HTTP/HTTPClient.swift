import Foundation

/// Sends HTTP requests, hundreds at once, on one thread of its own.
///
/// Requests share connections: one by one over HTTP/1.1, many at once over HTTP/2. Servers must
/// prove who they are; there is no way to turn that off. A client lives as long as whoever holds it
/// and as its requests; then its thread ends and its connections close.
///
/// Read `HTTPRequest`, `HTTPReply` and `HTTPError` next; `ServerSentEvents` for streamed replies.
/// This module knows no model, no key and no retry.
public actor HTTPClient {
    private nonisolated let loop: TransferLoop
    private var lastID = 0

    /// libcurl's own thread: the client's state and its transfers need no lock between them.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    /// - Parameters:
    ///   - authorities: a PEM file of certificate authorities to trust beside the system's.
    ///   - proxy: the environment's by default, as for curl.
    public init(
        trusting authorities: String? = nil, proxy: HTTPProxy = .environment
    ) throws(HTTPError) {
        if let authorities { try Self.check(authorities: authorities) }
        loop = try TransferLoop(setup: RequestSetup(authorities: authorities, proxy: proxy))
        loop.start()
    }

    deinit { loop.release() }

    /// The whole reply to a request, whatever its status.
    ///
    /// The request goes out once. Only a GET or HEAD without a body is sent again, when a
    /// kept-alive connection turns out to be closed; any other fails with `.closed` then.
    /// Cancelling the task stops the transfer at once.
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPReply {
        let id = nextID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                start(request, id: id, sink: .whole(continuation))
            }
        } onCancel: {
            loop.cancel(id)
        }
        return try result.get()
    }

    /// Sends a request, and hands its reply out as it arrives. What is said about `send` holds; the
    /// transfer also stops when the stream is let go.
    public func stream(_ request: HTTPRequest) -> HTTPEventStream {
        let id = nextID()
        let (pieces, continuation) = AsyncStream.makeStream(of: HTTPEventStream.Piece.self)
        // Holds the client until the stream has ended.
        continuation.onTermination = { [self] reason in
            if case .cancelled = reason { loop.cancel(id) }
        }
        start(request, id: id, sink: .pieces(continuation))
        return HTTPEventStream(pieces: pieces)
    }

    /// Ends every request under way, and every later one, with `.cancelled`.
    public nonisolated func shutDown() { loop.shutDown() }

    private func nextID() -> Int {
        lastID += 1
        return lastID
    }

    private func start(_ request: HTTPRequest, id: Int, sink: Transfer.Sink) {
        // A cancellation from before this was posted before there was anything to cancel.
        guard !Task.isCancelled else { return Transfer.fail(sink, with: .cancelled) }
        loop.withEngine { $0.start(request, id: id, sink: sink) }
    }

    private static func check(authorities path: String) throws(HTTPError) {
        let reason: String? =
            if let file = FileManager.default.contents(atPath: path) {
                file.range(of: Data("-----BEGIN CERTIFICATE-----".utf8)) == nil
                    ? "it holds no certificate" : nil
            } else {
                "no such file, or not readable"
            }
        if let reason { throw .unusableAuthorities(path: path, reason: reason) }
    }
}
