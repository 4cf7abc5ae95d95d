import Consulting
import Foundation
import Inquiry
import LanguageModels
import Memory
import Prompts
import Testing

@testable import Explaining

/// SAGE's loop and ours with the same scripted model on features of known truth.
@Suite struct SagePlantedTests {
    private static let plan = InquiryPlan(
        trialsPerHypothesis: 32, hypotheses: 4, probes: 300, backgroundShown: 150)

    /// Sentences in which "the dog" is told from "a dog", and colours stand before things.
    private static let sentences: [String] = {
        let subjects = ["the dog", "a dog", "the cat", "a bird", "my sister", "the old man"]
        let verbs = ["saw", "liked", "painted", "sold", "wanted", "lost"]
        let colours = ["red", "blue", "green", "plain", "large", "new"]
        let ends = ["yesterday", "at noon", "in the rain", "again", "for us", "with care"]
        var result: [String] = []
        for (a, subject) in subjects.enumerated() {
            for (b, verb) in verbs.enumerated() {
                for (c, colour) in colours.enumerated() {
                    for (d, thing) in ["house", "boat", "garden", "letter"].enumerated() {
                        let end = ends[(a + 2 * b + 3 * c + 5 * d) % ends.count]
                        result.append("Then \(subject) \(verb) the \(colour) \(thing) \(end).")
                    }
                }
            }
        }
        return result
    }()

    private func study(
        features: Int, nulls: Int, model: any LanguageModel, _ store: Store, _ run: String
    ) throws -> PlantedStudy {
        PlantedStudy(
            texts: Self.sentences, features: features, nulls: nulls, seed: 3, plan: Self.plan,
            store: store, run: run,
            consulted: ConsultedModel(model: model, prompts: try PromptSet()))
    }

    @Test func bothLoopsAskTheSameModel_andOursConfirmsNoNull() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let run = try await store.begin(prefix: "test", manifest: "{}", now: Date()).id
        let (ours, theirs) = (MeteredModel(ScriptedModel()), MeteredModel(ScriptedModel()))
        let study = try study(features: 2, nulls: 3, model: ours, store, run)
        let journal = StoredJournal(store: store, run: run)
        let end = try await Campaign(journal: journal, concurrency: 2).run(study.tasks)
        #expect(end == .finished)
        #expect(try await study.nulls(journal).confirmed == 0)
        for task in study.tasks {
            let events = try await journal.events(of: task.name)
            let state = try InquiryState(plan: Self.plan, events: events)
            #expect(state.consultations.compactMap(\.failure) == [], "\(task.name)")
        }
        let results = try await study.results(journal)
        #expect(
            results.contains { $0.answers[.inquiry]?.formula != nil && $0.probes > 0 },
            "\(results)")

        let sage = try await SagePlantedStudy(of: study, model: theirs)
            .results(.loop, concurrency: 2)
        #expect(sage.count == 5)
        let used = sage.reduce(Spending()) { $0 + $1.record.usage }
        #expect(used == theirs.total)
        #expect(ours.total.calls > 0)
        #expect(ours.total.inputTokens < theirs.total.inputTokens)
        for result in sage {
            #expect(result.record.rounds <= 14)
            #expect(result.record.unreadableReplies == 0)
            #expect(result.record.conclusion != nil)
        }
    }

    @Test func theSameRequestsAreMade_atAnyConcurrency() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let run = try await store.begin(prefix: "test", manifest: "{}", now: Date()).id
        let study = try study(features: 2, nulls: 1, model: ScriptedModel(), store, run)
        let sage = SagePlantedStudy(of: study, model: ScriptedModel())
        let one = try await sage.results(.loop, concurrency: 1)
        #expect(try await sage.results(.loop, concurrency: 3) == one)
        let shot = try await sage.results(.oneShot, concurrency: 1)
        #expect(shot.allSatisfy { $0.record.usage.calls == 1 && $0.record.tests.isEmpty })
        #expect(shot.map(\.firstAnswer) == one.map(\.firstAnswer))
    }
}
