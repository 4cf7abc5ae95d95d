import HTTP
import JSON

/// Sends requests to a server, within its limit and again where that may help.
struct RequestSender: Sendable {
    let client: HTTPClient
    let clock: InstrumentClock
    let limiter: RequestLimiter?
    /// The name of the header that carries the key.
    let keyHeader: String
    let key: ServerKey?
    let timeouts: HTTPTimeouts

    /// Times that a request is sent when no reply comes, or one that says to come again.
    static let attempts = 3
    /// Refusals in a row for the limit after which a measurement is given up.
    static let refusals = 3
    /// The largest reply, in bytes: four texts of the most tokens that are read, with room.
    static let replyLimit = 16 << 20

    /// The reply, of any status but 429 and those that pass by themselves.
    func post(_ url: String, _ body: JSONValue) async throws(InstrumentError) -> HTTPReply {
        try await send(
            HTTPRequest(
                .post, url, headers: ["Content-Type": "application/json"], body: body.utf8,
                timeouts: timeouts, replyLimit: Self.replyLimit))
    }

    func get(_ url: String) async throws(InstrumentError) -> HTTPReply {
        try await send(
            HTTPRequest(.get, url, timeouts: timeouts, replyLimit: Self.replyLimit))
    }

    private func send(_ request: HTTPRequest) async throws(InstrumentError) -> HTTPReply {
        let url = request.url
        var attempt = 0
        var refused = 0
        while true {
            let result = try await once(request)
            switch result {
            case .success(let reply) where reply.status == 429:
                refused += 1
                if limiter == nil { try await wait(pow2(refused)) }
                guard refused < Self.refusals else {
                    let limit = await limiter?.limit ?? RequestLimit(1)
                    throw .limitSpent(server: url, refusals: refused, limit: limit)
                }
            case .success(let reply) where [502, 503, 504].contains(reply.status):
                attempt += 1
                guard attempt < Self.attempts else {
                    let words = ReplyFields.words(reply, without: key)
                    throw .lost(server: url, reason: "status \(reply.status), \(words)")
                }
                try await wait(pow2(attempt))
            case .success(let reply): return reply
            case .failure(.cancelled): throw .cancelled
            case .failure(let error):
                attempt += 1
                guard attempt < Self.attempts, error.mayPass else {
                    throw .lost(server: url, reason: "\(error)")
                }
                try await wait(pow2(attempt))
            }
        }
    }

    private func pow2(_ exponent: Int) -> Double { Double(1 << min(exponent, 6)) / 2 }

    private func wait(_ seconds: Double) async throws(InstrumentError) {
        do {
            try await clock.sleep(seconds)
        } catch {
            throw .cancelled
        }
    }

    private func once(
        _ request: HTTPRequest
    ) async throws(InstrumentError) -> Result<HTTPReply, HTTPError> {
        try await limiter?.admit()
        var request = request
        key?.use { request.headers[keyHeader] = $0 }
        do {
            let reply = try await client.send(request)
            if reply.status == 429 {
                await limiter?.refused(limit: statedLimit(reply))
            } else {
                await limiter?.ended(remaining: remaining(reply))
            }
            return .success(reply)
        } catch {
            await limiter?.ended(remaining: nil)
            return .failure(error)
        }
    }

    private func remaining(_ reply: HTTPReply) -> Int? {
        guard let count = reply.headers["x-limit-remaining"].flatMap({ Int($0) }), count >= 0
        else { return nil }
        return count
    }

    private func statedLimit(_ reply: HTTPReply) -> Int? {
        let body = try? JSONValue(parsing: Array(reply.body.prefix(65_536)))
        return body?["limitPerWindow"]?.integer
    }
}

extension HTTPError {
    /// Whether the same request may fare better later.
    fileprivate var mayPass: Bool {
        switch self {
        case .cannotConnect, .cannotResolve, .timedOut, .closed, .other: true
        default: false
        }
    }
}
