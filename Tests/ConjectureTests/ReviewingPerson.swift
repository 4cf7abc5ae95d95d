import Foundation
import Inquiry
import Memory
import Reviewing

/// A person who decides on the items of a memory, for tests.
struct ReviewingPerson {
    let name: String
    let queue: ReviewQueue
    let store: Store

    init(_ scratch: Scratch, name: String = "ann", memory: String = "memory.sqlite") throws {
        self.name = name
        store = try Store(path: scratch.path(memory))
        queue = ReviewQueue(store: store)
    }

    func items(_ kind: ApprovalKind? = nil) async throws -> [ReviewLine] {
        try await queue.page(ReviewFilter(part: .open, kind: kind), rater: name, limit: 1_000).lines
    }

    /// Waits until so many items are open.
    func items(atLeast count: Int) async throws -> [ReviewLine] {
        while true {
            let lines = try await items()
            if lines.count >= count { return lines }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func sheet(_ line: ReviewLine) async throws -> ReviewSheet {
        try await queue.sheet(of: line.id, rater: name)
    }

    func decide(
        _ verb: ReviewVerb, _ line: ReviewLine, reason: String? = nil, text: String? = nil
    ) async throws {
        let hash = try await sheet(line).contentHash
        try await queue.act(
            .init(verb, contentHash: hash, reason: reason, text: text), on: line.id, rater: name)
    }

    func approve(_ lines: [ReviewLine]) async throws {
        for line in lines { try await decide(.approve, line) }
    }

    /// Events of a run's inquiry.
    func events(_ run: String, _ inquiry: String) async throws -> [InquiryEvent] {
        try await StoredJournal(store: store, run: run).events(of: inquiry)
    }
}
