import Foundation
import HTTP
import ScriptedServer
import Testing

@Suite struct StreamTests {
    private let client: HTTPClient

    init() throws { client = try directClient() }

    @Test func handsOutTheHeadFirst_andThenTheBody() async throws {
        let server = try ScriptedServer { _ in
            .chunks([(0, "a"), (0.05, "b"), (0.05, "c")], status: 201)
        }
        var text = ""
        for try await event in await client.stream(HTTPRequest(.get, server.url)) {
            switch event {
            case .head(let head):
                #expect(text.isEmpty)
                #expect(head.status == 201 && head.headers["CONTENT-type"] == "text/event-stream")
            case .body(let bytes): text += String(decoding: bytes, as: UTF8.self)
            }
        }
        #expect(text == "abc")
    }

    @Test func handsOutWhatHasCome_whileTheReplyIsUnderWay() async throws {
        let server = try ScriptedServer { _ in .chunks([(0, "a"), (0.1, "b"), (60, "c")]) }
        let start = ContinuousClock.now
        var text = ""
        for try await case .body(let bytes) in await client.stream(HTTPRequest(.get, server.url)) {
            text += String(decoding: bytes, as: UTF8.self)
            if text == "ab" { break }
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func throwsWhatEndsAReplyEarly() async throws {
        let server = try ScriptedServer { _ in .truncated("1234", total: 9) }
        var text = ""
        do throws(HTTPError) {
            for try await event in await client.stream(HTTPRequest(.get, server.url)) {
                if case .body(let bytes) = event { text += String(decoding: bytes, as: UTF8.self) }
            }
            Issue.record("the stream ended as if it were whole")
        } catch {
            #expect(error == .closed(address: server.url + "/", received: 4, expected: 9))
        }
        #expect(text == "1234")
    }

    @Test func boundsTheWholeBody() async throws {
        let server = try ScriptedServer { _ in .chunks((0..<100).map { _ in (0, "0123456789") }) }
        let request = HTTPRequest(.get, server.url, replyLimit: 500)
        await #expect(throws: HTTPError.replyTooLarge(address: server.url + "/", limit: 500)) {
            for try await _ in await client.stream(request) {}
        }
    }

    @Test func throwsWhatKeepsItFromStarting() async throws {
        await #expect(throws: HTTPError.self) {
            for try await _ in await client.stream(HTTPRequest(.get, "gopher://x")) {}
        }
    }

    @Test func stops_whenItsReaderLeaves() async throws {
        let server = try ScriptedServer { _ in .chunks((0..<1_000).map { _ in (0.05, "x") }) }
        for try await event in await client.stream(HTTPRequest(.get, server.url)) {
            if case .body = event { break }
        }
        try await eventually("the connection is closed") { server.openConnectionCount == 0 }
    }

    @Test func stops_whenItIsNeverRead() async throws {
        let server = try ScriptedServer { _ in .hang }
        var stream: HTTPEventStream? = await client.stream(HTTPRequest(.get, server.url))
        try await eventually("the request arrives") { server.requests.count == 1 }
        #expect(stream != nil)
        stream = nil
        try await eventually("the connection is closed") { server.openConnectionCount == 0 }
    }

    @Test func throwsCancelled_whenItsTaskIs() async throws {
        let server = try ScriptedServer { _ in .chunks((0..<1_000).map { _ in (0.05, "x") }) }
        let task = Task {
            for try await _ in await client.stream(HTTPRequest(.get, server.url)) {}
        }
        try await eventually("the request arrives") { server.requests.count == 1 }
        task.cancel()
        await #expect(throws: HTTPError.cancelled) { try await task.value }
        try await eventually("the connection is closed") { server.openConnectionCount == 0 }
    }

    @Test func keepsManyStreamsApart() async throws {
        let server = try ScriptedServer { request in
            .chunks((0..<20).map { (0.005, "\(request.text)-\($0) ") })
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let request = HTTPRequest(.post, server.url, body: Array("\(number)".utf8))
                    var text = ""
                    for try await case .body(let bytes) in await client.stream(request) {
                        text += String(decoding: bytes, as: UTF8.self)
                    }
                    #expect(text == (0..<20).map { "\(number)-\($0) " }.joined())
                }
            }
            try await group.waitForAll()
        }
    }
}
