import Foundation
import GRDB
import LinearAlgebra
import Memory
import Testing

/// The promise that a user's work is safe: killed anywhere, a run goes on as if nothing had happened.
@Suite(.serialized) struct InterruptionTests {
    private let study = [
        Program.example, "--random", "3", "--games", "900", "--controls", "1", "--seed", "7",
        "--wave", "1",
    ]
    /// Long enough for twenty interruptions.
    private let longStudy = [
        Program.example, "--random", "8", "--games", "900", "--controls", "4", "--seed", "7",
        "--wave", "3",
    ]

    private func explain(
        _ scratch: Scratch, memory: String, _ study: [String]
    ) async throws -> Program.Result {
        try await Program.run(["explain"] + study + ["--memory", memory], in: scratch.folder)
    }

    private func report(_ scratch: Scratch, _ folder: String, _ run: String) throws -> Data {
        try Data(contentsOf: scratch.folder.appendingPathComponent("\(folder)/\(run)/report.html"))
    }

    private func onlyRun(_ scratch: Scratch, _ memory: String) async throws -> String? {
        guard FileManager.default.fileExists(atPath: scratch.path(memory)) else { return nil }
        return try await Store(path: scratch.path(memory)).runs().first?.id
    }

    @Test func twentyKillsChangeNothingAndRepeatNoMeasurement() async throws {
        let scratch = try Scratch()
        let undisturbed = try await explain(scratch, memory: "a/memory.sqlite", longStudy)
        try #require(undisturbed.status == 0, "\(undisturbed.errors)")
        let run = try #require(try await onlyRun(scratch, "a/memory.sqlite"))

        var generator = SeededGenerator(seed: 20)
        var kills = 0
        while kills < 20 {
            let known = try await onlyRun(scratch, "b/memory.sqlite")
            let arguments = known.map { ["resume", $0] } ?? (["explain"] + longStudy)
            let program = try Program.Running(
                arguments + ["--memory", "b/memory.sqlite"], in: scratch.folder)
            let delay = 0.1 + 0.8 * generator.unit()
            try await Task.sleep(for: .seconds(delay))
            guard program.process.isRunning else { break }
            program.signal(SIGKILL)
            _ = try await program.wait()
            kills += 1
        }
        #expect(kills == 20, "the study ended before it was killed often enough")
        let last = try await Program.run(
            ["resume", run, "--memory", "b/memory.sqlite"], in: scratch.folder)
        try #require(last.status == 0, "\(last.errors)")

        #expect(try report(scratch, "a", run) == report(scratch, "b", run))
        let whole = try await Store(path: scratch.path("a/memory.sqlite"))
            .measurementCounts(run: run)
        let killed = try await Store(path: scratch.path("b/memory.sqlite"))
            .measurementCounts(run: run)
        #expect(killed.asked == killed.held, "something was measured twice")
        #expect(killed.held == whole.held)
        #expect(whole.held > 900)
    }

    @Test func theSameSeedGivesTheSameBytes_atAnyConcurrency() async throws {
        let scratch = try Scratch()
        for (folder, extra) in [
            ("one", ["--concurrency", "1", "--threads", "1"]), ("many", ["--concurrency", "4"]),
        ] {
            let result = try await Program.run(
                ["explain"] + study + extra + ["--memory", "\(folder)/memory.sqlite"],
                in: scratch.folder)
            try #require(result.status == 0, "\(result.errors)")
        }
        let again = try await explain(scratch, memory: "one/memory.sqlite", study)
        #expect(again.status == 0)
        let run = try #require(try await onlyRun(scratch, "many/memory.sqlite"))
        let first = try report(scratch, "one", run)
        #expect(try first == report(scratch, "many", run))
        #expect(try first == report(scratch, "one", run + "-2"), "a replication learnt from itself")
    }

    @Test func anInterruptDrainsAndLeavesTheJournalToResume() async throws {
        let scratch = try Scratch()
        let program = try Program.Running(
            ["explain"] + study + ["--memory", "memory.sqlite"], in: scratch.folder)
        while try await onlyRun(scratch, "memory.sqlite") == nil {
            try await Task.sleep(for: .milliseconds(50))
        }
        let run = try #require(try await onlyRun(scratch, "memory.sqlite"))
        let store = try Store(path: scratch.path("memory.sqlite"))
        while try await store.inquiries(run: run).isEmpty {
            try await Task.sleep(for: .milliseconds(50))
        }
        program.signal(SIGINT)
        let result = try await program.wait()
        #expect(result.status == 130)
        #expect(result.errors.contains("conjecture resume \(run)"))
        try await store.verifyChain(run: run)
        let resumed = try await Program.run(
            ["resume", run, "--memory", "memory.sqlite"], in: scratch.folder)
        #expect(resumed.status == 0, "\(resumed.errors)")
    }

    @Test func verifyDoesTheRunAgain_andFindsARowAlteredByHand() async throws {
        let scratch = try Scratch()
        let result = try await explain(scratch, memory: "memory.sqlite", study)
        try #require(result.status == 0, "\(result.errors)")
        let run = try #require(try await onlyRun(scratch, "memory.sqlite"))
        let clean = try await Program.run(
            ["verify", run, "--memory", "memory.sqlite"], in: scratch.folder)
        #expect(clean.status == 0, "\(clean.errors)")
        #expect(clean.output.contains("verified"))

        try await DatabaseQueue(path: scratch.path("memory.sqlite")).write {
            try $0.execute(
                sql: """
                    UPDATE journal SET body = replace(body, '"fires"', '"silent"')
                    WHERE kind = 'registered' AND sequence = (
                        SELECT min(sequence) FROM journal WHERE kind = 'registered')
                    """)
        }
        let altered = try await Program.run(
            ["verify", run, "--memory", "memory.sqlite"], in: scratch.folder)
        #expect(altered.status == 1)
        #expect(altered.errors.contains("does not fit its hash"))
        #expect(altered.errors.split(separator: "\n").count == 1)
    }
}
