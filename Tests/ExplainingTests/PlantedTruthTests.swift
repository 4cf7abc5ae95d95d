import Digests
import Foundation
import Games
import Inquiry
import Memory
import Testing

@testable import Explaining

/// Whole studies of features whose meaning is known.
@Suite struct PlantedTruthTests {
    private static let formulas = [
        "justPlayed(C2)", "theirs(B3) & justFlipped(C4)", "mine(A1)",
        "justPlayed(D5) & moveNumber>=14", "legalNext(F6) & empty(E6)", "mine(A1) & theirs(A1)",
    ]

    private func manifest(
        _ instrument: PlantedInstrument, _ request: FeatureRequest, controls: Int, seed: UInt64,
        experience: [ExplainManifest.Knowledge] = []
    ) -> ExplainManifest {
        ExplainManifest(
            subject: instrument.reference, request: request, seed: seed, games: 1_200,
            plan: InquiryPlan(), controls: .init(shuffled: controls, directions: 0),
            experience: experience)
    }

    /// A class, for the compiler makes the frame of an asynchronous function too small where it returns
    /// a tuple of values as large as these.
    private final class Finished {
        let record: RunRecord
        let run: String
        let instrument: PlantedInstrument

        init(record: RunRecord, run: String, instrument: PlantedInstrument) {
            self.record = record
            self.run = run
            self.instrument = instrument
        }
    }

    private func study(
        _ request: FeatureRequest, controls: Int, store: Store,
        engine: String = ExplainManifest.engineVersion
    ) async throws -> Finished {
        let instrument = try PlantedInstrument(Self.formulas)
        var manifest = manifest(instrument, request, controls: controls, seed: 3)
        manifest.engine = engine
        let run = try await store.begin(
            prefix: "test", manifest: CanonicalJSON.encode(manifest), now: Date())
        let prepared = try await ExplainStudy.prepare(
            manifest: manifest, instrument: instrument, store: store, run: run.id)
        let campaign = Campaign(journal: StoredJournal(store: store, run: run.id), concurrency: 2)
        #expect(try await campaign.run(prepared.tasks) == .finished)
        return Finished(
            record: try await ExplainStudy.record(store: store, run: run.id), run: run.id,
            instrument: instrument)
    }

    @Test func findsWhatWasPlanted() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let finished = try await study(.list([0, 1, 2, 3, 4]), controls: 6, store: store)
        for member in finished.record.members(.feature) {
            let card = try #require(member.state.scores, "\(member.name)")
            #expect(card.explanation.balancedAccuracy.value > 0.95, "\(member.name)")
            #expect(member.state.verdict == "supported", "\(member.name)")
        }
        #expect(
            finished.record.members(.shuffled).allSatisfy { member in
                member.state.records.allSatisfy { $0.status != .supported }
            })
        let simple = try #require(finished.record.members.first { $0.name == "latent 0" })
        #expect(simple.state.leading?.hypothesis.formula == "justPlayed(C2)")
        #expect(simple.state.leading?.hypothesis.statement == "C2 was just played")
        let truth = try #require(simple.state.scores?.truth)
        #expect(truth.nearest.formula == "justPlayed(C2)" && truth.nearest.explanationF1 == 1)
        #expect(truth.best?.formula == "justPlayed(C2)" && truth.best?.firingF1.value == 1)
        let joint = try #require(finished.record.members.first { $0.name == "latent 1" })
        let half = try #require(joint.state.scores?.truth?.best)
        #expect(["theirs(B3)", "justFlipped(C4)"].contains(half.formula))
        #expect(half.firingF1.value < 0.9, "no single property is a conjunction of two")
        #expect(try await ExplainStudy.reproduce(store: store, run: finished.run) > 20)
    }

    @Test func runsOfTheEarlierVersionStayAsTheyWere() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let finished = try await study(.list([0]), controls: 0, store: store, engine: "explain/1")
        let card = try #require(finished.record.members[0].state.scores)
        #expect(card.truth == nil)
        #expect(try await ExplainStudy.reproduce(store: store, run: finished.run) > 3)
    }

    @Test func stopsAtAFeatureThatNeverFires() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let finished = try await study(.list([5]), controls: 0, store: store)
        #expect(
            finished.record.members[0].state.stop
                == .tooFewExemplars(propose: 0, tune: 0, required: InquiryPlan().exemplarsRequired))
    }

    @Test func aLaterStudyStartsFromTheLessonsOfAnEarlierOne() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let finished = try await study(.list([1]), controls: 0, store: store)
        try await ExplainStudy.keepLessons(of: finished.record, store: store, run: finished.run)
        let own = try await ExplainStudy.knowledge(
            for: .games(manifest(finished.instrument, .list([1]), controls: 0, seed: 3)),
            store: store)
        #expect(own.isEmpty, "a formula must not be tested on the games it was made from")
        let later = manifest(finished.instrument, .list([1]), controls: 0, seed: 4)
        let known = try await ExplainStudy.knowledge(for: .games(later), store: store)
        #expect(known.map(\.feature) == ["latent 1"])
        let informed = manifest(
            finished.instrument, .list([1]), controls: 0, seed: 4, experience: known)
        let prepared = try await ExplainStudy.prepare(
            manifest: informed, instrument: finished.instrument, store: store, run: finished.run)
        let laboratory = try await prepared.tasks[0].laboratory()
        var state = InquiryState(plan: informed.plan)
        try state.apply(.began(try await laboratory.begin()))
        let drafts = try await laboratory.propose(state).drafts
        #expect(drafts.map(\.formula).contains(known[0].formula))
    }

    @Test func everyProbeIsALegalGameWithThePredictionThatItsHypothesisMakes() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let finished = try await study(.list([1, 3]), controls: 0, store: store)
        let rules = Othello.sixBySix
        var roles: Set<ProbeRole> = []
        for member in finished.record.members {
            for probe in member.state.probes {
                let moves = try rules.moves(fromTranscript: probe.input)
                let seen = Observation(try rules.position(after: moves), on: rules)
                let formula = try #require(member.state.record(probe.hypothesis)).hypothesis.formula
                let holds = try BoardPredicate.parse(formula, on: rules).holds(in: seen)
                #expect(holds == (probe.prediction == .fires))
                switch probe.role {
                case .positive, .paraphrase: #expect(holds)
                case .negative, .nearMiss, .rival: #expect(!holds)
                case .exemplar, .background: #expect(probe.arm == .natural)
                }
                roles.insert(probe.role)
            }
            for hypothesis in member.state.records {
                let inputs = member.state.probes.filter {
                    $0.hypothesis == hypothesis.hypothesis.id
                }
                #expect(Set(inputs.map(\.input)).count == inputs.count, "an input asked twice")
            }
        }
        #expect(roles.isSuperset(of: [.positive, .nearMiss, .paraphrase, .exemplar, .background]))
    }
}
