import Foundation
import HTTP
import JSON

/// A model behind an HTTP server, in one of the wire formats.
///
/// Sends each request once: repeating, waiting and counting are the layers' work.
public struct ServerModel: LanguageModel {
    public let identity: ModelIdentity
    let wire: any WireFormat
    let client: HTTPClient
    let base: String
    let key: Secret?
    let extraHeaders: [(String, String)]
    let timeouts: HTTPTimeouts
    var streams: Bool
    let now: @Sendable () -> Date

    /// The largest reply that is read, in bytes.
    static let replyLimit = 16 << 20

    public var capabilities: ModelCapabilities { wire.capabilities }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        let body: JSONValue
        do throws(WireFlaw) {
            body = try wire.body(of: request, model: identity.model, streams: streams)
        } catch {
            throw ModelError(.unsupported, model: identity.name, reason: error.reason)
        }
        var headers: HTTPHeaders = ["content-type": "application/json"]
        for (name, value) in wire.headers(key) + extraHeaders { headers[name] = value }
        let message = HTTPRequest(
            .post, base + wire.path(model: identity.model, streams: streams), headers: headers,
            body: body.utf8, timeouts: timeouts, replyLimit: Self.replyLimit)
        return streams
            ? try await stream(message, request) : try await whole(message, request)
    }

    private func whole(
        _ message: HTTPRequest, _ request: ModelRequest
    ) async throws(ModelError) -> ModelReply {
        let answer: HTTPReply
        do throws(HTTPError) {
            answer = try await client.send(message)
        } catch {
            throw failure(error)
        }
        guard answer.status == 200 else { throw failure(answer) }
        return try read(answer.body, request)
    }

    private func read(
        _ body: [UInt8], _ request: ModelRequest
    ) throws(ModelError) -> ModelReply {
        let document: JSONValue
        do throws(JSONValue.Flaw) {
            document = try JSONValue(parsing: body)
        } catch {
            throw garbled("the reply is not JSON: it \(error)")
        }
        do throws(WireFlaw) {
            return try wire.reply(from: document, to: request)
        } catch {
            throw failure(error)
        }
    }

    private func stream(
        _ message: HTTPRequest, _ request: ModelRequest
    ) async throws(ModelError) -> ModelReply {
        var collector = StreamCollector(assembler: wire.assembler(for: request))
        do {
            for try await event in await client.stream(message) { try collector.take(event) }
        } catch let error as HTTPError {
            throw failure(error)
        } catch let error as WireFlaw {
            throw failure(error)
        } catch {
            throw garbled("the stream cannot be read (\(error))")
        }
        if let answer = collector.answer {
            guard answer.status == 200 else { throw failure(answer) }
            return try read(answer.body, request)
        }
        do throws(WireFlaw) {
            return try collector.assembler.reply()
        } catch {
            throw failure(error)
        }
    }
}

/// Sorts the pieces of a streamed answer: events of a reply, or a body that is read when it is whole.
private struct StreamCollector {
    var assembler: any StreamAssembler
    private var parser = ServerSentEvents()
    private var head: HTTPHead?
    private var body: [UInt8] = []

    init(assembler: any StreamAssembler) { self.assembler = assembler }

    mutating func take(_ event: HTTPStreamEvent) throws {
        switch event {
        case .head(let head): self.head = head
        case .body(let bytes):
            guard !comesWhole else {
                body += bytes
                return
            }
            for event in try parser.feed(bytes) { try assembler.take(event) }
        }
    }

    /// An error, or a reply in JSON from a server that does not stream what it was asked to stream
    /// (LiteLLM's mocks and some proxies): the media type tells.
    private var comesWhole: Bool {
        guard let head, head.status == 200 else { return true }
        return head.headers["content-type"]?.lowercased().hasPrefix("application/json") == true
    }

    /// The answer when it did not come as events.
    var answer: (status: Int, headers: HTTPHeaders, body: [UInt8])? {
        guard let head, comesWhole else { return nil }
        return (head.status, head.headers, body)
    }
}
