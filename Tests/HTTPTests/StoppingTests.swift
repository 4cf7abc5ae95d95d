import Foundation
import HTTP
import ScriptedServer
import Testing

@Suite struct StoppingTests {
    @Test func cancellingATaskStopsItsTransfer() async throws {
        let server = try ScriptedServer { _ in .hang }
        let client = try directClient()
        let task = Task { try await failure(of: HTTPRequest(.post, server.url), with: client) }
        try await eventually("the request arrives") { server.requests.count == 1 }
        task.cancel()
        #expect(try await task.value == .cancelled)
        try await eventually("the connection is closed") { server.openConnectionCount == 0 }
    }

    @Test func sendsNothingForACancelledTask() async throws {
        let server = try ScriptedServer { _ in .text("") }
        let client = try directClient()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await failure(of: HTTPRequest(.post, server.url), with: client)
        }
        #expect(try await task.value == .cancelled)
        #expect(server.requests.isEmpty)
    }

    @Test func survivesCancellationAtAnyMoment() async throws {
        let server = try ScriptedServer { _ in .text("ok", delay: 0.002) }
        let client = try directClient()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<400 {
                group.addTask {
                    let task = Task { try await client.send(HTTPRequest(.get, server.url)) }
                    try? await Task.sleep(for: .microseconds(number * 37 % 5_000))
                    task.cancel()
                    let result = await task.result
                    if case .failure(let error) = result {
                        #expect(error as? HTTPError == .cancelled)
                    }
                }
            }
        }
        #expect(try await client.send(HTTPRequest(.get, server.url)).text == "ok")
    }

    @Test func shuttingDownEndsEveryRequestAsCancelled() async throws {
        let server = try ScriptedServer { _ in .hang }
        let client = try directClient()
        let sending = (0..<8).map { _ in
            Task { try await failure(of: HTTPRequest(.post, server.url), with: client) }
        }
        let streaming = Task {
            for try await _ in await client.stream(HTTPRequest(.post, server.url)) {}
        }
        try await eventually("the requests arrive") { server.requests.count == 9 }
        client.shutDown()
        for task in sending { #expect(try await task.value == .cancelled) }
        await #expect(throws: HTTPError.cancelled) { try await streaming.value }
        #expect(
            try await failure(of: HTTPRequest(.get, server.url), with: client) == .cancelled)
        try await eventually("the connections are closed") { server.openConnectionCount == 0 }
    }

    @Test func endsItsThread_whenItIsReleased() async throws {
        await #expect(processExitsWith: .success) {
            let server = try ScriptedServer { _ in .text("ok") }
            var clients: [HTTPClient] = []
            for _ in 0..<50 {
                let client = try directClient()
                #expect(try await client.send(HTTPRequest(.get, server.url)).text == "ok")
                clients.append(client)
            }
            #expect(clientThreadCount() == 50)
            clients = []
            try await eventually("every thread ends") { clientThreadCount() == 0 }
            try await eventually("every connection is closed") { server.openConnectionCount == 0 }
        }
    }

    @Test func livesAsLongAsItsRequests() async throws {
        let server = try ScriptedServer { _ in .chunks([(0.1, "a"), (0.1, "b")]) }
        let stream = try await directClient().stream(HTTPRequest(.get, server.url))
        var text = ""
        for try await case .body(let bytes) in stream {
            text += String(decoding: bytes, as: UTF8.self)
        }
        #expect(text == "ab")
    }

    @Test func usesNoProcessorTime_whileItWaits() async throws {
        await #expect(processExitsWith: .success) {
            let server = try ScriptedServer { _ in .hang }
            let client = try directClient()
            let task = Task { try await client.send(HTTPRequest(.get, server.url)) }
            try await eventually("the request arrives") { server.requests.count == 1 }
            let before = clock()
            try await Task.sleep(for: .seconds(1))
            // Microseconds. A loop that does not sleep would use the whole second.
            #expect(clock() - before < 200_000)
            task.cancel()
        }
    }
}
