import Foundation
import HTTP
import JSON
import Memory
import Testing

@testable import Reviewing

/// Many people at once: what each was told happened did happen, and nothing else.
@Suite struct WebRatersTests {
    @Test func losesNothing_whenManyDecideAtOnce() async throws {
        let raters = (1...20).map { "rater-\($0)" }
        let web = try WebFixture(raters: raters)
        for number in 1...200 { try await web.queue.submit(ReviewSample.request(number)) }
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for rater in raters {
                group.addTask {
                    let listening = Task { try await heard(web, rater) }
                    let decided = try await decide(web, as: rater)
                    listening.cancel()
                    return decided
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        // Each item was decided once, by whoever was told so.
        #expect(counts.reduce(0, +) == 200)
        let summary = try await web.queue.verify()
        #expect(summary.items == 200)
        #expect(summary.decisions == 200)
        let counted = try await web.queue.counts()
        #expect(counted[.approved, default: 0] + counted[.rejected, default: 0] == 200)
        await web.server.stop()
    }

    /// Decides what is open until nothing is.
    ///
    /// - Returns: how often that was carried out.
    private func decide(_ web: WebFixture, as rater: String) async throws -> Int {
        var decided = 0
        while true {
            let page = try await web.get("/api/items?limit=10", rater: rater)
            let ids = (page.json?["lines"]?.array ?? []).compactMap { $0["id"]?.string }
            if ids.isEmpty { return decided }
            for id in ids {
                let item = try await web.get("/api/items/\(id)", rater: rater).json
                guard let hash = item?["contentHash"]?.string, let nonce = item?["nonce"]?.string
                else { continue }
                let verb = decided % 3 == 0 ? #""reject","reason":"no""# : #""approve""#
                let reply = try await web.post(
                    "/api/items/\(id)/act",
                    #"{"verb":\#(verb),"contentHash":"\#(hash)","nonce":"\#(nonce)"}"#,
                    rater: rater)
                #expect([200, 409].contains(reply.status))
                if reply.status == 200 { decided += 1 }
            }
        }
    }

    private func heard(_ web: WebFixture, _ rater: String) async throws {
        let events = await web.client.stream(
            HTTPRequest(.get, web.origin + "/events", headers: ["Cookie": try web.cookie(rater)]))
        for try await _ in events {}
    }
}
