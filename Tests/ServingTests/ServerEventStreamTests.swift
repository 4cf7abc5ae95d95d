import Foundation
import HTTP
import Synchronization
import Testing

@testable import Serving

@Suite struct ServerEventStreamTests {
    private let ask = "GET /events HTTP/1.1\r\nHost: here\r\n\r\n"

    /// A handler's stream, held by the test.
    private final class Source: Sendable {
        let continuation = Mutex<[AsyncStream<ServerEvent>.Continuation]>([])
        let endedCount = Mutex(0)

        var count: Int { continuation.withLock { $0.count } }

        @Sendable func handle(_ request: ServedRequest) async -> ServedReply {
            let (stream, continuation) = AsyncStream.makeStream(of: ServerEvent.self)
            continuation.onTermination = { [self] _ in endedCount.withLock { $0 += 1 } }
            self.continuation.withLock { $0.append(continuation) }
            return .events(stream)
        }

        func send(_ text: String) {
            for stream in continuation.withLock({ $0 }) { stream.yield(ServerEvent(data: text)) }
        }

        func finish() { for stream in continuation.withLock({ $0 }) { stream.finish() } }

        var ended: Int { endedCount.withLock { $0 } }
    }

    @Test func writesEachEventAtOnce_andEndsWithTheStream() async throws {
        let source = Source()
        try await withServer(handler: source.handle) { port in
            let client = try HTTPClient(proxy: .direct)
            var reader = ServerSentEvents()
            var data: [String] = []
            for try await piece in await client.stream(
                HTTPRequest(.get, "http://127.0.0.1:\(port)/events"))
            {
                switch piece {
                case .head(let head):
                    #expect(head.headers["Content-Type"] == "text/event-stream")
                    source.send("0")
                case .body(let bytes):
                    // Each event is sent only when the one before has come.
                    for event in try reader.feed(bytes) {
                        data.append(event.data)
                        if data.count < 20 { source.send("\(data.count)") } else { source.finish() }
                    }
                }
            }
            #expect(data == (0..<20).map { "\($0)" })
            client.shutDown()
        }
    }

    @Test(arguments: [false, true])
    func letsTheStreamGo_whenTheClientIsGone(byReset: Bool) async throws {
        let source = Source()
        try await withServer(handler: source.handle) { port in
            try await blocking {
                let connection = try RawConnection(port: port)
                connection.send(ask)
                _ = try connection.receive { $0.hasSuffix("\r\n\r\n") }
                if byReset {
                    var linger = linger(l_onoff: 1, l_linger: 0)
                    setsockopt(
                        connection.socket, SOL_SOCKET, SO_LINGER, &linger,
                        socklen_t(MemoryLayout.size(ofValue: linger)))
                }
            }
            try await eventually("the stream is let go") { source.ended == 1 }
        }
    }

    @Test func sendsComments_whileNothingHappens() async throws {
        var limits = ServerLimits()
        limits.heartbeatSeconds = 0.02
        let source = Source()
        try await withServer(limits: limits, handler: source.handle) { port in
            let text = try await blocking {
                let connection = try RawConnection(port: port)
                connection.send(ask)
                return try connection.receive { $0.hasSuffix(":\n\n:\n\n:\n\n") }
            }
            #expect(status(of: text) == 200)
        }
    }

    @Test func disconnectsAClient_thatDoesNotTakeItsEvents() async throws {
        var limits = ServerLimits()
        limits.backlogBytes = 1_000
        let source = Source()
        try await withServer(limits: limits, handler: source.handle) { port in
            let connection = try await blocking {
                let connection = try RawConnection(port: port, receiveBuffer: 4_096)
                connection.send(ask)
                return connection
            }
            try await eventually("it is asked") { source.count == 1 }
            let large = String(repeating: "x", count: 1 << 20)
            for _ in 0..<64 { source.send(large) }
            try await eventually("it is disconnected") { source.ended == 1 }
            withExtendedLifetime(connection) {}
        }
    }

    @Test func sendsOnlyTheHead_whenThatIsAskedFor() async throws {
        let source = Source()
        try await withServer(handler: source.handle) { port in
            let reply = try await answer(
                to: "HEAD /events HTTP/1.1\r\nHost: h\r\n\r\n", port: port)
            #expect(reply.hasSuffix("\r\n\r\n"))
            try await eventually("the stream is let go") { source.ended == 1 }
        }
    }

    @Test func closesEverything_whenTheServerStops() async throws {
        let source = Source()
        let server = HTTPServer(handler: source.handle)
        let port = try server.start()
        let connections = try await blocking {
            try (0..<20).map { index in
                let connection = try RawConnection(port: port)
                if index % 2 == 0 { connection.send(ask) }
                return connection
            }
        }
        try await eventually("ten are asked") { source.count == 10 }
        await server.stop()
        #expect(throws: RawConnection.Failure.self) { try RawConnection(port: port) }
        for connection in connections { _ = try await blocking { try connection.receiveAll() } }
        try await eventually("all streams are let go") { source.ended == 10 }
        await server.stop()
        #expect(throws: ServingError.startedBefore) { try server.start() }
    }

    @Test func finishesReplies_whenTheServerStops() async throws {
        let gate = Gate()
        let server = HTTPServer(handler: { _ in await gate.wait() })
        let port = try server.start()
        let connection = try await blocking {
            let connection = try RawConnection(port: port)
            connection.send(ask)
            return connection
        }
        try await eventually("it is asked") { gate.waiterCount == 1 }
        async let stopped: Void = server.stop()
        gate.open()
        #expect(try await blocking { try connection.receiveAll() }.hasSuffix("opened"))
        await stopped
    }

    @Test func cancelsHandlers_whoseGraceIsOver() async throws {
        var limits = ServerLimits()
        limits.graceSeconds = 0.05
        let gate = Gate()
        let server = HTTPServer(limits: limits, handler: { _ in await gate.wait() })
        let port = try server.start()
        let connection = try await blocking {
            let connection = try RawConnection(port: port)
            connection.send(ask)
            return connection
        }
        try await eventually("it is asked") { gate.waiterCount == 1 }
        await server.stop()
        try await eventually("it is cancelled") { gate.cancelledCount == 1 }
        #expect(try await blocking { try connection.receiveAll() } == "")
    }

    @Test func stops_whenItIsLetGo() async throws {
        var server: HTTPServer? = HTTPServer(handler: echo)
        let port = try #require(try server?.start())
        server = nil
        try await eventually("nothing listens") { (try? RawConnection(port: port)) == nil }
        withExtendedLifetime(server) {}
    }

    @Test func saysWhyItCannotStart() throws {
        let server = HTTPServer(handler: echo)
        let port = try server.start()
        let second = HTTPServer(port: port, handler: echo)
        let error = #expect(throws: ServingError.self) { try second.start() }
        #expect("\(try #require(error))".contains("port \(port)"))
        #expect(throws: ServingError.badHost("example.org")) {
            try HTTPServer(host: "example.org", handler: echo).start()
        }
        #expect(throws: ServingError.badPort(65_536)) {
            try HTTPServer(port: 65_536, handler: echo).start()
        }
        withExtendedLifetime(server) {}
    }
}
