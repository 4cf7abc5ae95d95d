import Foundation
import HTTP
import Synchronization
import Testing

@testable import Serving

/// Every bound of `ServerLimits`, against real sockets.
@Suite struct ServerBoundsTests {
    private let plain = "GET /a HTTP/1.1\r\nHost: here\r\n\r\n"
    private let last = "GET /z HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"

    @Test func answersTheClientOfThisPackage() async throws {
        try await withServer { port in
            let client = try HTTPClient(proxy: .direct)
            let reply = try await client.send(
                HTTPRequest(.post, "http://127.0.0.1:\(port)/a/b", body: Array("hi".utf8)))
            #expect(reply.status == 200)
            #expect(reply.text == "POST a|b hi")
            let refused = try await client.send(
                HTTPRequest(.get, "http://127.0.0.1:\(port)/a//b"))
            #expect(refused.status == 400)
            let head = try await client.send(HTTPRequest(.head, "http://127.0.0.1:\(port)/a"))
            #expect(head.headers["Content-Length"] == "6")
            #expect(head.body.isEmpty)
            client.shutDown()
        }
    }

    @Test func answersRequestsOneAfterAnother_whenTheyComeAtOnce() async throws {
        try await withServer { port in
            let text = (0..<50).map {
                "POST /\($0) HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx"
            }
            let reply = try await answer(to: text.joined() + last, port: port)
            #expect(reply.components(separatedBy: "HTTP/1.1 200 OK").count == 52)
            let places = (0..<50).map { reply.range(of: "POST \($0) x")?.lowerBound }
            #expect(!places.contains(nil))
            #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
            #expect(reply.hasSuffix("GET z "))
        }
    }

    @Test func answersMethodsThatNoHandlerSees() async throws {
        try await withServer { port in
            let options = try await answer(
                to: "OPTIONS /a HTTP/1.1\r\nHost: h\r\n\r\n" + last, port: port)
            #expect(options.hasPrefix("HTTP/1.1 204 No Content\r\n"))
            #expect(options.contains("\r\nAllow: HEAD, OPTIONS, GET, POST"))
            #expect(!options.contains("Access-Control"))
            let head = try await answer(
                to: "HEAD /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", port: port)
            #expect(head.hasSuffix("\r\n\r\n"))
            let faulty = try await answer(
                to: "HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n", port: port)
            #expect(faulty.hasSuffix("METHOD TARGET VERSION.\n"))
            let old = try await answer(to: "GET /a HTTP/1.0\r\n\r\n", port: port)
            #expect(old.hasSuffix("GET a "))
            let halfClosed = try await blocking {
                let connection = try RawConnection(port: port)
                connection.send("GET /half HTTP/1.1\r\nHost: h\r\n\r\n")
                connection.finishSending()
                return try connection.receiveAll()
            }
            #expect(halfClosed.hasSuffix("GET half "))
        }
    }

    @Test func letsClientsWaitForPermissionToSendABody() async throws {
        try await withServer { port in
            try await blocking {
                let connection = try RawConnection(port: port)
                connection.send(
                    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"
                        + "Expect: 100-continue\r\nConnection: close\r\n\r\n")
                let first = try connection.receive { $0.hasSuffix("\r\n\r\n") }
                #expect(first == "HTTP/1.1 100 Continue\r\n\r\n")
                connection.send("hi")
                #expect(try connection.receiveAll().hasSuffix("POST a hi"))
            }
        }
    }

    @Test func refusesABodyUnread_whenItIsAnnouncedTooLarge() async throws {
        try await withServer { port in
            let reply = try await answer(
                to: "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 104857600\r\n\r\n", port: port)
            #expect(status(of: reply) == 413)
            #expect(reply.contains("Connection: close"))
        }
    }

    /// A client that sends all the same still reads the answer: the server takes, for a moment,
    /// what it does not read.
    @Test func answersAClientThatSends100Megabytes() async throws {
        try await withServer { port in
            let reply = try await blocking {
                let connection = try RawConnection(port: port)
                connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 104857600\r\n\r\n")
                let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)
                var head = ""
                for index in 0..<100 {
                    if connection.send(megabyte) < megabyte.count { break }
                    if index == 0 { head = try connection.receive { $0.contains("\r\n\r\n") } }
                }
                return head
            }
            #expect(status(of: reply) == 413)
            #expect(try await status(of: answer(to: last, port: port)) == 200)
        }
    }

    @Test func closes_whenAHeadTakesTooLong() async throws {
        var limits = ServerLimits()
        limits.headSeconds = 0.2
        try await withServer(limits: limits) { port in
            #expect(try await status(of: answer(to: "GET / HT", port: port)) == 408)
            #expect(try await answer(to: "", port: port) == "")
            // Also behind a whole request, and though bytes keep coming.
            let reply = try await blocking {
                let connection = try RawConnection(port: port)
                connection.send(plain)
                _ = try connection.receive { $0.hasSuffix("GET a ") }
                connection.send("GET /")
                var poll = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
                while Glibc.poll(&poll, 1, 1) == 0 { connection.send("a") }
                return try connection.receiveAll()
            }
            #expect(status(of: reply) == 408)
        }
    }

    @Test func closes_whenABodyTakesTooLong() async throws {
        var limits = ServerLimits()
        limits.bodySeconds = 0.2
        try await withServer(limits: limits) { port in
            let reply = try await answer(
                to: "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabc", port: port)
            #expect(status(of: reply) == 408)
        }
    }

    @Test func closes_whenNothingMoreIsAsked() async throws {
        var limits = ServerLimits()
        limits.idleSeconds = 0.2
        try await withServer(limits: limits) { port in
            let reply = try await answer(to: plain, port: port)
            #expect(status(of: reply) == 200)
            #expect(reply.hasSuffix("GET a "))
        }
    }

    @Test func closes_whenTheClientDoesNotReadItsReply() async throws {
        var limits = ServerLimits()
        limits.stallSeconds = 0.2
        let big = [UInt8](repeating: 0x62, count: 32 << 20)
        try await withServer(limits: limits, handler: { _ in ServedReply(body: .bytes(big)) }) {
            port in
            let count = try await blocking {
                let connection = try RawConnection(port: port, receiveBuffer: 4_096)
                connection.send(plain)
                Thread.sleep(forTimeInterval: 1)
                return try connection.receiveAll().utf8.count
            }
            #expect(count < big.count)
        }
    }

    @Test func makesRoom_forWhoeverComesLater() async throws {
        var limits = ServerLimits()
        limits.connectionCount = 4
        try await withServer(limits: limits) { port in
            try await blocking {
                let slow = try (0..<8).map { _ in
                    let connection = try RawConnection(port: port)
                    connection.send("GET /slow HTTP/1.1\r\n")
                    return connection
                }
                let connection = try RawConnection(port: port)
                connection.send(last)
                #expect(try connection.receiveAll().hasSuffix("GET z "))
                #expect(try slow[0].receiveAll() == "")
            }
        }
    }

    @Test func refusesConnections_whenAllAreBeingAnswered() async throws {
        var limits = ServerLimits()
        limits.connectionCount = 2
        let gate = Gate()
        try await withServer(limits: limits, handler: { _ in await gate.wait() }) { port in
            let held = try await blocking {
                try (0..<2).map { _ in
                    let connection = try RawConnection(port: port)
                    connection.send(last)
                    return connection
                }
            }
            try await eventually("both are asked") { gate.waiterCount == 2 }
            let reply = try await answer(to: "", port: port)
            #expect(status(of: reply) == 503)
            gate.open()
            for connection in held {
                #expect(try await blocking { try connection.receiveAll() }.hasSuffix("opened"))
            }
        }
    }

    @Test func answers500_whenAHandlerSetsAHeaderThatCannotBeSent() async throws {
        try await withServer(handler: { _ in
            ServedReply(headers: ["Location": "/x\r\nSet-Cookie: forged=1"])
        }) { port in
            let reply = try await answer(to: last, port: port)
            #expect(status(of: reply) == 500)
            #expect(!reply.contains("forged"))
        }
    }
}

/// Holds handlers back until it is opened, or their tasks are cancelled.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiterCount = 0
        var cancelledCount = 0
    }

    private let state = Mutex(State())

    var waiterCount: Int { state.withLock { $0.waiterCount } }
    var cancelledCount: Int { state.withLock { $0.cancelledCount } }

    func open() { state.withLock { $0.isOpen = true } }

    func wait() async -> ServedReply {
        state.withLock { $0.waiterCount += 1 }
        while !Task.isCancelled, !state.withLock({ $0.isOpen }) {
            try? await Task.sleep(for: .milliseconds(5))
        }
        if Task.isCancelled { state.withLock { $0.cancelledCount += 1 } }
        return .text("opened")
    }
}
