import Instruments
import LanguageModels
import Synchronization
import Testing
import Texts

@testable import Explaining

/// SAGE's loop with models whose answers are known.
@Suite struct SageInquiryTests {
    /// Answers each step with the same words and keeps the requests.
    private final class Parrot: LanguageModel {
        let identity = ModelIdentity(provider: "test", endpoint: "", model: "parrot")
        let capabilities = ScriptedModel().capabilities
        let answers: [String: String]
        private let heard = Mutex<[ModelRequest]>([])

        init(_ answers: [String: String]) { self.answers = answers }

        var requests: [ModelRequest] { heard.withLock { $0 } }

        func reply(
            to request: ModelRequest, for purpose: CallPurpose
        ) async throws(ModelError) -> ModelReply {
            heard.withLock { $0.append(request) }
            return ModelReply(
                text: answers[purpose.role] ?? "", finish: .complete,
                usage: TokenUsage(input: request.messages.count, output: 1), model: "parrot")
        }
    }

    private static let answers = [
        "sage-explainer": (1...4).map { "Hypothesis_\($0): fires on \($0) `word(\"dog\")`" }
            .joined(separator: "\n"),
        "sage-designer":
            "TESTING HYPOTHESIS: x\n[TOOL] model.run prompt='A dog ran.'\nEXPECTED: High",
        "sage-analyzer": "ANALYSIS: a\nINTERPRETATION: b\nUPDATED HYPOTHESIS STATUS: c",
        "sage-updater": "UPDATED HYPOTHESIS STATUS: REFINED\nREFINED HYPOTHESIS: fires on more",
        "sage-reviewer": "MORE TESTING: YES\n- H1: \"A dog.\"\n- H7: \"no such hypothesis\"",
        "sage-concluder": "[DESCRIPTION]: dogs `word(\"dog\")`\n[EVIDENCE]: all\n[LABEL 1]: dogs",
    ]

    private static let instrument = PlantedTextInstrument(
        features: [
            PlantedFeature(class: .token, rule: TextRule(.word(WordSet(["dog"])!)), seed: 1)
        ],
        nullCount: 1, seed: 1)

    private func run(
        _ answers: [String: String], settings: SageSettings = SageSettings()
    ) async throws -> (SageRecord, [ModelRequest]) {
        let model = Parrot(answers)
        let texts = (0..<12).map { "Today the dog saw \($0) birds near the old house." }
        let readings = try await Self.instrument.readings(of: texts, latents: [0])
        let windows = zip(readings, texts).compactMap { reading, text in
            reading.reading.flatMap { SageWindow($0, of: text) }
        }
        var inquiry = SageInquiry(
            instrument: Self.instrument, latent: 0, exemplars: windows, model: model,
            name: "test", settings: settings)
        return (try await inquiry.run(), model.requests)
    }

    @Test func stopsAtItsCaps_whenNothingIsEverDecided() async throws {
        let (record, requests) = try await run(Self.answers)
        #expect(record.exemplars == 10)
        #expect(record.rounds == 14)
        let own = record.tests.filter { !$0.isSupplemental }
        let counts = (1...4).map { number in own.count { $0.hypothesis == number } }
        #expect(counts == [4, 4, 4, 2])
        #expect(record.reviews == 3)
        #expect(record.tests.count { $0.isSupplemental } == 3)
        #expect(record.usage.calls == 1 + 3 * 14 + 3 + 1)
        #expect(requests.count == record.usage.calls)
    }

    @Test func sendsTheWholeChatEachTime() async throws {
        let (record, requests) = try await run(Self.answers)
        for (earlier, later) in zip(requests, requests.dropFirst()) {
            #expect(later.messages.starts(with: earlier.messages))
            #expect(later.messages.count == earlier.messages.count + 2)
        }
        for request in requests {
            let roles = request.messages.map(\.role)
            #expect(roles.first == .system && roles.last == .user)
            #expect(zip(roles.dropFirst(), roles.dropFirst(2)).allSatisfy { $0 != $1 })
        }
        #expect(record.usage.inputTokens == requests.reduce(0) { $0 + $1.messages.count })
        #expect(record.usage.outputTokens == requests.count)
    }

    @Test func takesTheModelsWordForAStatus_andTestsNoFurther() async throws {
        var answers = Self.answers
        answers["sage-updater"] = "UPDATED HYPOTHESIS STATUS: CONFIRMED"
        let (record, _) = try await run(answers)
        #expect(record.rounds == 4)
        #expect(record.hypotheses.allSatisfy { $0.status == .confirmed })
        #expect(record.confirmsAny && record.confirmsFiring)
        #expect(record.explanation?.formula == "word(\"dog\")")
    }

    @Test func supplementalTestsMoveNoStatus() async throws {
        let (record, _) = try await run(Self.answers)
        #expect(
            record.hypotheses.allSatisfy { $0.status == .refined && $0.text == "fires on more" })
        #expect(!record.confirmsAny)
    }

    @Test func refusesUnchanged_afterTwoTests() async throws {
        var answers = Self.answers
        answers["sage-updater"] = "UPDATED HYPOTHESIS STATUS: UNCHANGED"
        let (record, _) = try await run(answers)
        #expect(record.unreadableReplies == 3 * (14 - 4))
        #expect(record.hypotheses.allSatisfy { $0.status == .unchanged })
    }

    @Test func spendsARound_whenNoDesignCanBeRead() async throws {
        var answers = Self.answers
        answers["sage-designer"] = "an error, a timeout and a failure"
        let (record, _) = try await run(answers)
        #expect(record.rounds == 14)
        #expect(record.tests.allSatisfy { $0.isSupplemental })
        #expect(record.unreadableReplies == 3 * 14)
    }

    @Test func asksNothing_withoutExemplars() async throws {
        var inquiry = SageInquiry(
            instrument: Self.instrument, latent: 0, exemplars: [], model: Parrot([:]), name: "test",
            settings: SageSettings())
        let record = try await inquiry.run()
        #expect(record.usage.calls == 0 && record.hypotheses.isEmpty && record.conclusion == nil)
    }

    @Test func aWindowIsTheTextAroundItsStrongestToken() async throws {
        let text = "One two  three dog's four five six seven eight nine."
        let reading = try await Self.instrument.readings(of: [text], latents: [0])[0].reading
        let window = try #require(reading.flatMap { SageWindow($0, of: text) })
        #expect(window.tokens.map(\.text).joined() == text)
        let narrow = window.around(2)
        #expect(narrow.tokens.map(\.text) == [" two", "  three", " dog", "'s", " four"])
        #expect(narrow.tokens[narrow.peak].text == " dog")
        #expect(narrow.textWithPeak == ("two  three dog's four", 11))
        #expect(ScriptedSage.exemplar("Exemplar 1, maximum 3: \(narrow.line())")?.peak == 2)
    }
}
