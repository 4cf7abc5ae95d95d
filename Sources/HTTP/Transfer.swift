import CCurl

/// One request under way: what has come of its reply, and who waits for it.
///
/// Belongs to the engine that runs it; libcurl's callbacks reach it through a pointer, on the
/// engine's thread, while the engine holds it.
final class Transfer {
    /// Who gets the reply.
    enum Sink {
        case whole(CheckedContinuation<Result<HTTPReply, HTTPError>, Never>)
        case pieces(AsyncStream<HTTPEventStream.Piece>.Continuation)
    }

    let id: Int
    let url: String
    let easy: EasyHandle
    var clock: TransferClock
    /// What the engine saw uploaded when it last asked.
    var uploaded = 0
    private(set) var received = 0
    private(set) var reachedServer = false
    private(set) var exceededLimit: Int?
    private let sink: Sink
    let replyLimit: Int
    /// A second sending of a request that changes nothing does no harm.
    private let mayBeSentAgain: Bool
    private var reader = HeadReader()
    private var body: [UInt8] = []
    var hasHead: Bool { reader.head != nil }

    init(id: Int, request: HTTPRequest, easy: EasyHandle, sink: Sink, now: Double) {
        self.id = id
        self.easy = easy
        self.sink = sink
        url = request.url
        replyLimit = request.replyLimit
        mayBeSentAgain = (request.method == .get || request.method == .head) && request.body.isEmpty
        clock = TransferClock(request.timeouts, start: now)
    }

    /// A connection stands and the request is about to be sent over it.
    ///
    /// libcurl sends again, on a new connection, what it sent on a kept-alive one that closed
    /// without a byte of reply. The server may have acted on it all the same, so that only a
    /// request that changes nothing goes out twice.
    ///
    /// - Returns: whether to send it.
    func beforeRequest() -> Bool {
        guard !reachedServer || mayBeSentAgain else { return false }
        reachedServer = true
        clock.active(at: TransferClock.now())
        return true
    }

    /// - Returns: whether to go on.
    func take(headerLine line: UnsafeRawBufferPointer) -> Bool {
        clock.active(at: TransferClock.now())
        switch reader.take(line) {
        case .more: break
        case .complete:
            if case .pieces(let continuation) = sink, let head = reader.head {
                continuation.yield(.event(.head(head)))
            }
        case .tooLarge:
            exceededLimit = HeadReader.limit
            return false
        }
        return true
    }

    /// - Returns: whether to go on.
    func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        clock.active(at: TransferClock.now())
        received += bytes.count
        guard received <= replyLimit else {
            exceededLimit = replyLimit
            return false
        }
        switch sink {
        case .whole: body.append(contentsOf: bytes)
        case .pieces(let continuation): continuation.yield(.event(.body(Array(bytes))))
        }
        return true
    }

    /// The last byte has come.
    func complete(now: Double) {
        guard let head = reader.head else {
            return fail(.notHTTP(address: URLText.label(of: url), reason: "it has no status"))
        }
        switch sink {
        case .whole(let continuation):
            let reply = HTTPReply(head: head, body: body, seconds: now - clock.start)
            continuation.resume(returning: .success(reply))
        case .pieces(let continuation):
            continuation.yield(.end)
            continuation.finish()
        }
    }

    func fail(_ error: HTTPError) { Self.fail(sink, with: error) }

    static func fail(_ sink: Sink, with error: HTTPError) {
        switch sink {
        case .whole(let continuation): continuation.resume(returning: .failure(error))
        case .pieces(let continuation):
            continuation.yield(.failure(error))
            continuation.finish()
        }
    }
}
