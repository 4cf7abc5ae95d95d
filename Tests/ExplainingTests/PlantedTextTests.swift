import Digests
import Foundation
import Inquiry
import Instruments
import Memory
import Testing
import Texts

@testable import Explaining

/// Inquiries into text features of known truth.
@Suite struct PlantedTextTests {
    /// Sentences in which "the dog" is told from "a dog", and colours stand before things.
    private static let sentences: [String] = {
        let subjects = ["the dog", "a dog", "the cat", "a bird", "my sister", "the old man"]
        let verbs = ["saw", "liked", "painted", "sold", "wanted", "lost"]
        let colours = ["red", "blue", "green", "plain", "large", "new"]
        let things = ["house", "boat", "garden", "letter", "coat"]
        let ends = ["yesterday", "at noon", "in the rain", "again", "for us", "with care"]
        var result: [String] = []
        for (a, subject) in subjects.enumerated() {
            for (b, verb) in verbs.enumerated() {
                for (c, colour) in colours.enumerated() {
                    for (d, thing) in things.enumerated() {
                        let end = ends[(a + 2 * b + 3 * c + 5 * d) % ends.count]
                        result.append("Then \(subject) \(verb) the \(colour) \(thing) \(end).")
                    }
                }
            }
        }
        return result
    }()

    private static let plan = InquiryPlan(
        trialsPerHypothesis: 32, hypotheses: 4, probes: 300, backgroundShown: 150)

    private func results(
        features: Int, nulls: Int, concurrency: Int
    ) async throws -> (results: [PlantedStudy.Result], confirmed: Int) {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let run = try await store.begin(prefix: "test", manifest: "{}", now: Date())
        let study = PlantedStudy(
            texts: Self.sentences, features: features, nulls: nulls, seed: 3, plan: Self.plan,
            store: store, run: run.id)
        let journal = StoredJournal(store: store, run: run.id)
        let end = try await Campaign(journal: journal, concurrency: concurrency).run(study.tasks)
        #expect(end == .finished)
        return (
            try await study.results(journal, concurrency: concurrency),
            try await study.nulls(journal).confirmed
        )
    }

    @Test func findsWhatWasPlanted_andConfirmsNoNoise() async throws {
        let (results, confirmed) = try await results(features: 6, nulls: 4, concurrency: 2)
        try #require(results.count >= 5)
        let recovered = results.count { $0.isRecovered(.inquiry) }
        #expect(2 * recovered > results.count, "\(results.map { ($0.truth, $0.answers) })")
        #expect(confirmed == 0)
        for result in results {
            #expect(Set(result.answers.keys) == Set(PlantedStudy.Source.allCases))
            guard result.isSupported else { continue }
            #expect(try #require(result.answers[.inquiry]).accuracy > 0.75)
        }
    }

    /// Nearly every dog is "the dog", and the feature fires on no other.
    @Test func tellsACauseFromItsCompanion_whereExemplarsCannot() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let run = try await store.begin(prefix: "test", manifest: "{}", now: Date())
        let truth = try TextRule.parse(#"word("dog") & previous("the")"#)
        let companion = try TextRule.parse(#"word("dog")"#)
        let texts = Self.sentences.enumerated().filter { index, text in
            !text.contains("a dog") || index % 25 == 0
        }.map(\.element)
        let feature = PlantedFeature(
            class: .context, rule: truth, seed: 1,
            alternatives: [.init(rule: companion, fitsExemplars: true, agreement: 0.9)])
        let study = PlantedStudy(
            planted: [feature], over: texts.map(TextUnits.init), nulls: 0, seed: 3,
            plan: Self.plan, store: store, run: run.id)
        let journal = StoredJournal(store: store, run: run.id)
        #expect(try await Campaign(journal: journal, concurrency: 1).run(study.tasks) == .finished)
        let result = try #require(try await study.results(journal).first)
        #expect(result.isRecovered(.inquiry), "\(result.answers)")
        #expect(!result.isRecovered(.oneShot), "\(result.answers)")
        #expect(try #require(result.answers[.oneShot]).accuracy > 0.9)
    }

    @Test func givesTheSameResults_atAnyConcurrency() async throws {
        let one = try await results(features: 3, nulls: 1, concurrency: 1)
        let two = try await results(features: 3, nulls: 1, concurrency: 3)
        #expect(one.results == two.results)
    }

    @Test func aNullKnowsNothingOfTheText_andEachTextHasItsOwnReading() async throws {
        let instrument = PlantedTextInstrument(features: [], nullCount: 2, seed: 5)
        let texts = Array(Self.sentences.prefix(400))
        let first = try await instrument.readings(of: texts, latents: [0])
        let again = try await instrument.readings(of: texts.reversed(), latents: [0])
        #expect(first == again.reversed())
        let firing = first.compactMap(\.reading).count { ($0.maximum(0)?.value ?? 0) >= 2.6 }
        #expect(firing > 4 && firing < 120)
        await #expect(throws: InstrumentError.self) {
            try await instrument.readings(of: ["A text."], latents: [2])
        }
    }

    @Test func cutsSentencesWhereTheyEnd() {
        let text =
            "Mr. Reed had answered.  \"Was it you?\" he asked me\nthen.\n\nNo answer came to him"
        #expect(
            PlantedStudy.sentences(of: text)
                == [
                    "Mr. Reed had answered.", "\"Was it you?\"", "he asked me then.",
                    "No answer came to him",
                ])
    }
}
