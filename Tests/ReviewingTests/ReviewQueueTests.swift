import Foundation
import GRDB
import Inquiry
import LinearAlgebra
import Memory
import Testing

@testable import Reviewing

@Suite struct ReviewQueueTests {
    let memory: SampleMemory
    let queue: ReviewQueue

    init() throws {
        memory = try SampleMemory()
        queue = ReviewQueue(store: memory.store)
    }

    private func submit(_ request: ApprovalRequest) async throws -> (id: String, hash: String) {
        let id = try await queue.submit(request)
        return (id, try await queue.sheet(of: id, rater: "ann").contentHash)
    }

    private func answer(_ request: ApprovalRequest) async throws -> ApprovalAnswer? {
        try await queue.answer(to: request, run: "explain-1a2b3c4d")
    }

    @Test func sameQuestionIsAskedOnce() async throws {
        let first = try await queue.submit(ReviewSample.request(1))
        let again = try await queue.submit(ReviewSample.request(1))
        #expect(first == again)
        #expect(try await queue.page(ReviewFilter(), rater: "ann").total == 1)
    }

    @Test func answerIsGivenOnceThereIsOne_andStays() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1))
        let run = "explain-1a2b3c4d"
        #expect(try await queue.answer(to: ReviewSample.request(1), run: run) == nil)
        try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        let answer = try await queue.answer(to: ReviewSample.request(1), run: run)
        #expect(answer?.outcome == .approved)
        #expect(answer?.by == ["ann"])
        await #expect(throws: ReviewError.actedUpon) { try await queue.undo(id, rater: "ann") }
        #expect(try await queue.answer(to: ReviewSample.request(1), run: run) == answer)
    }

    @Test func staleDecisionIsRefused() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1))
        try await queue.submit(ReviewSample.request(1, claim: "something else"))
        await #expect(throws: ReviewError.stale) {
            try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        }
        #expect(try await queue.page(ReviewFilter(), rater: "ann").total == 1)
    }

    @Test func revisionUndoesWhatWasDecidedOnTheEarlierSheet() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1))
        try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        try await queue.submit(ReviewSample.request(1, claim: "something else"))
        #expect(try await queue.sheet(of: id, rater: "ann").line.state == .pending)
        #expect(try await answer(ReviewSample.request(1, claim: "something else")) == nil)
        await #expect(throws: ReviewError.askedOtherwise("latent 1/explanation")) {
            try await answer(ReviewSample.request(1))
        }
    }

    @Test func sameActTwiceCountsOnce() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1, raters: 2))
        let act = ReviewQueue.Act(.approve, contentHash: hash)
        try await queue.act(act, on: id, rater: "ann")
        #expect(try await queue.act(act, on: id, rater: "ann") == .pending)
        #expect(try await queue.verify().decisions == 1)
    }

    @Test func rejectionNeedsAReason_andEditsMustDiffer() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1))
        await #expect(throws: ReviewError.reasonMissing) {
            try await queue.act(.init(.reject, contentHash: hash, reason: " "), on: id, rater: "a")
        }
        await #expect(throws: ReviewError.editMissing) {
            try await queue.act(
                .init(.edit, contentHash: hash, text: "fires on word number 1"), on: id, rater: "a")
        }
        try await queue.act(.init(.edit, contentHash: hash, text: "rain"), on: id, rater: "a")
        let vote = try #require(
            try await queue.sheet(of: id, rater: "a").revealed?.votes.first?.decision)
        #expect(vote.edit?.original == "fires on word number 1")
        #expect(vote.edit?.diff == ["-fires on word number 1", "+rain"])
        let answer = try await answer(ReviewSample.request(1))
        #expect(answer?.outcome == .edited("rain"))
    }

    @Test func editThatCannotBeUsedIsRefused() async throws {
        struct Unreadable: Error, CustomStringConvertible { let description = "no such word" }
        let queue = ReviewQueue(store: memory.store, check: { _, _ in throw Unreadable() })
        let (id, hash) = try await submit(ReviewSample.request(1))
        await #expect(throws: ReviewError.editRefused(reason: "no such word")) {
            try await queue.act(.init(.edit, contentHash: hash, text: "x"), on: id, rater: "ann")
        }
    }

    @Test func raterSeesNoVerdictAndNoVotes_untilTheyHaveDecided() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1, raters: 2))
        try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        #expect(try await queue.sheet(of: id, rater: "bob").revealed == nil)
        #expect(try await queue.sheet(of: id, rater: "bob").line.state == .pending)
        #expect(try await queue.sheet(of: id, rater: "ann").revealed?.hidden.verdict == "supported")
        try await queue.act(
            .init(.reject, contentHash: hash, reason: "no"), on: id, rater: "bob")
        #expect(try await queue.sheet(of: id, rater: "bob").revealed?.votes.count == 2)
    }

    @Test func disagreementWaitsForAnother() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1, raters: 2))
        try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        let state = try await queue.act(
            .init(.reject, contentHash: hash, reason: "no"), on: id, rater: "bob")
        #expect(state == .escalated)
        await #expect(throws: ReviewError.votedBefore) {
            try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        }
        #expect(
            try await queue.act(
                .init(.reject, contentHash: hash, reason: "vague"), on: id, rater: "cid")
                == .rejected)
        let answer = try await answer(ReviewSample.request(1))
        #expect(answer?.outcome == .rejected(reason: "vague"))
        #expect(answer?.by == ["bob", "cid"], "ann was for it")
    }

    @Test func whoAsksForAnotherIsNotAskedAgain() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1))
        try await queue.act(.init(.escalate, contentHash: hash), on: id, rater: "ann")
        #expect(try await queue.page(ReviewFilter(), rater: "ann").total == 0)
        #expect(try await queue.page(ReviewFilter(part: .mine), rater: "ann").total == 1)
        #expect(try await queue.page(ReviewFilter(), rater: "bob").lines.first?.state == .pending)
        await #expect(throws: ReviewError.needsAnother) {
            try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        }
        #expect(try await queue.undo(id, rater: "ann") == .pending)
        #expect(
            try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
                == .approved)
    }

    @Test func decisionAfterUndoIsMarkedAsInformed() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1))
        try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        #expect(try await queue.undo(id, rater: "ann") == .pending)
        try await queue.act(
            .init(.reject, contentHash: hash, reason: "no"), on: id, rater: "ann")
        let vote = try await queue.sheet(of: id, rater: "ann").revealed?.votes.first
        #expect(vote?.decision.isInformed == true)
    }

    @Test func unansweredItemExpires_andIsNotApproved() async throws {
        let begun = Date(timeIntervalSince1970: 1_000_000)
        let early = ReviewQueue(store: memory.store, clock: { begun })
        let id = try await early.submit(ReviewSample.request(1, hours: 1))
        let hash = try await early.sheet(of: id, rater: "ann").contentHash
        let late = ReviewQueue(store: memory.store, clock: { begun.addingTimeInterval(3_601) })
        await #expect(throws: ReviewError.alreadyDecided(.expired)) {
            try await late.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        }
        let answer = try await late.answer(
            to: ReviewSample.request(1, hours: 1), run: "explain-1a2b3c4d")
        #expect(answer?.outcome == .expired)
        #expect(answer?.isApproved == false)
        _ = try await late.verify()
    }

    @Test func claimKeepsOthersOut_untilItRunsOut() async throws {
        let begun = Date(timeIntervalSince1970: 1_000_000)
        let early = ReviewQueue(store: memory.store, claimSeconds: 60, clock: { begun })
        let id = try await early.submit(ReviewSample.request(1))
        let hash = try await early.sheet(of: id, rater: "ann").contentHash
        try await early.claim(id, rater: "ann")
        await #expect(throws: ReviewError.claimedByOthers(until: 1_000_060_000)) {
            try await early.claim(id, rater: "bob")
        }
        await #expect(throws: ReviewError.claimedByOthers(until: 1_000_060_000)) {
            try await early.act(.init(.approve, contentHash: hash), on: id, rater: "bob")
        }
        #expect(try await early.sheet(of: id, rater: "bob").line.state == .claimed)
        let late = ReviewQueue(
            store: memory.store, claimSeconds: 60, clock: { begun.addingTimeInterval(61) })
        try await late.claim(id, rater: "bob")
        #expect(
            try await late.act(.init(.approve, contentHash: hash), on: id, rater: "bob")
                == .approved)
    }

    @Test func plantedItemsLookLikeOthers_andBindNoRun() async throws {
        for number in 1...40 {
            try await queue.submit(
                ReviewSample.request(number), controls: .init(shuffled: 0.5, duplicate: 0.5))
        }
        let page = try await queue.page(ReviewFilter(), rater: "ann", limit: 200)
        #expect(page.total > 60 && page.total <= 120)
        let controls = try await memory.store.readReviews { table in
            try table.numbers(ReviewSelection()).compactMap { try table.item(id: $0.id) }
                .filter(\.isControl)
        }
        for item in controls {
            let sheet = try await queue.sheet(of: item.id, rater: "ann")
            #expect(sheet.line.state == .pending)
            let state = try await queue.act(
                .init(.approve, contentHash: sheet.contentHash), on: item.id, rater: "ann")
            #expect(state == .approved, "as any other")
            #expect(sheet.sheet.lineage.contains { $0.statement == sheet.sheet.claim })
        }
        for number in 1...40 {
            #expect(try await answer(ReviewSample.request(number)) == nil)
        }
        #expect(try await queue.verify().decisions == controls.count)
    }

    @Test func plantedItemsAreClosedWithTheirRun() async throws {
        for number in 1...20 {
            try await queue.submit(
                ReviewSample.request(number), controls: .init(shuffled: 0.5, duplicate: 0.5))
        }
        try await queue.closeControls(run: "explain-1a2b3c4d")
        #expect(try await queue.page(ReviewFilter(), rater: "ann").total == 20)
        _ = try await queue.verify()
    }

    @Test func whoPutsOffCanStillDecideBetweenOthers() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1, raters: 2))
        try await queue.act(.init(.defer, contentHash: hash), on: id, rater: "ann")
        try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "bob")
        try await queue.act(.init(.reject, contentHash: hash, reason: "no"), on: id, rater: "cid")
        #expect(try await queue.sheet(of: id, rater: "ann").line.state == .pending)
        #expect(
            try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
                == .approved)
    }

    @Test func whoDefersLearnsNothingOfOthers() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1, raters: 2))
        try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "bob")
        try await queue.act(.init(.reject, contentHash: hash, reason: "no"), on: id, rater: "cid")
        #expect(
            try await queue.act(.init(.defer, contentHash: hash), on: id, rater: "ann") == .pending)
    }

    @Test func anotherActUnderTheSameNonceIsRefused() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1, raters: 2))
        try await queue.act(
            .init(.approve, contentHash: hash, nonce: "once"), on: id, rater: "ann")
        await #expect(throws: ReviewError.sentBefore(.approve)) {
            try await queue.act(
                .init(.reject, contentHash: hash, reason: "no", nonce: "once"), on: id,
                rater: "ann")
        }
        await #expect(throws: ReviewError.sentBefore(.approve)) {
            try await queue.act(
                .init(.approve, contentHash: hash, nonce: "once"), on: id, rater: "bob")
        }
    }

    @Test func whoDidNotVoteSeesVotesOnlyWhenNobodyCanVoteAnyMore() async throws {
        let (id, hash) = try await submit(ReviewSample.request(1))
        try await queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        #expect(try await queue.sheet(of: id, rater: "bob").revealed == nil)
        _ = try await answer(ReviewSample.request(1))
        #expect(try await queue.sheet(of: id, rater: "bob").revealed != nil)
    }

    @Test func orderIsEachRatersOwn_andPagesDoNotOverlap() async throws {
        for number in 1...60 { try await queue.submit(ReviewSample.request(number)) }
        let ann = try await queue.page(ReviewFilter(), rater: "ann", limit: 60).lines.map(\.id)
        let bob = try await queue.page(ReviewFilter(), rater: "bob", limit: 60).lines.map(\.id)
        #expect(ann != bob)
        #expect(Set(ann) == Set(bob))
        let parts = try await [0, 25, 50].asyncMap {
            try await queue.page(ReviewFilter(), rater: "ann", offset: $0, limit: 25).lines
        }
        #expect(parts.flatMap { $0.map(\.id) } == ann)
    }

    /// Whatever people do, in whatever order, the audit and the projection agree.
    @Test(arguments: 1...12) func auditVerifiesAfterAnyActs(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed, stream: 7)
        var ids: [String] = []
        for number in 1...6 {
            ids.append(
                try await queue.submit(
                    ReviewSample.request(number, raters: 1 + number % 3),
                    controls: .init(shuffled: 0.3, duplicate: 0.3)))
        }
        for step in 0..<120 {
            let id = ids[Int.random(in: 0..<ids.count, using: &generator)]
            let rater = ["ann", "bob", "cid"][Int.random(in: 0..<3, using: &generator)]
            let verb = ReviewVerb.allCases[Int.random(in: 0..<5, using: &generator)]
            do {
                switch Int.random(in: 0..<10, using: &generator) {
                case 0: try await queue.undo(id, rater: rater)
                case 1: try await queue.claim(id, rater: rater)
                case 2:
                    _ = try await answer(ReviewSample.request(step % 6 + 1, raters: 1 + step % 3))
                case 3:
                    try await queue.submit(
                        ReviewSample.request(step % 6 + 1, claim: "claim \(step)"))
                default:
                    let hash = try await queue.sheet(of: id, rater: rater).contentHash
                    try await queue.act(
                        .init(verb, contentHash: hash, reason: "since \(step)", text: "t\(step)"),
                        on: id, rater: rater)
                }
            } catch is ReviewError {}
            if step % 20 == 0 { _ = try await queue.verify() }
        }
        _ = try await queue.verify()
    }

    @Test func anyByteChangedInTheAuditIsFound() async throws {
        for number in 1...4 {
            let (id, hash) = try await submit(ReviewSample.request(number))
            try await queue.act(
                .init(.reject, contentHash: hash, reason: "because"), on: id, rater: "ann")
        }
        _ = try await queue.verify()
        let path = memory.store.path
        let statements = [
            "UPDATE reviewEvent SET body = replace(body, 'because', 'becausf') WHERE sequence = 4",
            "UPDATE reviewEvent SET actor = 'bob' WHERE sequence = 2",
            "UPDATE reviewEvent SET at = at + 1 WHERE sequence = 3",
            "DELETE FROM reviewEvent WHERE sequence = 8",
            "DELETE FROM reviewEvent WHERE sequence = 5",
            "UPDATE reviewItem SET state = 'approved' WHERE number = 2",
            "UPDATE reviewItem SET expiresAt = 5 WHERE number = 2",
            "UPDATE reviewItem SET raters = 2 WHERE number = 3",
            "UPDATE reviewItem SET isControl = 1 WHERE number = 3",
            "UPDATE reviewVote SET decision = 'approve'",
            "UPDATE reviewSheet SET content = content || ' ' WHERE item LIKE 'e-%'",
            "UPDATE reviewSheet SET hidden = replace(hidden, 'supported', 'refuted')",
        ]
        for statement in statements {
            let copy = path + "-copy"
            try? FileManager.default.removeItem(atPath: copy)
            let source = try DatabaseQueue(path: path)
            let target = try DatabaseQueue(path: copy)
            try source.backup(to: target)
            try await target.write { try $0.execute(sql: statement) }
            try target.close()
            let altered = ReviewQueue(store: try Store(path: copy))
            await #expect(throws: ReviewError.self, "\(statement)") { try await altered.verify() }
        }
    }
}

extension Array {
    func asyncMap<T>(_ body: (Element) async throws -> T) async rethrows -> [T] {
        var result: [T] = []
        for element in self { result.append(try await body(element)) }
        return result
    }
}
