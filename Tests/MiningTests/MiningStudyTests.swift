import Digests
import Foundation
import Inquiry
import LinearAlgebra
import Memory
import Rows
import Testing
import Tools

@testable import Mining

@Suite struct MiningStudyTests {
    private func memory() throws -> (store: Store, path: String) {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("conjecture-mining-\(UUID().uuidString).sqlite").path
        return (try Store(path: path), path)
    }

    private func manifest(_ rows: RowSet, reflections: Int = 1) -> MiningManifest {
        var settings = MiningSettings()
        (settings.reflections, settings.nullRuns, settings.stabilityPairs) = (reflections, 2, 4)
        settings.bootstrapReplicates = 100
        return MiningManifest(
            data: .init(path: "rows", format: nil, schema: rows.schema, rows: rows), seed: 1,
            settings: settings)
    }

    private func reviews(_ seed: UInt64) throws -> PlantedReviews {
        var settings = PlantedReviews.Settings()
        settings.rows = 300
        return try PlantedReviews(seed: seed, settings: settings)
    }

    private func begin(
        _ rows: RowSet, in store: Store
    ) async throws -> (run: MiningRun, name: String) {
        let manifest = manifest(rows)
        let name = try await store.begin(prefix: "mine", manifest: manifest.text, now: Date()).id
        let study = try await MiningStudy.prepare(
            manifest: manifest, rows: rows, model: nil, store: store, run: name)
        return (MiningRun(study: study, store: store, run: name), name)
    }

    /// Stops after every number of steps and goes on in a new process's place: the journal is the same.
    @Test func givesTheSameEvents_whereverItIsStopped() async throws {
        let rows = try reviews(1).rows
        let whole = try memory()
        let undisturbed = try await begin(rows, in: whole.store)
        _ = try await undisturbed.run.carryOut(shouldStop: { false }, tell: { _ in })
        let expected = try await MiningRun.events(store: whole.store, run: undisturbed.name)

        let stopped = try memory()
        let first = try await begin(rows, in: stopped.store)
        var rounds = 0
        while true {
            let counter = Counter()
            let study = try await MiningStudy.prepare(
                manifest: manifest(rows), rows: rows, model: nil, store: stopped.store,
                run: first.name)
            let end = try await MiningRun(study: study, store: stopped.store, run: first.name)
                .carryOut(shouldStop: { await counter.next() > 1 }, tell: { _ in })
            rounds += 1
            if case .finished = end { break }
        }
        #expect(rounds > 5)
        #expect(try await MiningRun.events(store: stopped.store, run: first.name) == expected)
    }

    @Test func doesEveryStepAgain_andFindsAnAlteredOne() async throws {
        let rows = try reviews(2).rows
        let (store, _) = try memory()
        let (run, name) = try await begin(rows, in: store)
        _ = try await run.carryOut(shouldStop: { false }, tell: { _ in })
        let count = try await run.reproduce()
        #expect(count == (try await MiningRun.events(store: store, run: name).count))

        // The same journal with one figure changed, its chain made good again.
        let other = try memory()
        let copy = try await begin(rows, in: other.store)
        for (sequence, event) in try await MiningRun.events(store: store, run: name).enumerated() {
            var event = event
            if case .selected(let choice) = event {
                event = .selected(.init(chosen: choice.chosen, score: 0.99, stop: choice.stop))
            }
            try await other.store.append(
                kind: event.kind, body: CanonicalJSON.encode(event), run: copy.name,
                inquiry: MiningRun.inquiry, sequence: sequence)
        }
        await #expect(throws: MiningError.self) { _ = try await copy.run.reproduce() }
    }

    @Test func refusesRowsThatChanged() async throws {
        let rows = try reviews(3).rows
        let others = try reviews(4).rows
        let (store, _) = try memory()
        await #expect(throws: MiningError.dataChanged(run: "mine-1", path: "rows")) {
            _ = try await MiningStudy.prepare(
                manifest: manifest(rows), rows: others, model: nil, store: store, run: "mine-1")
        }
    }

    @Test func noEventCanComeOutOfOrder() throws {
        var state = MiningState(reflections: 0)
        #expect(state.next() == .deal)
        #expect(throws: MiningError.eventOutOfOrder("proposed")) {
            try state.apply(
                .proposed(.init(candidates: [], consultations: [], unreadable: [])))
        }
        try state.apply(.dealt(.init(roles: [], setAside: [])))
        #expect(state.next() == .propose(round: 0))
        try state.apply(.proposed(.init(candidates: [], consultations: [], unreadable: [])))
        // Nothing was proposed: the confirm rows are opened for the controls alone.
        #expect(state.next() == .open)
    }

    @Test func whatOneTaskConfirms_isProposedForTheNext_andNotForTheSameRows() async throws {
        let rows = try reviews(5).rows
        let (store, _) = try memory()
        let (run, name) = try await begin(rows, in: store)
        guard
            case .finished(let outcome) = try await run.carryOut(
                shouldStop: { false }, tell: { _ in })
        else { return }
        let mine = manifest(rows)
        try await MiningStudy.keepLessons(of: outcome, mine, store: store, run: name)
        #expect(try await MiningStudy.experience(for: mine, store: store).isEmpty)
        let confirmed = outcome.record.features.filter {
            $0.qValue <= outcome.record.falseDiscoveryRate
        }
        let known = try await MiningStudy.experience(
            for: manifest(try reviews(6).rows), store: store)
        #expect(Set(known.map(\.name)) == Set(confirmed.map(\.name)))
    }

    private actor Counter {
        private var count = 0

        func next() -> Int {
            count += 1
            return count
        }
    }
}

@Suite struct TrialTests {
    @Test func findsWhatWasPlanted_inATrial() async throws {
        let trial = try await MiningTrial(seed: 3)
        #expect(trial.ours.recall >= 0.8)
        #expect((trial.ours.precision ?? 0) >= 0.8)
    }

    @Test(arguments: UInt64(1)..<5) func reportsNothingOnNoise(seed: UInt64) throws {
        let trial = try NoiseTrial(seed: seed)
        #expect(abs(trial.ours) < 0.15)
        #expect(trial.autoqual > 0.1)
    }
}
