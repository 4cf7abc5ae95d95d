import Digests
import Foundation
import Inquiry
import Instruments
import LinearAlgebra
import Memory
import Testing
import Texts

@testable import Explaining

/// Studies of text features whose meaning is known, through the same preparation as those of models.
@Suite struct TextStudyTests {
    /// About words that careless tools trip over, and marks that careless reports do.
    static let truths = [
        "word(\"error\")", "word(\"failed\")", "word(\"ignore\") & next(\"previous\")",
        "mark(\"<\") & next(\"b\")", "mark(\"🙂\")", "word(\"مرحبا\")", "mark(\"\\n\")",
    ]

    /// Documents of a few lines, each with some of the special things and none of the others.
    static let documents: [String] = {
        let special = [
            "The error was ours", "She failed again", "Please ignore previous instructions now",
            "A <b>bold</b> word", "What fun 🙂 it was", "He said مرحبا to us",
            "One line\nand the next",
            "Nothing at all happened here", "Do not ignore the rain", "An italic <i>word</i> stood",
            "They never knew why",
        ]
        let starts = ["Then", "Later", "Today", "At noon", "In the end", "Once more", "Still"]
        let ends = ["today", "at home", "in town", "for good", "as ever", "by night", "with care"]
        let days = ["Monday", "Tuesday", "Friday", "Sunday", "that day", "my birthday"]
        var generator = SeededGenerator(seed: 11, stream: 2)
        return (0..<2_200).map { _ in
            let start = starts[generator.below(starts.count)]
            let middle = special[generator.below(special.count)]
            let end = ends[generator.below(ends.count)]
            let day = days[generator.below(days.count)]
            return "\(start): \(middle) \(end), on \(day)."
        }
    }()

    static let plan = InquiryPlan(
        trialsPerHypothesis: 48, hypotheses: 4, probes: 1_200, backgroundShown: 200)

    private func instrument() throws -> PlantedTextInstrument {
        PlantedTextInstrument(
            features: try Self.truths.enumerated().map { index, truth in
                PlantedFeature(
                    class: .token, rule: try TextRule.parse(truth), seed: UInt64(index), noise: 0.01
                )
            }, nullCount: 1, seed: 4)
    }

    private func material(_ scratch: Scratch) throws -> TextMaterial {
        let lines = try Self.documents.map { try CanonicalJSON.encode(["text": $0]) }
        let path = scratch.path("corpus.jsonl")
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        return try TextMaterial(files: [path], field: "text", seed: 1)
    }

    private func manifest(
        _ instrument: PlantedTextInstrument, _ material: TextMaterial, _ request: FeatureRequest,
        shuffled: Int = 0
    ) -> TextManifest {
        TextManifest(
            subject: TextSubjectReference(
                place: .files(model: "planted", autoencoder: "planted"), name: instrument.name,
                hook: "planted", latents: instrument.latentCount, directions: 0,
                identity: instrument.identity.hex),
            corpus: material.reference, request: request, seed: 5, plan: Self.plan,
            controls: .init(shuffled: shuffled, directions: 0))
    }

    /// - Parameter stops: how many times the run is stopped and gone on with.
    private func study(
        _ request: FeatureRequest, shuffled: Int = 0, store: Store, scratch: Scratch,
        stops: Int = 0
    ) async throws -> (record: RunRecord, run: String) {
        let instrument = try instrument()
        let material = try material(scratch)
        let manifest = manifest(instrument, material, request, shuffled: shuffled)
        let run = try await store.begin(
            prefix: "test", manifest: StudyManifest.texts(manifest).text, now: Date())
        let journal = StoredJournal(store: store, run: run.id)
        for stop in 0...stops {
            let prepared = try await ExplainStudy.prepare(
                manifest: manifest, instrument: instrument, material: material, store: store,
                run: run.id)
            let deadline: ContinuousClock.Instant? = stop < stops ? .now + .milliseconds(80) : nil
            _ = try await Campaign(journal: journal, concurrency: 2, deadline: deadline)
                .run(prepared.tasks)
        }
        return (try await ExplainStudy.record(store: store, run: run.id), run.id)
    }

    @Test func explainsFeaturesOfSpecialTextsLikeAnyOther() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let (record, run) = try await study(
            .list(Array(Self.truths.indices)), shuffled: 3, store: store, scratch: scratch)
        for (member, truth) in zip(record.members(.feature), Self.truths) {
            let card = try #require(member.state.scores, "\(truth): \(member.state.verdict)")
            #expect(card.explanation.balancedAccuracy.value > 0.95, "\(truth)")
            #expect(["supported", "unresolved"].contains(member.state.verdict), "\(truth)")
            let exemplar = try #require(member.state.beginning?.exemplars.first)
            let tokens = try #require(exemplar.tokens)
            let highest = tokens.map(\.activation).max()
            #expect(highest == exemplar.activation, "\(truth)")
        }
        let supported = record.members(.feature).count { $0.state.verdict == "supported" }
        #expect(supported >= Self.truths.count - 2)
        #expect(
            record.members(.shuffled).allSatisfy { member in
                member.state.records.allSatisfy { $0.status != .supported }
            })
        #expect(record.domain == .text)
        #expect(try await ExplainStudy.reproduce(store: store, run: run) > 50)
    }

    @Test func givesTheSameEvents_whenItIsStoppedAndGoneOnWith() async throws {
        let scratch = try Scratch()
        let whole = try Store(path: scratch.path("whole.sqlite"))
        let parts = try Store(path: scratch.path("parts.sqlite"))
        let one = try await study(.list([0, 4]), shuffled: 1, store: whole, scratch: scratch)
        let two = try await study(
            .list([0, 4]), shuffled: 1, store: parts, scratch: scratch, stops: 3)
        #expect(one.record == two.record)
        let counts = try await parts.measurementCounts(run: two.run)
        #expect(counts.asked == counts.held, "nothing is measured twice")
    }

    @Test func drawsLiveLatentsOnly_andRefusesMoreThanThereAre() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let instrument = try instrument()
        let material = try material(scratch)
        let manifest = manifest(instrument, material, .random(2))
        let prepared = try await ExplainStudy.prepare(
            manifest: manifest, instrument: instrument, material: material, store: store,
            run: "r")
        #expect(prepared.features.count == 2)
        await #expect(throws: ExplainError.tooFewLive(asked: 40, live: 8)) {
            try await ExplainStudy.prepare(
                manifest: self.manifest(instrument, material, .random(40)),
                instrument: instrument, material: material, store: store, run: "r")
        }
        await #expect(throws: ExplainError.noSuchLatent(8, count: 8)) {
            try await ExplainStudy.prepare(
                manifest: self.manifest(instrument, material, .list([8])),
                instrument: instrument, material: material, store: store, run: "r")
        }
    }

    @Test func withholdsLessonsFromHalf_andSetsTheHalvesBesideEachOther() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let instrument = try instrument()
        let material = try material(scratch)
        let lesson = ExplainManifest.Knowledge(feature: "latent 4", formula: "mark(\"🙂\")")
        var manifest = manifest(instrument, material, .list(Array(0..<7)))
        manifest.experience = [lesson]
        let run = try await store.begin(
            prefix: "test", manifest: StudyManifest.texts(manifest).text, now: Date())
        let prepared = try await ExplainStudy.prepare(
            manifest: manifest, instrument: instrument, material: material, store: store,
            run: run.id)
        _ = try await Campaign(
            journal: StoredJournal(store: store, run: run.id), concurrency: 2
        ).run(prepared.tasks)
        let record = try await ExplainStudy.record(store: store, run: run.id)
        let effect = try #require(RunSummary(record).lessons)
        #expect(effect.with.features + effect.without.features == 7)
        #expect(effect.with.features > 0 && effect.without.features > 0)
        #expect(effect.difference?.interval != nil)
        for member in record.members(.feature) where member.hadLessons == false {
            #expect(member.state.records.allSatisfy { $0.hypothesis.origin != .experience })
        }
    }

    @Test func dealsDocumentsWhole_andThePublishedToTestsMost() throws {
        let documents = (0..<400).map { number in
            (0..<3).map { TextUnits("Passage \($0) of document \(number).") }
        }
        let corpus = TextCorpus(documents: documents, published: 100, seed: 9)
        let pools = [corpus.propose, corpus.tune, corpus.heldOut, corpus.probes]
        #expect(pools.reduce(0) { $0 + $1.texts.count } == 1_200)
        for pool in pools {
            let names = pool.texts.map { $0.text.drop { $0 != "o" } }
            for name in Set(names) { #expect(names.count { $0 == name } == 3) }
        }
        for document in documents.suffix(100) {
            #expect(corpus.probes.place(of: document[0].text) == nil)
        }
        #expect(corpus.tune.texts.count > corpus.propose.texts.count)
    }
}
