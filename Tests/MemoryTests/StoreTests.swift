import Foundation
import GRDB
import Testing

@testable import Memory

@Suite struct StoreTests {
    private let now = Date(timeIntervalSince1970: 0)

    private func begun(_ scratch: Scratch) async throws -> (store: Store, run: String) {
        let store = try Store(path: scratch.path("memory.sqlite"))
        let run = try await store.begin(prefix: "explain", manifest: "{}", now: now)
        return (store, run.id)
    }

    @Test func keepsWhatWasAppended_afterReopening() async throws {
        let scratch = try Scratch()
        let (store, run) = try await begun(scratch)
        for sequence in 0..<3 {
            try await store.append(
                kind: "k\(sequence)", body: "{\"n\":\(sequence)}", run: run, inquiry: "latent 1",
                sequence: sequence)
        }
        let again = try Store(path: scratch.path("memory.sqlite"))
        let rows = try await again.journal(run: run, inquiry: "latent 1")
        #expect(rows.map(\.kind) == ["k0", "k1", "k2"])
        try await again.verifyChain(run: run)
    }

    @Test func usesWriteAheadLogging() async throws {
        let (store, _) = try await begun(try Scratch())
        let mode = try await store.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        #expect(mode == "wal")
    }

    @Test(arguments: [
        "UPDATE journal SET body = '{\"n\":9}' WHERE sequence = 1",
        "UPDATE journal SET kind = 'other' WHERE sequence = 0",
        "UPDATE journal SET hash = 'beef' WHERE sequence = 2",
        "DELETE FROM journal WHERE sequence = 1",
        "UPDATE journal SET inquiry = 'latent 2' WHERE sequence = 2",
        "UPDATE run SET manifest = '{\"seed\":2}'",
    ])
    func findsWhatWasAlteredByHand(_ sql: String) async throws {
        let scratch = try Scratch()
        let (store, run) = try await begun(scratch)
        for sequence in 0..<3 {
            try await store.append(
                kind: "k", body: "{\"n\":\(sequence)}", run: run, inquiry: "latent 1",
                sequence: sequence)
        }
        try await store.verifyChain(run: run)
        try await store.write { try $0.execute(sql: sql) }
        await #expect(throws: MemoryError.self) { try await store.verifyChain(run: run) }
    }

    @Test func refusesASequenceThatIsTakenOrSkipsOne() async throws {
        let (store, run) = try await begun(try Scratch())
        try await store.append(kind: "k", body: "{}", run: run, inquiry: "a", sequence: 0)
        for wrong in [0, 2] {
            await #expect(
                throws: MemoryError.sequenceTaken(run: run, inquiry: "a", sequence: wrong)
            ) {
                try await store.append(
                    kind: "k", body: "{}", run: run, inquiry: "a", sequence: wrong)
            }
        }
    }

    @Test func numbersRunsOfTheSameManifest() async throws {
        let (store, first) = try await begun(try Scratch())
        let second = try await store.begin(prefix: "explain", manifest: "{}", now: now)
        #expect(second.id == first + "-2")
        #expect(try await store.runs().count == 2)
    }

    @Test func storesAMeasurementOnce() async throws {
        let (store, run) = try await begun(try Scratch())
        let item = (key: Data([1, 2]), body: Data([3]))
        try await store.record([item], run: run)
        await #expect(throws: MemoryError.measuredTwice(count: 1)) {
            try await store.record([item, (key: Data([4]), body: Data([5]))], run: run)
        }
        let found = try await store.measurements(keys: [Data([1, 2]), Data([4])])
        #expect(found == [Data([1, 2]): Data([3])], "a refused batch leaves nothing behind")
        let counts = try await store.measurementCounts(run: run)
        #expect(counts.asked == 1 && counts.held == 1)
    }

    @Test func findsLessonsByTheirWords() async throws {
        let (store, run) = try await begun(try Scratch())
        for (inquiry, statement) in [
            ("latent 1", "C4 was just flipped"), ("latent 2", "D3 holds the opponent's disc"),
        ] {
            try await store.keep(
                Lesson(
                    run: run, inquiry: inquiry, scope: "s", corpus: "x", status: "supported",
                    formula: "f", statement: statement, score: 0.9, evidence: "e"))
        }
        #expect(try await store.search("flipping C4", limit: 5).map(\.inquiry) == ["latent 1"])
        #expect(try await store.search("opponent", limit: 5).map(\.inquiry) == ["latent 2"])
        #expect(try await store.search("corner", limit: 5).isEmpty)
        await #expect(throws: MemoryError.badSearch(query: "\"*")) {
            _ = try await store.search("\"*", limit: 5)
        }
    }

    @Test func doesNotHandOutLessonsOnTheDataThatTaughtThem() async throws {
        let (store, run) = try await begun(try Scratch())
        try await store.keep(
            Lesson(
                run: run, inquiry: "latent 1", scope: "s", corpus: "mine", status: "supported",
                formula: "f", statement: "t", score: nil, evidence: "e"))
        #expect(try await store.lessons(scope: "s", exceptCorpus: "mine").isEmpty)
        #expect(try await store.lessons(scope: "s", exceptCorpus: "other").count == 1)
        #expect(try await store.lessons(scope: "elsewhere", exceptCorpus: "other").isEmpty)
    }
}
