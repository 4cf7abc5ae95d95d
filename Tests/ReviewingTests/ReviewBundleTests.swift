import Foundation
import Inquiry
import JSON
import Testing

@testable import Reviewing

@Suite struct ReviewBundleTests {
    let memory: SampleMemory
    let queue: ReviewQueue
    let folder: URL

    init() throws {
        memory = try SampleMemory()
        queue = ReviewQueue(store: memory.store)
        folder = memory.folder.appendingPathComponent("bundle")
    }

    private func decide(_ number: Int, by rater: String, raters: Int = 1) async throws -> String {
        let id = try await queue.submit(ReviewSample.request(number, raters: raters))
        let hash = try await queue.sheet(of: id, rater: rater).contentHash
        try await queue.act(
            .init(.reject, contentHash: hash, reason: "far too broad"), on: id, rater: rater)
        return id
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    @Test func holdsEveryItem_andLeadsNowhereElse() async throws {
        let settled = try await decide(1, by: "ben")
        let open = try await queue.submit(ReviewSample.request(2))
        let summary = try await ReviewBundle.write(queue, to: folder)
        #expect(summary.items == 2)
        for name in ["index.html", "items/\(settled).html", "items/\(open).html"] {
            let page = try text(name)
            #expect(!page.contains("<script") && !page.contains("review-token"))
            #expect(!page.contains("data-does=\"approve\"") && !page.contains("href=\"/"))
            for link in page.matches(of: /(?:href|src)="([^"#]+)"/) where link.1 != "data:," {
                let target = folder.appendingPathComponent(name).deletingLastPathComponent()
                    .appendingPathComponent(String(link.1)).standardizedFileURL
                let isRun = target.path.contains("/runs/explain-")
                #expect(isRun || FileManager.default.fileExists(atPath: target.path), "\(link.1)")
            }
        }
        #expect(try text("items/\(settled).html").contains("far too broad"))
    }

    @Test func keepsHiddenWhatIsOpen_unlessItIsToBeRevealed() async throws {
        let id = try await decide(1, by: "ben", raters: 2)
        try await ReviewBundle.write(queue, to: folder)
        #expect(try !text("items/\(id).html").contains("far too broad"))
        #expect(try !text("items/\(id).html").contains("rule inducer"))
        let audit = try text("audit.jsonl")
        #expect(!audit.contains("far too broad") && !audit.contains("ben"))
        #expect(audit.split(separator: "\n").count == 2)

        try FileManager.default.removeItem(at: folder)
        try await ReviewBundle.write(queue, to: folder, reveals: true)
        #expect(try text("items/\(id).html").contains("far too broad"))
        #expect(try text("audit.jsonl").contains("far too broad"))

        try FileManager.default.removeItem(at: folder)
        try await ReviewBundle.write(queue, to: folder, rater: "ben")
        #expect(try text("items/\(id).html").contains("rule inducer"))
    }

    @Test func auditOfTheBundleIsTheAudit() async throws {
        _ = try await decide(1, by: "ben")
        _ = try await decide(2, by: "ann")
        try await ReviewBundle.write(queue, to: folder)
        let head = try await queue.verify().head
        let last = try #require(text("audit.jsonl").split(separator: "\n").last)
        #expect(try JSONValue(parsing: String(last))["hash"]?.string == head)
    }

    @Test func writesOverNothing() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data().write(to: folder.appendingPathComponent("mine.txt"))
        await #expect(throws: ReviewBundleError.folderNotEmpty(folder.path)) {
            try await ReviewBundle.write(queue, to: folder)
        }
    }
}
