import Foundation
import HTTP
import Inquiry
import Memory
import Testing

@testable import Reviewing

@Suite struct WebChangeTests {
    private func withItem(
        raters: Int = 1,
        _ body: (_ web: WebFixture, _ id: String) async throws -> Void
    ) async throws {
        let web = try WebFixture()
        let id = try await web.queue.submit(ReviewSample.request(1, raters: raters))
        try await body(web, id)
        _ = try await web.queue.verify()
        await web.server.stop()
    }

    @Test func decidesAndTakesBack() async throws {
        try await withItem { web, id in
            let act = try await web.act("approve", on: id, #","rating":4"#, nonce: "n1")
            let first = try await web.post("/api/items/\(id)/act", act)
            #expect(first.status == 200)
            #expect(first.state == "approved")
            // The same act again, as after a reply that was lost.
            #expect(try await web.post("/api/items/\(id)/act", act).state == "approved")
            #expect(try await web.queue.verify().decisions == 1)
            let undone = try await web.post("/api/items/\(id)/undo", "{}")
            #expect(undone.state == "pending")
            #expect(try await web.post("/api/items/\(id)/undo", "{}").status == 409)
        }
    }

    @Test func keepsReasonRatingTimeAndEdit() async throws {
        try await withItem { web, id in
            let edit = try await web.act(
                "edit", on: id,
                #","text":"fires on rain","reason":"wider\n","rating":2,"seconds":2.5"#)
            #expect(try await web.post("/api/items/\(id)/act", edit).state == "edited")
            let reply = try await web.get("/api/items/\(id)")
            let decision = reply.json?["revealed"]?["votes"]?.array?.first?["decision"]
            #expect(decision?["edit"]?["text"]?.string == "fires on rain")
            #expect(decision?["reason"]?.string == "wider\n")
            #expect(decision?["rating"]?.integer == 2)
            #expect(decision?["seconds"]?.number == 2.5)
        }
    }

    @Test func saysWhyNot() async throws {
        try await withItem { web, id in
            let path = "/api/items/\(id)/act"
            #expect(try await web.post(path, web.act("reject", on: id)).status == 422)
            #expect(try await web.post(path, web.act("edit", on: id)).status == 422)
            let long = String(repeating: "x", count: ReviewQueue.reasonLimit + 1)
            #expect(
                try await web.post(path, web.act("defer", on: id, #","reason":"\#(long)""#)).status
                    == 422)
            let stale = try await web.act("approve", on: id)
            try await web.queue.submit(ReviewSample.request(1, claim: "another claim"))
            let reply = try await web.post(path, stale)
            #expect(reply.status == 409)
            #expect(reply.error == "\(ReviewError.stale)")
            _ = try await web.post(path, web.act("approve", on: id))
            let late = try await web.post(path, web.act("approve", on: id), rater: "bob")
            #expect(late.status == 409)
            #expect(
                try await web.post("/api/items/e-000000000000/act", stale).status == 404)
        }
    }

    @Test func keepsAnItemForWhoeverLooksAtIt() async throws {
        try await withItem { web, id in
            #expect(try await web.post("/api/items/\(id)/claim", "{}").state == "pending")
            let other = try await web.post("/api/items/\(id)/claim", "{}", rater: "bob")
            #expect(other.status == 409)
            #expect(try await web.post("/api/items/\(id)/release", "{}").status == 200)
            #expect(
                try await web.post("/api/items/\(id)/claim", "{}", rater: "bob").status == 200)
            #expect(try await web.post("/api/items/\(id)/claim", #"{"verb":"x"}"#).status == 422)
            #expect(
                try await web.post("/api/items/e-000000000000/release", "{}").status == 404)
        }
    }

    @Test func showsVerdictAndVotes_onlyToThoseWhoHaveDecided() async throws {
        try await withItem(raters: 2) { web, id in
            let act = try await web.act("approve", on: id)
            #expect(try await web.post("/api/items/\(id)/act", act).status == 200)
            let mine = try await web.get("/api/items/\(id)")
            #expect(mine.text.contains("rule inducer"))
            for path in ["/api/items/\(id)", "/api/items", "/items/\(id)", "/"] {
                let theirs = try await web.get(path, rater: "bob")
                #expect(!theirs.text.contains("rule inducer"), "\(path)")
                #expect(!theirs.text.contains("supported"), "\(path)")
                #expect(!theirs.text.contains(#""ann""#), "\(path)")
            }
        }
    }

    @Test func pagesThroughTheQueue() async throws {
        let web = try WebFixture()
        for number in 1...7 { try await web.queue.submit(ReviewSample.request(number)) }
        let first = try await web.get("/api/items?limit=4")
        let second = try await web.get("/api/items?limit=4&offset=4")
        #expect(first.json?["total"]?.integer == 7)
        let ids = [first, second].flatMap { $0.json?["lines"]?.array ?? [] }
            .compactMap { $0["id"]?.string }
        #expect(Set(ids).count == 7)
        #expect(try await web.get("/api/items?text=number%203").json?["total"]?.integer == 1)
        #expect(try await web.get("/api/items?kind=tool").json?["total"]?.integer == 0)
        await web.server.stop()
    }

    @Test func showsRunsAsTheyGoOn() async throws {
        let web = try WebFixture()
        let run = try await web.store.begin(prefix: "explain", manifest: "{}", now: Date())
        try await web.store.project(
            [
                InquiryRow(
                    name: "latent 7", state: "supported", statement: "the word rain", probes: 3,
                    hypotheses: 2)
            ], run: run.id)
        for path in ["/runs", "/runs/\(run.id)", "/search?q=rain", "/search?q=\(run.id)"] {
            let page = try await web.get(path)
            #expect(page.status == 200)
            #expect(page.text.contains(run.id) || page.text.contains("rain"), "\(path)")
        }
        await web.server.stop()
    }
}
