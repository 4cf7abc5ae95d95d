import Foundation
import HTTP
import Inquiry
import JSON
import Memory
import Serving
import Testing

@testable import Reviewing

/// The review pages on a port of their own, over a memory of their own.
final class WebFixture: Sendable {
    let store: Store
    let queue: ReviewQueue
    let secret = ReviewSecret(bytes: Array(0..<32))
    let server: ReviewServer
    let client: HTTPClient
    private let memory: Folder

    /// Lasts as long as the fixture.
    private final class Folder: Sendable {
        let url: URL

        init() throws {
            url = FileManager.default.temporaryDirectory.appendingPathComponent(
                "web-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    init(raters: [String] = ["ann", "bob"], limits: ServerLimits = ServerLimits()) throws {
        memory = try Folder()
        store = try Store(path: memory.url.appendingPathComponent("memory.sqlite").path)
        queue = ReviewQueue(store: store)
        server = try ReviewServer(
            queue: queue, secret: secret, raters: raters, limits: limits)
        client = try HTTPClient(proxy: .direct)
    }

    deinit { client.shutDown() }

    /// Another program's view of the same memory.
    func otherStore() throws -> Store { try Store(path: store.path) }

    var origin: String { "http://127.0.0.1:\(server.port)" }

    /// What a browser of a rater sends with every request.
    func cookie(_ rater: String = "ann") throws -> String {
        let session = try ReviewSession(
            rater: rater, token: secret.token(.enter, rater: rater), .enter, secret: secret,
            raters: [rater])
        return String(session.cookie(secret: secret).prefix { $0 != ";" })
    }

    /// The headers of a change that a page of ours makes.
    func headers(_ rater: String = "ann") throws -> HTTPHeaders {
        [
            "Cookie": try cookie(rater), "Origin": origin, "Content-Type": "application/json",
            "X-Review-Token": secret.token(.form, rater: rater),
        ]
    }

    func get(_ path: String, rater: String = "ann") async throws -> HTTPReply {
        try await client.send(
            HTTPRequest(.get, origin + path, headers: ["Cookie": try cookie(rater)]))
    }

    func post(
        _ path: String, _ body: String, rater: String = "ann",
        changing: (inout HTTPHeaders) -> Void = { _ in }
    ) async throws -> HTTPReply {
        var headers = try headers(rater)
        changing(&headers)
        return try await client.send(
            HTTPRequest(.post, origin + path, headers: headers, body: Array(body.utf8)))
    }

    /// The body of an act on an item as it stands.
    func act(
        _ verb: String, on id: String, _ more: String = "", nonce: String = UUID().uuidString
    ) async throws -> String {
        let hash = try await queue.sheet(of: id, rater: "nobody").contentHash
        return
            #"{"verb":"\#(verb)","contentHash":"\#(hash)","nonce":"\#(nonce)"\#(more)}"#
    }

    /// That the server still answers whoever may ask.
    func expectUp(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let reply = try await get("/api/items")
        #expect(reply.status == 200, sourceLocation: sourceLocation)
    }
}

extension HTTPReply {
    var json: JSONValue? { try? JSONValue(parsing: body) }
    var error: String? { json?["error"]?.string }
    var state: String? { json?["state"]?.string }
}
