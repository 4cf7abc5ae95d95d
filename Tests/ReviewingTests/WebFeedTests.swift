import Foundation
import HTTP
import JSON
import Memory
import Testing

@testable import Reviewing

@Suite struct WebFeedTests {
    /// Takes events of a stream until the closure has seen enough.
    private func listen(
        _ web: WebFixture, _ path: String, headers: HTTPHeaders = [:],
        started: @escaping @Sendable () async throws -> Void,
        until isEnough: (ServerSentEvents.Event) -> Bool
    ) async throws {
        var all = headers
        all["Cookie"] = try web.cookie()
        var reader = ServerSentEvents()
        for try await piece in await web.client.stream(
            HTTPRequest(.get, web.origin + path, headers: all))
        {
            switch piece {
            case .head(let head):
                #expect(head.status == 200)
                #expect(head.headers["Content-Type"] == "text/event-stream")
                try await started()
            case .body(let bytes):
                for event in try reader.feed(bytes) where isEnough(event) { return }
            }
        }
        Issue.record("the stream ended early")
    }

    private func items(_ event: ServerSentEvents.Event) -> [String] {
        let data = try? JSONValue(parsing: event.data)
        return data?["items"]?.array?.compactMap(\.string) ?? []
    }

    @Test func tellsWhatAnotherProgramChanges() async throws {
        let web = try WebFixture()
        let other = ReviewQueue(store: try web.otherStore())
        let id = try await web.queue.submit(ReviewSample.request(1))
        let hash = try await web.queue.sheet(of: id, rater: "x").contentHash
        try await listen(web, "/events") {
            try await other.act(.init(.approve, contentHash: hash), on: id, rater: "zoe")
        } until: { event in
            #expect(event.event == "change")
            #expect(items(event) == [id])
            #expect(event.id == "2")
            return true
        }
        await web.server.stop()
    }

    @Test func tellsWhatWasMissed() async throws {
        let web = try WebFixture()
        var ids: [String] = []
        for number in 1...5 { ids.append(try await web.queue.submit(ReviewSample.request(number))) }
        try await listen(web, "/events?after=2") {
        } until: { event in
            #expect(items(event) == Array(ids[2...]))
            return true
        }
        // What the browser says it knows counts more than the page's address.
        try await listen(web, "/events?after=0", headers: ["Last-Event-ID": "4"]) {
        } until: { event in
            #expect(items(event) == [ids[4]])
            return true
        }
        await web.server.stop()
    }

    @Test func tellsOfEveryChange_toEverybody() async throws {
        let web = try WebFixture()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    var seen: Set<String> = []
                    try await listen(web, "/events?after=0") {
                    } until: { event in
                        seen.formUnion(items(event))
                        return seen.count == 30
                    }
                }
            }
            for number in 1...30 { try await web.queue.submit(ReviewSample.request(number)) }
            try await group.waitForAll()
        }
        await web.server.stop()
    }

    @Test func tellsThatARunGoesOn() async throws {
        let web = try WebFixture()
        let store = try web.otherStore()
        let run = try await store.begin(prefix: "explain", manifest: "{}", now: Date())
        try await listen(web, "/events") {
            try await store.append(
                kind: "began", body: "{}", run: run.id, inquiry: "latent 1", sequence: 0)
        } until: { event in
            #expect(event.event == "run")
            let data = try? JSONValue(parsing: event.data)
            #expect(data?["run"]?.string == run.id)
            return true
        }
        await web.server.stop()
    }

    @Test func readsNoMoreOfAJournalThanItsEnds() async throws {
        let web = try WebFixture()
        let run = try await web.store.begin(prefix: "explain", manifest: "{}", now: Date())
        #expect(try await web.store.journalLengths(run: run.id).isEmpty)
        for (inquiry, length) in [("latent 1", 3), ("latent 2", 1), ("shuffled 1", 2)] {
            for sequence in 0..<length {
                try await web.store.append(
                    kind: "began", body: "{}", run: run.id, inquiry: inquiry, sequence: sequence)
            }
        }
        #expect(
            try await web.store.journalLengths(run: run.id)
                == ["latent 1": 3, "latent 2": 1, "shuffled 1": 2])
        #expect(try await web.store.growth() == [run.id: "running 3 6"])
        await web.server.stop()
    }
}
