import Foundation
import Testing

@testable import Memory

@Suite struct StoreModelCallsTests {
    private let key = Data(repeating: 7, count: 32)
    private let reserved = CallCounts(calls: 1, inputTokens: 900, outputTokens: 100, money: 5_000)
    private let spent = CallCounts(calls: 1, inputTokens: 400, outputTokens: 60, money: 2_000)

    private func row(_ reply: String) -> ModelReplyRow {
        ModelReplyRow(key: key, model: "m", request: "{}", reply: reply, cost: 2_000)
    }

    private func open(_ store: Store, role: String = "proposer") async throws -> Int64 {
        try await store.openAttempt(
            run: "r", inquiry: "latent 1", role: role, key: key, model: "m", reserved: reserved)
    }

    private func answer(_ store: Store, _ id: Int64, _ reply: String) async throws {
        try await store.close([
            ClosedAttempt(id: id, spent: spent, result: .answered(row(reply)))
        ])
    }

    private func fail(
        _ store: Store, _ id: Int64, _ spent: CallCounts, _ kind: String
    ) async throws {
        try await store.close([
            ClosedAttempt(id: id, spent: spent, result: .failed(kind, reason: "x"))
        ])
    }

    @Test func countsACallThatWasBrokenOff_asWhatItReserved() async throws {
        let scratch = try Scratch()
        let path = scratch.path("memory.sqlite")
        do {
            let store = try Store(path: path)
            _ = try await open(store)
            let answered = try await open(store)
            try await answer(store, answered, "one")
            let failed = try await open(store)
            try await fail(
                store, failed, CallCounts(calls: 1, inputTokens: 0, outputTokens: 0, money: 0),
                "rateLimited")
        }
        // As after a kill: opened anew.
        let attempts = try await Store(path: path).attempts(of: "r")
        #expect(
            attempts == [
                RoleAttempts(
                    role: "proposer", answered: 1, failed: 1, open: 1,
                    spent: CallCounts(
                        calls: 3, inputTokens: 1_300, outputTokens: 160, money: 7_000))
            ])
    }

    @Test func keepsTheFirstReply_andClosesAnAttemptOnce() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let first = try await open(store)
        let second = try await open(store)
        try await answer(store, first, "one")
        try await answer(store, second, "two")
        try await fail(store, first, reserved, "lost")
        #expect(try await store.modelReply(key: key)?.reply == "one")
        #expect(try await store.modelReply(key: Data([1])) == nil)
        let attempts = try await store.attempts(of: "r")
        #expect(attempts.first?.answered == 2)
        #expect(attempts.first?.spent.inputTokens == 800)
    }

    @Test func listsEachReplyThatARunRead_once() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        try await store.keep(row("one"))
        for inquiry in ["latent 2", "latent 1", "latent 1"] {
            try await store.noteModelUse(run: "r", inquiry: inquiry, role: "proposer", key: key)
        }
        try await store.noteModelUse(run: "r", inquiry: "latent 1", role: "refiner", key: key)
        try await store.noteModelUse(run: "other", inquiry: "x", role: "judge", key: key)
        let read = try await store.modelReplies(readBy: "r")
        #expect(read.map(\.role) == ["proposer", "refiner"])
        #expect(read.allSatisfy { $0.reply.reply == "one" })
    }

    @Test func givesWhatWasSentBeforeARunHadAName_toIt() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let probe = try await store.openAttempt(
            run: "before-1", inquiry: "p", role: "probe", key: key, model: "m", reserved: reserved)
        try await answer(store, probe, "one")
        try await store.noteModelUse(run: "before-1", inquiry: "p", role: "probe", key: key)
        try await store.adoptAttempts(from: "before-1", run: "r")
        #expect(try await store.attempts(of: "before-1").isEmpty)
        #expect(try await store.attempts(of: "r").map(\.role) == ["probe"])
        // The probe is no part of the study: another run of it need not probe.
        #expect(try await store.modelReplies(readBy: "r").isEmpty)
    }
}
