import Foundation
import HTTP
import JSON

/// The review pages as a browser reaches them.
struct Site {
    let port: Int

    /// Enters by the address that was made for a rater.
    func session(_ rater: String, entering address: String) async throws -> RaterSession {
        let client = try HTTPClient(proxy: .direct)
        let entry = try await client.send(HTTPRequest(.get, address))
        let cookie = entry.headers["Set-Cookie"]?.prefix { $0 != ";" } ?? ""
        let session = RaterSession(
            client: client, origin: "http://127.0.0.1:\(port)", cookie: String(cookie), token: "")
        let mark = "name=\"review-token\" content=\""
        let page = try await session.get("/")
        guard let range = page.range(of: mark) else { throw CocoaError(.fileReadCorruptFile) }
        return RaterSession(
            client: client, origin: session.origin, cookie: session.cookie,
            token: String(page[range.upperBound...].prefix { $0 != "\"" }))
    }
}

/// One rater's browser.
struct RaterSession: Sendable {
    /// A reply that is none of the expected ones.
    struct Unexpected: Error {
        let path: String
        let status: Int
        let text: String
    }

    let client: HTTPClient
    let origin: String
    let cookie: String
    let token: String

    func get(_ path: String) async throws -> String {
        let reply = try await client.send(
            HTTPRequest(.get, origin + path, headers: ["Cookie": cookie]))
        guard reply.status == 200 else {
            throw Unexpected(path: path, status: reply.status, text: reply.text)
        }
        return reply.text
    }

    /// - Returns: whether it was carried out; false where somebody else was quicker.
    func post(_ path: String, _ body: String) async throws -> Bool {
        let reply = try await client.send(
            HTTPRequest(
                .post, origin + path,
                headers: [
                    "Cookie": cookie, "Origin": origin, "Content-Type": "application/json",
                    "X-Review-Token": token,
                ], body: Array(body.utf8)))
        guard [200, 409].contains(reply.status) else {
            throw Unexpected(path: path, status: reply.status, text: reply.text)
        }
        return reply.status == 200
    }

    func open(limit: Int) async throws -> [String] {
        let page = try JSONValue(parsing: try await get("/api/items?limit=\(limit)"))
        return (page["lines"]?.array ?? []).compactMap { $0["id"]?.string }
    }

    /// The body that approves an item as it stands.
    func act(on id: String) async throws -> String {
        let item = try JSONValue(parsing: try await get("/api/items/\(id)"))
        let act: JSONValue = [
            "verb": "approve", "contentHash": item["contentHash"] ?? .null,
            "nonce": item["nonce"] ?? .null, "rating": 4, "seconds": 3.5,
        ]
        return act.text
    }

    /// Decides so many items, with a stream of events open, as the pages do: looks at the queue, at an
    /// item, and acts.
    func decide(_ count: Int) async throws -> Timings {
        let listening = Task {
            let events = await client.stream(
                HTTPRequest(.get, origin + "/events", headers: ["Cookie": cookie]))
            for try await _ in events {}
        }
        defer { listening.cancel() }
        var timings = Timings()
        while timings.count < count {
            for id in try await open(limit: 20) where timings.count < count {
                _ = try await get("/items/\(id)")
                let act = try await act(on: id)
                var isDone = false
                var timing = Timings()
                try await timing.measure {
                    isDone = try await post("/api/items/\(id)/act", act)
                }
                if isDone { timings.add(timing) }
            }
        }
        return timings
    }
}
