import Foundation
import HTTP
import ScriptedServer
import Testing

@Suite struct SendTests {
    private let client: HTTPClient

    init() throws { client = try directClient() }

    @Test func handsOutStatusHeadersAndBody() async throws {
        let server = try ScriptedServer { _ in
            .json("{\"answer\":42}", status: 418, headers: [("X-One", "a"), ("x-one", "b")])
        }
        let reply = try await client.send(HTTPRequest(.get, server.url + "/tea?pot=1"))
        #expect(reply.status == 418)
        #expect(reply.text == "{\"answer\":42}")
        #expect(reply.headers["content-TYPE"] == "application/json")
        #expect(reply.headers.values(of: "X-ONE") == ["a", "b"])
        #expect(reply.headers["absent"] == nil)
        #expect(reply.version == .http1_1)
        #expect(reply.seconds > 0)
        #expect(server.requests.map(\.path) == ["/tea?pot=1"])
    }

    @Test func sendsMethodHeadersAndBodyAsGiven() async throws {
        let server = try ScriptedServer { _ in .text("") }
        let body = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for method in [HTTPMethod.post, .put, .patch, .delete] {
            let headers: HTTPHeaders = ["X-Key": "secret", "Content-Type": "a/b", "X-Empty": ""]
            _ = try await client.send(
                HTTPRequest(method, server.url + "/", headers: headers, body: body))
        }
        #expect(server.requests.map(\.method) == ["POST", "PUT", "PATCH", "DELETE"])
        for request in server.requests {
            #expect(request.body == body)
            #expect(request["x-key"] == "secret")
            #expect(request["content-type"] == "a/b")
            #expect(request["x-empty"] == "")
            #expect(request["expect"] == nil)
        }
    }

    @Test func addsNoContentTypeToABody() async throws {
        let server = try ScriptedServer { _ in .text("") }
        _ = try await client.send(HTTPRequest(.post, server.url, body: [1]))
        _ = try await client.send(HTTPRequest(.post, server.url))
        #expect(server.requests.map { $0["content-type"] } == [nil, nil])
        #expect(server.requests.map { $0["content-length"] } == ["1", "0"])
    }

    @Test func answersHeadWithoutABody_whateverItsLength() async throws {
        let server = try ScriptedServer { _ in
            .garbage(Array("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".utf8))
        }
        let reply = try await client.send(HTTPRequest(.head, server.url, replyLimit: 10))
        #expect(reply.status == 200 && reply.body.isEmpty)
        #expect(reply.headers["content-length"] == "5000")
        #expect(server.requests.map(\.method) == ["HEAD"])
    }

    @Test func handsOutARedirectAsItIs() async throws {
        let server = try ScriptedServer { _ in
            .bytes([], status: 302, headers: [("Location", "/elsewhere")])
        }
        let reply = try await client.send(HTTPRequest(.get, server.url))
        #expect(reply.status == 302 && reply.headers["location"] == "/elsewhere")
        #expect(server.requests.count == 1)
    }

    @Test func keepsNothingOfOneRequestForTheNext() async throws {
        let server = try ScriptedServer { _ in .text("ok") }
        _ = try await client.send(
            HTTPRequest(.put, server.url + "/a", headers: ["X-Key": "k"], body: [1, 2, 3]))
        _ = try await client.send(HTTPRequest(.get, server.url + "/b"))
        let second = try #require(server.requests.last)
        #expect(second.method == "GET" && second.body.isEmpty && second["x-key"] == nil)
    }

    @Test func usesAConnectionAgain() async throws {
        let server = try ScriptedServer { _ in .text("ok") }
        for _ in 0..<20 { _ = try await client.send(HTTPRequest(.post, server.url, body: [1])) }
        #expect(server.requests.count == 20)
        #expect(server.connectionCount == 1)
    }

    @Test func sendsHundredsOfRequestsAtOnce_onOneThread() async throws {
        await #expect(processExitsWith: .success) {
            let server = try ScriptedServer { request in .text(request.text, delay: 0.2) }
            let client = try directClient()
            let texts = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<256 {
                    group.addTask {
                        let body = Array("\(number)".utf8)
                        return try await client.send(
                            HTTPRequest(.post, server.url, body: body)
                        ).text
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(texts == Set((0..<256).map(String.init)))
            // One after another they would share a connection.
            #expect((100...256).contains(server.connectionCount))
            #expect(clientThreadCount() == 1)
        }
    }

    @Test func decompressesAReply() async throws {
        let server = try ScriptedServer { request in
            .bytes(
                request["accept-encoding"] == "gzip" ? Gzip.hello : [],
                headers: [("Content-Encoding", "gzip")])
        }
        #expect(try await client.send(HTTPRequest(.get, server.url)).text == "hello")
    }

    @Test(arguments: [
        "127.0.0.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "", "http://", "http://a b/",
        "http://host/\u{0}", "http://host:99999/",
    ])
    func refusesWhatIsNoWebAddress(_ url: String) async throws {
        let error = try await failure(of: HTTPRequest(.get, url), with: client)
        guard case .badURL = error else {
            Issue.record("\(error)")
            return
        }
        #expect(!error.mayHaveReachedServer)
    }

    @Test(arguments: [
        ("X-Key", "a\r\nX-Other: b"), ("X-Key", "a\u{0}b"), ("X Key", "a"), ("", "a"),
        ("X:Key", "a"), ("X\n", "a"),
    ])
    func refusesAHeaderThatWouldSmuggleAnother(_ name: String, _ value: String) async throws {
        let request = HTTPRequest(
            .get, "http://127.0.0.1:1/", headers: HTTPHeaders([.init(name, value)]))
        let error = try await failure(of: request, with: client)
        guard case .badHeader = error else {
            Issue.record("\(error)")
            return
        }
        #expect(value.count == 1 || !"\(error)".contains(value))
    }

    @Test func tellsNoSecretInAnyMessage() async throws {
        let refused = "http://user:s3cret@127.0.0.1:1/path?key=s3cret#s3cret"
        for url in [
            refused, "https" + refused.dropFirst(4), "ftp://s3cret@host/?s3cret", "http://?s3cret",
            "http://user:s3?cret@127.0.0.1:x/", "http://u:s3cret@h h/", "x:s3cret@h",
            "http://h h?s3cret",
        ] {
            let request = HTTPRequest(.get, url, headers: ["Authorization": "Bearer s3cret"])
            let error = try await failure(of: request, with: client)
            for text in ["\(error)", String(reflecting: error), "\(request)", "\(request.headers)"]
            {
                #expect(!text.contains("s3"), "\(text)")
            }
            var dumped = ""
            dump(request, to: &dumped)
            dump(request.headers, to: &dumped)
            #expect(!dumped.contains("s3"))
        }
        let error = try await failure(of: HTTPRequest(.get, refused), with: client)
        #expect("\(error)".contains("http://127.0.0.1:1/path"))
    }
}

enum Gzip {
    /// "hello"
    static let hello: [UInt8] = [
        0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x86,
        0xA6, 0x10, 0x36, 0x05, 0, 0, 0,
    ]
}
