import Foundation
import HTTP
import Serving
import Testing

@testable import Reviewing

/// What strangers may try: each is refused with nothing changed, and the server goes on.
@Suite struct WebHostilityTests {
    private func withItem(
        limits: ServerLimits = ServerLimits(),
        _ body: (_ web: WebFixture, _ id: String, _ act: String) async throws -> Void
    ) async throws {
        let web = try WebFixture(limits: limits)
        let id = try await web.queue.submit(ReviewSample.request(1))
        try await body(web, id, try await web.act("approve", on: id))
        #expect(try await web.queue.verify().decisions == 0)
        try await web.expectUp()
        await web.server.stop()
    }

    @Test func refusesEverything_withoutACookie() async throws {
        try await withItem { web, id, act in
            for path in [
                "/", "/items/\(id)", "/runs", "/search", "/raters", "/help", "/events",
                "/api/items", "/api/items/\(id)",
            ] {
                let reply = try await web.client.send(HTTPRequest(.get, web.origin + path))
                #expect(reply.status == 401, "\(path)")
                #expect(!reply.text.contains("fires on word"))
            }
            let reply = try await web.post("/api/items/\(id)/act", act) { $0["Cookie"] = nil }
            #expect(reply.status == 401)
            #expect(reply.error != nil)
        }
    }

    @Test func refusesEverything_withAWrongToken() async throws {
        try await withItem { web, id, act in
            let right = web.secret.token(.session, rater: "ann")
            let wrong = String(right.dropLast()) + (right.last == "0" ? "1" : "0")
            let cookies = [
                "ann.\(wrong)", "ann.\(right.dropLast())", "ann.", ".\(right)", "bob.\(right)",
                "ann.\(web.secret.token(.enter, rater: "ann"))",
                "eve.\(web.secret.token(.session, rater: "eve"))",
            ]
            for value in cookies {
                let reply = try await web.post("/api/items/\(id)/act", act) {
                    $0["Cookie"] = "\(web.secret.cookieName)=\(value)"
                }
                #expect(reply.status == 401, "\(value)")
            }
            let entry = try await web.client.send(
                HTTPRequest(.get, web.origin + "/enter?rater=ann&token=\(wrong)"))
            #expect(entry.status == 401)
            #expect(entry.headers["Set-Cookie"] == nil)
            let wrongs: [String?] = [nil, "", wrong, right, web.secret.token(.form, rater: "bob")]
            for token in wrongs {
                let reply = try await web.post("/api/items/\(id)/act", act) {
                    $0["X-Review-Token"] = token
                }
                #expect(reply.status == 403)
            }
        }
    }

    @Test(arguments: [
        "http://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1",
        "http://localhost.evil.example:80", "https://127.0.0.1.evil.example", "file://", "",
    ])
    func refusesChanges_ofForeignPages(origin: String) async throws {
        try await withItem { web, id, act in
            let reply = try await web.post("/api/items/\(id)/act", act) { $0["Origin"] = origin }
            #expect(reply.status == 403)
        }
    }

    @Test func refusesChanges_thatDoNotSayWhereTheyAreFrom() async throws {
        try await withItem { web, id, act in
            for site in [nil, "cross-site", "same-site", "none"] {
                let reply = try await web.post("/api/items/\(id)/act", act) {
                    $0["Origin"] = nil
                    $0["Sec-Fetch-Site"] = site
                }
                #expect(reply.status == 403)
            }
            let reply = try await web.post("/api/items/\(id)/act", act) {
                $0["Sec-Fetch-Site"] = "cross-site"
            }
            #expect(reply.status == 403)
        }
    }

    /// A foreign name that was made to point here.
    @Test(arguments: [
        "evil.example", "evil.example:8710", "127.0.0.1.evil.example", "127.0.0.1:x", "[::1",
        "127.0.0.1@evil.example",
    ])
    func refusesForeignHosts(host: String) async throws {
        try await withItem { web, id, act in
            for path in ["/", "/api/items/\(id)", "/assets/review.css"] {
                let reply = try await web.client.send(
                    HTTPRequest(
                        .get, web.origin + path,
                        headers: ["Cookie": try web.cookie(), "Host": host]))
                #expect(reply.status == 403)
            }
            let reply = try await web.post("/api/items/\(id)/act", act) {
                $0["Host"] = host
                $0["Origin"] = "http://\(host)"
            }
            #expect(reply.status == 403)
        }
    }

    @Test func refusesABodyOf100Megabytes() async throws {
        try await withItem { web, id, _ in
            let body = String(repeating: "a", count: 100 << 20)
            // The answer may come while the client is still sending: then it is all it hears of it.
            let reply = try? await web.post("/api/items/\(id)/act", body)
            #expect(reply == nil || reply?.status == 413)
        }
    }

    @Test(arguments: [
        "/../etc/passwd", "/assets/../../../etc/passwd", "/assets/%2e%2e/%2e%2e/secret",
        "/assets/..%2f..%2freview-secret", "/items/../api", "//etc/passwd", "/assets/%00",
    ])
    func refusesPathsThatLeadOut(path: String) async throws {
        try await withItem { web, _, _ in
            let raw = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            let reply = try await HandMade.answer(to: raw, port: web.server.port)
            #expect(reply.hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test(arguments: [
        "e-0123456789AB", "e-0123456789a", "e-0123456789abc", "E-0123456789ab", "0123456789ab",
        "e-0123456789ag", "'%20OR%201=1", "e-", "ee-123456789ab",
    ])
    func refusesMalformedIds(id: String) async throws {
        try await withItem { web, _, act in
            for path in ["/items/\(id)", "/api/items/\(id)", "/runs/\(id)"] {
                let reply = try await web.get(path)
                #expect(reply.status == 400)
            }
            for change in ["act", "undo", "claim", "release"] {
                let reply = try await web.post("/api/items/\(id)/\(change)", act)
                #expect(reply.status == 400)
            }
            #expect(try await web.get("/items/e-000000000000").status == 404)
            #expect(try await web.get("/runs/explain-00000000").status == 404)
        }
    }

    @Test func goesOn_whileOthersSendTheirRequestsSlowly() async throws {
        try await withItem { web, _, _ in
            let slow = try (0..<100).map { _ in
                try HandMade.open(web.server.port, "GET / HTTP/1.1\r\nCookie: ")
            }
            for _ in 0..<20 { try await web.expectUp() }
            for socket in slow { close(socket) }
        }
    }

    @Test(arguments: [
        nil, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json",
    ])
    func refusesOtherContentTypes(type: String?) async throws {
        try await withItem { web, id, act in
            let reply = try await web.post("/api/items/\(id)/act", act) {
                $0["Content-Type"] = type ?? "none"
            }
            #expect(reply.status == 415)
        }
    }

    @Test(arguments: [
        ("", 400), ("{", 400), ("[]", 400), ("null", 400), (#"{"verb":"approve"}"#, 422),
        (#"{"verb":"approve","verb":"reject"}"#, 400), (#"{} {}"#, 400),
        (#"{"verb":"steal"}"#, 422), (#"{"unknown":1}"#, 422), ("\u{FEFF}{}", 400),
        (String(repeating: "[", count: 10_000), 400), (#"{"verb":1}"#, 422),
        (#"{"verb":"approve","contentHash":"x","nonce":"n"}"#, 422),
    ])
    func refusesMalformedJSON(body: String, status: Int) async throws {
        try await withItem { web, id, _ in
            let reply = try await web.post("/api/items/\(id)/act", body)
            #expect(reply.status == status)
            #expect(reply.error != nil)
        }
    }

    @Test(arguments: [
        #","rating":"5""#, #","rating":6"#, #","rating":2.5"#, #","seconds":-1"#,
        #","seconds":1e300"#,
        #","reason":7"#, #","text":[]"#, #","nonce2":"x""#,
    ])
    func refusesFieldsOfTheWrongForm(more: String) async throws {
        try await withItem { web, id, _ in
            let reply = try await web.post(
                "/api/items/\(id)/act", try await web.act("approve", on: id, more))
            #expect(reply.status == 422)
        }
    }

    @Test func refusesOtherMethods() async throws {
        try await withItem { web, id, act in
            let get = try await web.get("/api/items/\(id)/act")
            #expect(get.status == 405)
            #expect(get.headers["Allow"] == "POST")
            #expect(try await web.post("/items/\(id)", act).status == 405)
            let delete = try await web.client.send(
                HTTPRequest(
                    .delete, web.origin + "/api/items/\(id)", headers: try web.headers()))
            #expect(delete.status == 405)
        }
    }
}

/// Connections by hand, for what the client will not send.
enum HandMade {
    static func open(_ port: Int, _ text: String) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
        _ = send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
        return descriptor
    }

    /// Everything until the server closes; read on a thread of its own.
    static func answer(to text: String, port: Int) async throws -> String {
        let descriptor = try open(port, text)
        return await withCheckedContinuation { continuation in
            Thread {
                var bytes: [UInt8] = []
                var piece = [UInt8](repeating: 0, count: 4_096)
                while case let count = recv(descriptor, &piece, piece.count, 0), count > 0 {
                    bytes += piece[..<count]
                }
                close(descriptor)
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }.start()
        }
    }
}
