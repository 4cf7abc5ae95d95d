import Foundation
import Instruments
import LanguageModels
import Memory
import Synchronization
import Testing
import Texts

@testable import Explaining

/// The scripted model in SAGE's loop.
@Suite struct ScriptedModelTests {
    private static let purpose = CallPurpose(role: "sage-explainer", inquiry: "test")
    private static let rule = TextRule(.word(WordSet(["dog"])!))

    private static func request(_ sentences: [String]) async throws -> ModelRequest {
        let instrument = PlantedTextInstrument(
            features: [PlantedFeature(class: .token, rule: rule, seed: 1, noise: 0)], nullCount: 0,
            seed: 1)
        let readings = try await instrument.readings(of: sentences, latents: [0])
        let windows = zip(readings, sentences).compactMap { reading, text in
            reading.reading.flatMap { SageWindow($0, of: text) }?.around(5)
        }
        return ModelRequest(messages: [
            ModelMessage(.system, SageWords.system),
            ModelMessage(.user, SageWords.explain(windows, SageSettings())),
        ])
    }

    private static let sentences = [
        "Then my dog ran over the road.", "We saw a dog at noon.", "His dog likes the old garden.",
        "One day the dog came home.",
    ]

    @Test func findsWhatTheExemplarsShow_andNothingElse() async throws {
        let model = ScriptedModel()
        let dogs = try await Self.request(Self.sentences)
        let reply = try await model.reply(to: dogs, for: Self.purpose)
        let hypotheses = SageReply.hypotheses(in: reply.text, most: 4)
        #expect(hypotheses.count >= 3)
        #expect(SageReply.formula(in: hypotheses[0]) == Self.rule)
        #expect(hypotheses.contains { SageHypothesis(number: 1, text: $0).isControl })
        // Other words in the same places: the answer follows the text of the request.
        var cats = dogs
        cats.messages[1].text = cats.messages[1].text.replacing("dog", with: "cat")
        let other = try await model.reply(to: cats, for: Self.purpose)
        #expect(other.text == reply.text.replacing("dog", with: "cat"))
    }

    @Test func answersTheSameRequestTheSame_forAnyPurpose() async throws {
        let request = try await Self.request(Self.sentences)
        let one = try await ScriptedModel().reply(to: request, for: Self.purpose)
        let two = try await ScriptedModel().reply(
            to: request, for: CallPurpose(role: "x", inquiry: "y"))
        #expect(one == two)
    }

    @Test func countsAQuarterOfTheBytes() async throws {
        let request = try await Self.request(Self.sentences)
        let reply = try await ScriptedModel().reply(to: request, for: Self.purpose)
        let bytes = request.messages.reduce(0) { $0 + $1.text.utf8.count }
        #expect(reply.usage.input == (bytes + 3) / 4)
        #expect(reply.usage.output == (reply.text.utf8.count + 3) / 4)
    }

    @Test func refusesWhatItDoesNotKnow() async throws {
        let request = ModelRequest(messages: [ModelMessage(.user, "What is the time?")])
        await #expect(throws: ModelError.self) {
            try await ScriptedModel().reply(to: request, for: Self.purpose)
        }
    }

    /// Tests of one hypothesis as the chat tells them: prediction and activation.
    private static func status(
        _ tests: [(String, Float)], reading: ScriptedModel.Reading = .literal
    ) async throws -> SageStatus? {
        let request = try await request(sentences)
        var messages = request.messages
        let hypothesis = SageHypothesis(number: 1, text: ScriptedSage.sentence(rule))
        for (index, (expected, activation)) in tests.enumerated() {
            let test = SageTest(
                hypothesis: 1, text: "Text \(index).", expected: expected, activation: activation,
                isSupplemental: false)
            let window = SageWindow([.init(text: "Text", value: activation)])
            messages.append(ModelMessage(.user, SageWords.analyze(test, window, SageSettings())))
            messages.append(ModelMessage(.assistant, "ANALYSIS: \(index)"))
        }
        messages.append(
            ModelMessage(
                .user, SageWords.update(hypothesis, tests: tests.count, SageSettings())))
        let reply = try await ScriptedModel(reading: reading).reply(
            to: ModelRequest(messages: messages), for: purpose)
        return SageReply.update(in: reply.text)?.status
    }

    @Test func keepsToSagesRulesForAStatus() async throws {
        #expect(try await Self.status([("High", 3)]) == .unchanged)
        #expect(try await Self.status([("High", 3), ("Low", 0)]) == .confirmed)
        #expect(try await Self.status([("High", 0), ("Low", 3)]) == .refuted)
        #expect(try await Self.status([("High", 0), ("Low", 0)]) == .refined)
        #expect(try await Self.status([("High", 1), ("Low", 1)]) == .refined)
        let mixed: [(String, Float)] = [("High", 0), ("Low", 0), ("High", 3)]
        #expect(try await Self.status(mixed) == .confirmed)
        #expect(try await Self.status(mixed, reading: .careful) == .refined)
    }
}
