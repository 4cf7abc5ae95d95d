import Foundation
import HTTP
import Testing

@testable import Serving

@Suite struct ServerLoadTests {
    @Test func answers_whileHundredsSendTheirHeadsSlowly() async throws {
        try await withServer { port in
            let slow = try await blocking {
                try (0..<200).map { _ in
                    let connection = try RawConnection(port: port)
                    connection.send("GET / HTTP/1.1\r\nHost: ")
                    return connection
                }
            }
            let client = try HTTPClient(proxy: .direct)
            for index in 0..<100 {
                slow[index].send("x")
                let reply = try await client.send(
                    HTTPRequest(.get, "http://127.0.0.1:\(port)/\(index)"))
                #expect(reply.status == 200)
            }
            client.shutDown()
            withExtendedLifetime(slow) {}
        }
    }

    @Test func answersFiftyClients_eachWithAStreamOfEvents() async throws {
        let handler: HTTPServer.Handler = { request in
            guard request.segments == ["events"] else { return await echo(request) }
            return .events(
                AsyncStream { continuation in continuation.yield(ServerEvent(data: "hello")) })
        }
        try await withServer(handler: handler) { port in
            let client = try HTTPClient(proxy: .direct)
            let address = "http://127.0.0.1:\(port)"
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let events = await client.stream(HTTPRequest(.get, address + "/events"))
                        var count = 0
                        for try await piece in events {
                            // The stream stays open while the requests are sent.
                            guard case .body = piece else { continue }
                            for index in 0..<40 {
                                let reply = try await client.send(
                                    HTTPRequest(
                                        .post, "\(address)/\(number)/\(index)",
                                        body: Array("\(index)".utf8)))
                                if reply.text == "POST \(number)|\(index) \(index)" { count += 1 }
                            }
                            break
                        }
                        return count
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts == [Int](repeating: 40, count: 50))
            client.shutDown()
        }
    }

    @Test func staysUp_whateverBytesCome() async throws {
        var limits = ServerLimits()
        limits.headSeconds = 0.3
        limits.bodySeconds = 0.3
        limits.idleSeconds = 0.3
        limits.lingerSeconds = 0.1
        try await withServer(limits: limits) { port in
            try await blocking {
                var noise = Noise(seed: 7)
                for round in 0..<300 {
                    let connection = try RawConnection(port: port)
                    var bytes = Array(
                        "POST /a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n".utf8)
                    if round % 2 == 0 {
                        bytes = (0..<300).map { _ in UInt8.random(in: 0...255, using: &noise) }
                    }
                    for _ in 0..<Int.random(in: 0..<6, using: &noise) {
                        bytes[Int.random(in: 0..<bytes.count, using: &noise)] = .random(
                            in: 0...255, using: &noise)
                    }
                    connection.send(bytes)
                    // Some are left before the answer, some after a part of it.
                    var piece = [UInt8](repeating: 0, count: 40)
                    if round % 3 == 0 { connection.finishSending() }
                    if round % 10 == 0 { _ = recv(connection.socket, &piece, piece.count, 0) }
                }
            }
            let reply = try await answer(
                to: "GET /after HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", port: port)
            #expect(reply.hasSuffix("GET after "))
        }
    }
}
