import Digests
import Foundation
import Games
import Inquiry
import Instruments
import Memory
import Testing
import Texts

@testable import Explaining

/// Studies in waves: features learn from those of the same run that were explained before them.
@Suite struct RunLessonsTests {
    /// Some mean the same; each fires with noise of its own.
    private static let truths = [
        "word(\"error\")", "mark(\"🙂\")", "word(\"error\")", "word(\"error\", \"failed\")",
        "mark(\"🙂\")",
    ]
    private static let plan = InquiryPlan(
        trialsPerHypothesis: 48, hypotheses: 4, probes: 900, backgroundShown: 100)

    private func texts(_ scratch: Scratch, wave: Int?) throws -> TextMaterialOfStudy {
        let lines = try TextStudyTests.documents.map { try CanonicalJSON.encode(["text": $0]) }
        let path = scratch.path("corpus.jsonl")
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let material = try TextMaterial(files: [path], field: "text", seed: 1)
        let instrument = PlantedTextInstrument(
            features: try Self.truths.enumerated().map { index, truth in
                PlantedFeature(
                    class: .token, rule: try TextRule.parse(truth), seed: UInt64(index), noise: 0.01
                )
            }, nullCount: 0, seed: 4)
        let manifest = TextManifest(
            subject: TextSubjectReference(
                place: .files(model: "planted", autoencoder: "planted"), name: instrument.name,
                hook: "planted", latents: instrument.latentCount, directions: 0,
                identity: instrument.identity.hex),
            corpus: material.reference, request: .list(Array(Self.truths.indices)), seed: 5,
            plan: Self.plan, controls: .init(shuffled: 1, directions: 0), wave: wave)
        return TextMaterialOfStudy(
            material: material, instrument: instrument, manifest: manifest)
    }

    private struct TextMaterialOfStudy {
        let material: TextMaterial
        let instrument: PlantedTextInstrument
        let manifest: TextManifest

        func prepare(_ store: Store, _ run: String) async throws -> ExplainStudy {
            try await ExplainStudy.prepare(
                manifest: manifest, instrument: instrument, material: material, store: store,
                run: run)
        }

        /// Carries the study out, stopped and gone on with so many times.
        func run(_ store: Store, concurrency: Int, stops: Int = 0) async throws -> String {
            let run = try await store.begin(
                prefix: "test", manifest: StudyManifest.texts(manifest).text, now: Date()
            ).id
            for stop in 0...stops {
                let deadline: ContinuousClock.Instant? =
                    stop < stops ? .now + .milliseconds(400) : nil
                _ = try await Campaign(
                    journal: StoredJournal(store: store, run: run), concurrency: concurrency,
                    deadline: deadline
                ).run(try await prepare(store, run).tasks)
            }
            return run
        }
    }

    @Test func knowsWhatEarlierWavesSupported_howeverItIsCarriedOut() async throws {
        let scratch = try Scratch()
        let study = try texts(scratch, wave: 2)
        let whole = try Store(path: scratch.path("whole.sqlite"))
        let parts = try Store(path: scratch.path("parts.sqlite"))
        let run = try await study.run(whole, concurrency: 1)
        let other = try await study.run(parts, concurrency: 3, stops: 6)
        let record = try await ExplainStudy.record(store: whole, run: run)
        #expect(try await ExplainStudy.record(store: parts, run: other) == record)
        #expect(try await ExplainStudy.reproduce(store: parts, run: other) > 50)

        var draws: [LessonDraw] = []
        for member in record.members(.feature) + record.members(.shuffled) {
            draws.append(try #require(member.state.beginning?.lessons, "\(member.name)"))
        }
        #expect(draws.prefix(2).allSatisfy { $0.known == 0 })
        #expect(draws.dropFirst(2).allSatisfy { $0.known > 0 })
        #expect(zip(draws, draws.dropFirst()).allSatisfy { $0.known <= $1.known })
        #expect(record.isInWaves)
        for member in record.members(.feature) {
            let draw = member.state.beginning?.lessons
            #expect(member.hadLessons == draw?.hadLessons)
            guard member.hadLessons != true else { continue }
            #expect(member.state.records.allSatisfy { $0.hypothesis.origin != .experience })
        }
        let effect = try #require(RunSummary(record).lessons)
        #expect(effect.with.features + effect.without.features == Self.truths.count - 2)
    }

    @Test func teachesWhatIsSupported_withTheInputsThatItsInquiryLookedAt() async throws {
        let scratch = try Scratch()
        let study = try texts(scratch, wave: 2)
        let store = try Store(path: scratch.path("memory.sqlite"))
        let run = try await study.run(store, concurrency: 2)
        let journal = StoredJournal(store: store, run: run)
        let lessons = RunLessons(
            size: 2, latents: Array(Self.truths.indices), plan: Self.plan,
            journal: journal)
        #expect(try await lessons.lessons(before: 0).isEmpty)
        let first = try await lessons.lessons(before: 1)
        #expect(Set(first.map(\.formula)).isSuperset(of: Self.truths.prefix(2)))
        let state = try InquiryState(
            plan: Self.plan, events: try await journal.events(of: "latent 0"))
        let natural = Set(state.probes.filter { $0.arm == .natural }.map(\.input))
        let lesson = try #require(first.first { $0.formula == Self.truths[0] })
        #expect(lesson.seen == natural && !natural.isEmpty)
        // Taught again by the second of the pair, it is known as before.
        let last = try await lessons.lessons(before: 3)
        #expect(last.first { $0.formula == Self.truths[0] } == lesson)
        #expect(Set(last.map(\.formula)).count == last.count)
        #expect((0..<8).map { lessons.wave(of: $0) } == [0, 0, 1, 1, 2, 3, 3, 3])
    }

    @Test func refusesAJournalInWhichATeacherHasNoEnd() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let run = try await store.begin(prefix: "test", manifest: "{}", now: Date()).id
        let lessons = RunLessons(
            size: 1, latents: [3, 4], plan: InquiryPlan(),
            journal: StoredJournal(store: store, run: run))
        await #expect(throws: ExplainError.unfinishedTeacher(inquiry: "latent 3")) {
            _ = try await lessons.lessons(before: 1)
        }
    }

    /// The tune split is where lessons could leak: what chose a formula must not test it.
    @Test func noNaturalTrialOfATextLesson_orOfWhatItBecame_drawsWhatItsTeacherSaw() async throws {
        let scratch = try Scratch()
        let study = try texts(scratch, wave: 2)
        let store = try Store(path: scratch.path("memory.sqlite"))
        let made = try await study.prepare(store, "r").tasks[0].laboratory()
        let plain = try #require(made as? TextLaboratory)
        let seen = Set(
            plain.study.corpus.tune.texts.map(\.text).enumerated().filter { $0.offset % 2 == 0 }
                .map(\.element))
        let lesson = RunLesson(formula: "mark(\"🙂\") | word(\"error\")", seen: seen)
        let laboratory = TextLaboratory(
            study: plain.study, feature: plain.feature,
            experience: FeatureExperience(fresh: [lesson]))
        try await Self.checkDraws(laboratory, plan: study.manifest.plan, lesson) {
            seen.contains($0)
        }
    }

    @Test func noNaturalTrialOfAGameLesson_orOfWhatItBecame_drawsAGameThatItsTeacherSaw()
        async throws
    {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let instrument = try PlantedInstrument(["justPlayed(C2)", "mine(A1)"])
        let manifest = ExplainManifest(
            subject: instrument.reference, request: .list([0, 1]), seed: 3, games: 1_200,
            plan: InquiryPlan(), controls: .init(shuffled: 0, directions: 0), experience: [],
            wave: 1)
        let run = try await store.begin(
            prefix: "test", manifest: StudyManifest.games(manifest).text, now: Date()
        ).id
        let prepared = try await ExplainStudy.prepare(
            manifest: manifest, instrument: instrument, store: store, run: run)
        let end = try await Campaign(
            journal: StoredJournal(store: store, run: run), concurrency: 2
        ).run(prepared.tasks)
        #expect(end == .finished)
        let made = try await prepared.tasks[1].laboratory()
        let plain = try #require(made as? OthelloLaboratory)
        #expect(plain.experience.draw.map { $0.known > 0 } == true)
        #expect(try await ExplainStudy.reproduce(store: store, run: run) > 20)

        let pool = plain.study.tune.pool
        let games = Set(pool.games.indices.filter { $0 % 2 == 0 })
        let lesson = RunLesson(
            formula: "mine(A1) | justPlayed(C2)",
            seen: Set(games.map { pool.transcript(of: pool.starts[$0 + 1] - 1) }))
        let laboratory = OthelloLaboratory(
            study: plain.study, feature: plain.feature, view: plain.view,
            experience: FeatureExperience(fresh: [lesson]))
        try await Self.checkDraws(laboratory, plan: manifest.plan, lesson) { input in
            pool.position(after: try plain.rules.moves(fromTranscript: input))
                .map { games.contains(pool.game(of: $0)) } == true
        }
    }

    /// - Parameter wasSeen: whether the lesson's teacher looked at an input.
    private static func checkDraws(
        _ laboratory: any Laboratory, plan: InquiryPlan, _ lesson: RunLesson,
        _ wasSeen: (String) throws -> Bool
    ) async throws {
        var state = InquiryState(plan: plan)
        try state.apply(.began(try await laboratory.begin()))
        let drafts = try await laboratory.propose(state).drafts
        try state.apply(.proposed(drafts))
        let told = try #require(state.records.first { $0.hypothesis.origin == .experience })
        #expect(told.hypothesis.formula == lesson.formula)
        let child = HypothesisDraft(
            origin: .refinement, formula: drafts[0].formula, statement: "s", refutedBy: "r",
            complexity: 1)
        try state.apply(
            .refined(
                Refinement(
                    parent: told.hypothesis.id, draft: child, parentScore: 0.5, draftScore: 0.9)))
        guard case .design(let requests) = state.nextStep() else {
            Issue.record("every hypothesis is under test")
            return
        }
        let natural = requests.filter { $0.arm == .natural }
        #expect(natural.map(\.hypothesis) == state.records.map(\.hypothesis.id))
        for request in natural {
            let probes = try await laboratory.design([request], state)
            #expect(probes.count == 2 * request.count)
            let owes = [told.hypothesis.id, state.records.count].contains(request.hypothesis)
            #expect(try probes.contains { try wasSeen($0.input) } != owes, "\(request)")
        }
    }

    /// What was journaled before there were waves is read, and written again, as it was.
    @Test func aManifestWithoutWavesIsAsItWas() throws {
        let scratch = try Scratch()
        let study = try texts(scratch, wave: nil)
        let text = try StudyManifest.texts(study.manifest).text
        #expect(!text.contains("wave"))
        let again = try CanonicalJSON.decode(TextManifest.self, from: text)
        #expect(again.wave == nil)
        #expect(try StudyManifest.texts(again).text == text)
        #expect(!StudyManifest.texts(again).facts.contains { $0.name == "lessons of this run" })
        let beginning = Beginning(
            threshold: FiringThreshold(fraction: 0.5, meanOfTopTen: 1, maximum: 1), density: 0.1,
            proposeExemplars: 1, tuneExemplars: 1, exemplars: [], shown: ShownInputs(), heat: [])
        #expect(try !CanonicalJSON.encode(beginning).contains("lessons"))
    }
}
