import Foundation
import HTTP
import JSON

/// Talks with a provider's batch endpoints: errors mean what they mean for a ``ServerModel``, and are
/// waited out as for a ``RetryingModel``.
struct BatchConnection: Sendable {
    let server: ServerModel
    let retry: RetryPolicy
    let sleep: @Sendable (Duration) async throws -> Void
    let jitter: @Sendable () -> Double
    /// The longest line of results that is read, in bytes.
    var lineLimit = ServerModel.replyLimit

    /// The largest file of results that is read, in bytes.
    static let resultsLimit = 4 << 30
    /// The largest other answer, a page of a list for one.
    static let answerLimit = 16 << 20

    func get(_ path: String) async throws(ModelError) -> JSONValue {
        try await repeating { () throws(ModelError) in
            try await exchange(message(.get, server.base + path))
        }
    }

    /// - Parameter isHarmless: whether it may be sent again when it may have been acted on. Otherwise
    ///   it is repeated only where it surely was not.
    func post(
        _ path: String, _ body: [UInt8], contentType: String = "application/json", isHarmless: Bool
    ) async throws(ModelError) -> JSONValue {
        var message = message(.post, server.base + path)
        message.headers["content-type"] = contentType
        message.body = body
        // A large body takes as long as it takes; a server that stops reading is noticed all the same.
        message.timeouts.total = .infinity
        return try await repeating(isHarmless: isHarmless) { [message] () throws(ModelError) in
            try await exchange(message)
        }
    }

    /// Reads a file of JSON lines.
    ///
    /// - Parameter take: returns whether to read on. It gets the first lines again when the connection
    ///   broke in between.
    /// - Returns: lines that were too long or no JSON.
    func lines(
        of url: String, _ take: (JSONValue) async throws(ModelError) -> Bool
    ) async throws(ModelError) -> Int {
        try await repeating { () throws(ModelError) in try await readLines(of: url, take) }
    }

    func garbled(_ reason: String) -> ModelError { server.garbled(reason) }

    /// The provider's name for something, out of its answer.
    func name(in answer: JSONValue, _ member: String = "id") throws(ModelError) -> String {
        guard let name = answer.present(member)?.string, isUsable(name) else {
            throw garbled("the answer has no usable \"\(member)\"")
        }
        return name
    }

    /// Whether a name may go into addresses and the journal: it is plain and does not echo the key.
    func isUsable(_ name: String) -> Bool {
        ProviderName.isPlain(name) && (server.key?.redacted(from: name) ?? name) == name
    }

    private func repeating<T>(
        isHarmless: Bool = true, _ body: () async throws(ModelError) -> T
    ) async throws(ModelError) -> T {
        var attempt = 0
        while true {
            attempt += 1
            do throws(ModelError) {
                return try await body()
            } catch {
                var error = error
                error.attempts = attempt
                guard isHarmless || error.isSurelyUndone,
                    let delay = retry.delay(after: attempt, error, jitter: jitter())
                else { throw error }
                try await pause(.seconds(delay))
            }
        }
    }

    func pause(_ duration: Duration) async throws(ModelError) {
        do {
            try await sleep(duration)
        } catch {
            throw ModelError(
                .cancelled, model: server.identity.name,
                reason: "waiting for a batch was cancelled; what was handed in is still there")
        }
    }

    private func message(_ method: HTTPMethod, _ url: String) -> HTTPRequest {
        var headers: HTTPHeaders = [:]
        for (name, value) in server.wire.headers(server.key) + server.extraHeaders {
            headers[name] = value
        }
        return HTTPRequest(
            method, url, headers: headers, timeouts: server.timeouts, replyLimit: Self.answerLimit)
    }

    private func exchange(_ message: HTTPRequest) async throws(ModelError) -> JSONValue {
        let answer: HTTPReply
        do throws(HTTPError) {
            answer = try await server.client.send(message)
        } catch {
            throw server.failure(error)
        }
        guard (200...299).contains(answer.status) else { throw server.failure(answer) }
        do throws(JSONValue.Flaw) {
            return try JSONValue(parsing: answer.body)
        } catch {
            throw garbled("the answer is not JSON: it \(error)")
        }
    }

    private func readLines(
        of url: String, _ take: (JSONValue) async throws(ModelError) -> Bool
    ) async throws(ModelError) -> Int {
        var message = message(.get, url)
        message.timeouts.total = .infinity
        message.replyLimit = Self.resultsLimit
        var reader = ResultReader(lines: BatchLines(limit: lineLimit))
        var pieces = await server.client.stream(message).makeAsyncIterator()
        while let piece = try await next(&pieces) {
            for document in reader.take(piece) where try await !take(document) {
                return reader.unreadable
            }
        }
        if let failed = reader.failedReply { throw server.failure(failed) }
        if let document = reader.last() { _ = try await take(document) }
        return reader.unreadable
    }

    private func next(
        _ pieces: inout HTTPEventStream.Iterator
    ) async throws(ModelError) -> HTTPStreamEvent? {
        do throws(HTTPError) {
            return try await pieces.next()
        } catch {
            throw server.failure(error)
        }
    }
}

/// Sorts the pieces of an answer: lines of results, or the body of an error.
private struct ResultReader {
    var lines: BatchLines
    private var head: HTTPHead?
    private var errorBody: [UInt8] = []
    private var broken = 0

    init(lines: BatchLines) { self.lines = lines }

    var unreadable: Int { lines.refused + broken }

    mutating func take(_ event: HTTPStreamEvent) -> [JSONValue] {
        switch event {
        case .head(let head):
            self.head = head
            return []
        case .body(let bytes):
            guard head?.status == 200 else {
                if errorBody.count < 64 << 10 { errorBody += bytes }
                return []
            }
            return lines.feed(bytes).compactMap { read($0) }
        }
    }

    mutating func last() -> JSONValue? { lines.finish().flatMap { read($0) } }

    private mutating func read(_ line: [UInt8]) -> JSONValue? {
        let document = try? JSONValue(parsing: line)
        if document == nil { broken += 1 }
        return document
    }

    /// The answer when its status is an error's.
    var failedReply: (status: Int, headers: HTTPHeaders, body: [UInt8])? {
        guard let head, head.status != 200 else { return nil }
        return (head.status, head.headers, errorBody)
    }
}
