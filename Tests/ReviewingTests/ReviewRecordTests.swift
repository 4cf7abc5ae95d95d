import Foundation
import Testing

@testable import Reviewing

@Suite struct ReviewRecordTests {
    let memory: SampleMemory
    let queue: ReviewQueue

    init() throws {
        memory = try SampleMemory()
        queue = ReviewQueue(store: memory.store)
    }

    @Test func openItemsKeepTheirSecrets_unlessRevealed() async throws {
        let id = try await queue.submit(
            ReviewSample.request(1, raters: 2), controls: .init(duplicate: 1))
        let hash = try await queue.sheet(of: id, rater: "ann").contentHash
        try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        let blind = try await queue.record(of: id, isRevealed: false)
        #expect(blind.votes == [])
        #expect(blind.hidden == nil)
        let ids = try await queue.ids()
        #expect(ids.count == 2)
        for id in ids {
            #expect(try await queue.record(of: id, isRevealed: false).control == nil)
        }
        #expect(try await queue.record(of: ids[1], isRevealed: true).control?.of == id)
        let open = try await queue.record(of: id, isRevealed: true)
        #expect(open.votes.map(\.rater) == ["ann"])
        #expect(open.hidden?.verdict == "supported")
        try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "bob")
        #expect(try await queue.record(of: id, isRevealed: false).votes.count == 2)
    }

    @Test func csvQuotesAndKeepsFormulasText() async throws {
        let id = try await queue.submit(
            ReviewSample.request(1, claim: "=HYPERLINK(\"x\"), \"y\"\nz"))
        let hash = try await queue.sheet(of: id, rater: "ann").contentHash
        try await queue.act(
            .init(.reject, contentHash: hash, reason: "-1", rating: 2), on: id, rater: "ann")
        let rows = try await queue.record(of: id, isRevealed: false).csvRows
        #expect(rows.hasSuffix("\r\n"))
        #expect(rows.contains("\"'=HYPERLINK(\"\"x\"\"), \"\"y\"\"\nz\""))
        #expect(rows.contains(",reject,2,'-1,"))
        #expect(ReviewRecord.csvHeading.split(separator: ",").count == 20)
    }
}
