import Foundation
import SubjectMaterial
import Testing

@testable import Exemplars

@Suite struct ResumeTests {
    private let study: SmallStudy

    init() throws { study = try SmallStudy() }

    @Test func hasTheSameBytes_whateverTheThreadsAndBatches() throws {
        try study.pass("one").run()
        let expected = try study.bytes("one")
        for (place, (threads, batch)) in [(1, 30), (2, 200), (3, 57), (2, 8192)].enumerated() {
            try study.pass("other-\(place)", threads: threads, batchTokens: batch).run()
            #expect(try study.bytes("other-\(place)") == expected, "\(threads) threads, \(batch)")
        }
    }

    /// Stops after so many rounds, in the way asked for.
    private func stop(
        _ name: String, after rounds: Int, _ wish: ExemplarPass.Wish, interval: Duration
    ) throws {
        var left = rounds
        #expect(throws: ExemplarError.self) {
            try study.pass(name, batchTokens: 60).run(checkpointInterval: interval) { _ in
                left -= 1
                return left <= 0 ? wish : .goOn
            }
        }
    }

    @Test(arguments: [1, 2, 5, 9])
    func hasTheSameBytes_afterBeingKilledAndRunAgain(rounds: Int) throws {
        try study.pass("undisturbed").run()
        let expected = try study.bytes("undisturbed")
        // Killed with no checkpoint yet, long after the last one, and right after one.
        try stop("killed", after: rounds, .abandon, interval: .seconds(3600))
        try stop("killed", after: 1, .stop, interval: .seconds(3600))
        try stop("killed", after: rounds, .abandon, interval: .seconds(3600))
        try stop("killed", after: 2, .abandon, interval: .zero)
        try study.pass("killed", threads: 2).run(checkpointInterval: .zero)
        #expect(try study.bytes("killed") == expected)
    }

    @Test func finishesAgain_whenKilledBetweenItsLastFiles() throws {
        try study.pass("whole").run()
        let expected = try study.bytes("whole")
        try stop("half", after: 3, .stop, interval: .seconds(3600))
        // The contents were written, the manifest was not; half a new file lies about.
        let folder = study.scratch.path + "/half/"
        try study.scratch.write("half/exemplars.bin", Array(expected["exemplars.bin"] ?? Data()))
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder + "exemplars.bin.new"))
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder + "checkpoint.new"))
        try study.pass("half").run()
        #expect(try study.bytes("half") == expected)
    }

    @Test func measuresNothingAgain_whenItIsFinished() throws {
        try study.pass("done").run()
        var rounds = 0
        try study.pass("done").run { _ in
            rounds += 1
            return .goOn
        }
        #expect(rounds == 0)
    }

    @Test func refusesToGoOnWithAnotherSubjectCorpusOrPlan() throws {
        try stop("begun", after: 2, .stop, interval: .seconds(3600))
        var plan = SmallStudy.plan
        plan.seed += 1
        #expect(throws: ExemplarError.self) { try study.pass("begun", plan: plan).run() }
        let other = try study.scratch.write("other.txt", "Once upon a time.\n\nThe end.")
        let path = study.scratch.path + "/begun"
        #expect(throws: ExemplarError.self) {
            try ExemplarPass(
                subject: study.subject(), corpus: Corpus(paths: [other]), plan: SmallStudy.plan,
                store: path
            ).run()
        }
        #expect(throws: ExemplarError.self) { try ExemplarStore(path: path) }
    }

    @Test func refusesAStoreThatAnotherProcessWrites() throws {
        try study.pass("shared").run { _ in
            #expect(throws: ExemplarError.self) { try study.pass("shared").run() }
            return .goOn
        }
    }

    @Test func holdsNoMore_whenTheCorpusIsLonger() throws {
        func checkpointSize(_ name: String, rounds: Int) throws -> Int {
            try stop(name, after: rounds, .stop, interval: .seconds(3600))
            return try #require(study.bytes(name)["checkpoint"]).count
        }
        let early = try checkpointSize("early", rounds: 3)
        let late = try checkpointSize("late", rounds: 12)
        let background = SmallStudy.plan.backgroundCount * (16 + 12)
        #expect(abs(late - early) <= background)
        let pass = try study.pass("stated")
        #expect(late <= pass.memory.latents + 4096)
        #expect(pass.memory.total < 1 << 30)
    }
}
