import Foundation
import HTTP
import ScriptedServer
import Testing

@Suite struct FailureTests {
    private let client: HTTPClient

    init() throws { client = try directClient() }

    @Test func namesTheTimeoutThatPassed() async throws {
        let server = try ScriptedServer { request in
            request.path == "/drip"
                ? .chunks((0..<200).map { _ in (0.1, "x") }) : .hang
        }
        let idle = HTTPTimeouts(connect: 5, idle: 0.3, total: 60)
        let total = HTTPTimeouts(connect: 5, idle: 10, total: 0.5)
        let waiting = HTTPRequest(.get, server.url + "/hang", timeouts: idle)
        let dripping = HTTPRequest(.get, server.url + "/drip", timeouts: total)
        #expect(
            try await failure(of: waiting, with: client)
                == .timedOut(.idle, seconds: 0.3, address: server.url + "/hang"))
        #expect(
            try await failure(of: dripping, with: client)
                == .timedOut(.total, seconds: 0.5, address: server.url + "/drip"))
    }

    /// Over https the later requests wait for the first one's connection; libcurl keeps no time for
    /// those.
    @Test(arguments: ["http", "https"])
    func givesUpOnAServerThatAcceptsNoConnection(_ scheme: String) async throws {
        let full = try FullListener()
        let url = full.url.replacingOccurrences(of: "http", with: scheme)
        let timeouts = HTTPTimeouts(connect: 0.3, idle: 60, total: 60)
        let requests = (0..<50).map { _ in
            Task { try await failure(of: HTTPRequest(.get, url, timeouts: timeouts), with: client) }
        }
        for request in requests {
            let error = try await request.value
            #expect(error == .timedOut(.connect, seconds: 0.3, address: url + "/"))
            #expect(!error.mayHaveReachedServer)
        }
    }

    @Test func countsTheTotalFromTheCall() async throws {
        let full = try FullListener()
        let timeouts = HTTPTimeouts(connect: 60, idle: 60, total: 0.2)
        let error = try await failure(
            of: HTTPRequest(.get, full.url, timeouts: timeouts), with: client)
        #expect(error == .timedOut(.total, seconds: 0.2, address: full.url + "/"))
    }

    @Test func doesNotCountASlowStreamAsIdle() async throws {
        let server = try ScriptedServer { _ in .chunks((0..<10).map { _ in (0.1, "x") }) }
        let timeouts = HTTPTimeouts(connect: 5, idle: 0.8, total: 60)
        let reply = try await client.send(HTTPRequest(.get, server.url, timeouts: timeouts))
        #expect(reply.text == "xxxxxxxxxx")
    }

    @Test func acceptsAReplyOfExactlyTheLimit_andRefusesOneByteMore() async throws {
        let server = try ScriptedServer { request in
            let body = String(repeating: "x", count: request.path == "/more" ? 1_001 : 1_000)
            return request.method == "POST"
                ? .chunks([(0, body)]) : .text(body)
        }
        for method in [HTTPMethod.get, .post] {
            let exact = HTTPRequest(method, server.url + "/exact", replyLimit: 1_000)
            #expect(try await client.send(exact).body.count == 1_000)
            let more = HTTPRequest(method, server.url + "/more", replyLimit: 1_000)
            #expect(
                try await failure(of: more, with: client)
                    == .replyTooLarge(address: server.url + "/more", limit: 1_000))
        }
    }

    @Test func boundsWhatACompressedReplyUnfoldsTo() async throws {
        let bomb = try #require(gzipped(zeros: 50_000_000))
        #expect(bomb.count < 100_000)
        let server = try ScriptedServer { _ in
            .bytes(bomb, headers: [("Content-Encoding", "gzip")])
        }
        let request = HTTPRequest(.get, server.url, replyLimit: 1_000_000)
        #expect(
            try await failure(of: request, with: client)
                == .replyTooLarge(address: server.url + "/", limit: 1_000_000))
    }

    @Test func boundsTheHeaders() async throws {
        let server = try ScriptedServer { _ in
            let lines = (0..<40).map { ("X-\($0)", String(repeating: "x", count: 50_000)) }
            return .bytes([], headers: lines)
        }
        let error = try await failure(of: HTTPRequest(.get, server.url), with: client)
        #expect(error == .replyTooLarge(address: server.url + "/", limit: 256 << 10))
    }

    @Test func tellsHowMuchOfACutReplyCame() async throws {
        let server = try ScriptedServer { request in
            request.path == "/reset"
                ? .reset(after: "12345", total: 10) : .truncated("1234567", total: 10)
        }
        let truncated = try await failure(
            of: HTTPRequest(.post, server.url + "/cut"), with: client)
        #expect(truncated == .closed(address: server.url + "/cut", received: 7, expected: 10))
        #expect(truncated.mayHaveReachedServer)
        let reset = try await failure(of: HTTPRequest(.post, server.url + "/reset"), with: client)
        #expect(reset == .closed(address: server.url + "/reset", received: 5, expected: 10))
    }

    @Test(arguments: ["/reset", "/closed"])
    func reportsAConnectionThatEndsWithoutAReply(_ path: String) async throws {
        let server = try ScriptedServer { $0.path == "/reset" ? .reset() : .closed() }
        let error = try await failure(of: HTTPRequest(.post, server.url + path), with: client)
        #expect(error == .closed(address: server.url + path, received: 0, expected: nil))
        #expect(error.mayHaveReachedServer)
    }

    @Test func sendsABodyOnce_whenAKeptAliveConnectionDies() async throws {
        let server = try ScriptedServer { $0.path == "/die" ? .closed() : .text("ok") }
        for method in [HTTPMethod.post, .put, .patch, .delete] {
            _ = try await client.send(HTTPRequest(method, server.url + "/live", body: [1]))
            let dying = HTTPRequest(method, server.url + "/die", body: [1])
            let error = try await failure(of: dying, with: client)
            #expect(error == .closed(address: server.url + "/die", received: 0, expected: nil))
        }
        let requests = server.requests
        #expect(requests.count == 8)
        let dying = requests.filter { $0.path == "/die" }
        #expect(dying.map(\.method) == ["POST", "PUT", "PATCH", "DELETE"])
        // On a connection of their own they would prove nothing.
        let living = requests.filter { $0.path == "/live" }
        #expect(dying.map(\.connection) == living.map(\.connection))
    }

    @Test func sendsAGetAgain_whenAKeptAliveConnectionDies() async throws {
        let server = try ScriptedServer { request in
            request.path == "/die" && request.connection == 1 ? .closed() : .text("ok")
        }
        _ = try await client.send(HTTPRequest(.get, server.url))
        #expect(try await client.send(HTTPRequest(.get, server.url + "/die")).text == "ok")
        #expect(server.requests.map(\.connection) == [1, 1, 2])
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "\u{1}\u{2}\u{3}\u{4}", "HTTP/9.9 what\r\n\r\n"])
    func refusesGarbage(_ text: String) async throws {
        let server = try ScriptedServer { _ in .garbage(Array(text.utf8)) }
        let error = try await failure(of: HTTPRequest(.post, server.url), with: client)
        guard case .notHTTP = error else {
            Issue.record("\(error)")
            return
        }
        #expect(error.mayHaveReachedServer)
    }

    @Test func knowsThatARefusedConnectionReachedNobody() async throws {
        let url = try { try ScriptedServer { _ in .hang }.url }()
        let error = try await eventualRefusal(at: url)
        #expect(error == .cannotConnect(address: url + "/", reason: "connection refused"))
        #expect(!error.mayHaveReachedServer)
    }

    /// The server's thread closes the port a moment after the server is released.
    private func eventualRefusal(at url: String) async throws -> HTTPError {
        var error = HTTPError.cancelled
        for _ in 0..<100 {
            error = try await failure(of: HTTPRequest(.post, url), with: client)
            if case .cannotConnect = error { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        return error
    }

    @Test func knowsThatAnUnknownHostWasNotReached() async throws {
        let request = HTTPRequest(.post, "http://no-such-host.invalid/")
        let error = try await failure(of: request, with: client)
        #expect(error == .cannotResolve(host: "no-such-host.invalid"))
        #expect(!error.mayHaveReachedServer)
    }

    /// What `gzip` makes of zeros; nil if it is absent.
    private func gzipped(zeros count: Int) -> [UInt8]? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "head -c \(count) /dev/zero | gzip -c"]
        let output = Pipe()
        process.standardOutput = output
        guard (try? process.run()) != nil else { return nil }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return bytes.isEmpty ? nil : Array(bytes)
    }
}

/// A listening socket whose queue is full: connections to it are neither accepted nor refused.
private final class FullListener {
    private var sockets: [Int32] = []
    let url: String

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout.size(ofValue: address))
        var connected: [Int32] = [listener]
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, size)
                _ = listen(listener, 0)
                _ = getsockname(listener, $0, &size)
                for _ in 0..<4 {
                    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
                    let filler = socket(AF_INET, type, 0)
                    _ = connect(filler, $0, size)
                    connected.append(filler)
                }
            }
        }
        sockets = connected
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    }

    deinit { for descriptor in sockets { close(descriptor) } }
}
