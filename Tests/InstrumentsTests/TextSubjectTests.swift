import Foundation
import Instruments
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

private let storiesFolder = SharedData.file("models/stories260K")

/// A trained model with an autoencoder of random weights, measured on text.
@Suite(.enabled(if: storiesFolder != nil, SharedData.absence))
struct TextSubjectTests {
    private let folder: String
    private let autoencoder: TemporaryFolder

    init() throws {
        folder = try #require(storiesFolder)
        autoencoder = try RandomAutoencoder.write(
            width: 64, latents: 96, k: 8, hook: "blocks.2.hook_resid_post")
    }

    private func subject(threads: Int = 1) throws -> TextSubject {
        try TextSubject(model: folder, autoencoder: autoencoder.path, threads: threads)
    }

    @Test(arguments: [
        "Once upon a time, there was a little girl.", "Zoë's  “naïve” café\n\n…", "日本 👩‍👩‍👧 مرحبا",
    ])
    func givesEachPieceItsPlaceInTheText(text: String) throws {
        let (ids, tokens) = try subject().tokens(of: text)
        #expect(ids.count == tokens.count)
        #expect(ids.first == 1)
        #expect(tokens.first?.isSpecial == true)
        var bytes: [UInt8] = []
        for token in tokens.dropFirst() {
            let range = try #require(token.bytes)
            #expect(range.lowerBound == bytes.count)
            bytes += Array(text.utf8)[range]
        }
        #expect(bytes == Array(text.utf8))
    }

    @Test func givesTheSameBits_whateverElseIsInTheBatch() async throws {
        let texts = ["A dog ran.", "The sun was warm and the sky was blue.", "Tim said no."]
        let alone = try await subject().readings(of: [texts[1]], latents: [3, 60])
        let together = try await subject(threads: 2).readings(of: texts, latents: [3, 60])
        #expect(together[1] == alone[0])
        let reading = try #require(alone[0].reading)
        #expect(reading.values.map(\.count) == [reading.tokens.count, reading.tokens.count])
    }

    @Test func readsWhatModelAndDictionaryGiveOneAfterTheOther() async throws {
        let subject = try subject()
        let (ids, _) = try subject.tokens(of: "Lily had a red ball.")
        let rows = try subject.model.activations(of: [ids], at: subject.hook)
        let latents = try subject.dictionary.encode(rows.values)
        let outcome = try await subject.readings(
            of: ["Lily had a red ball."], latents: Array(0..<96))
        let reading = try #require(outcome[0].reading)
        for latent in 0..<96 { #expect(reading.values[latent] == latents.map { $0[latent] }) }
    }

    @Test func failsOneTextAsAValue_whenItIsEmptyOrTooLong() async throws {
        let long = String(repeating: "word ", count: 2000)
        let outcomes = try await subject().readings(of: ["", "A cat.", long], latents: [0])
        #expect(outcomes[0].reading == nil)
        #expect(outcomes[1].reading != nil)
        guard case .failed(let reason) = outcomes[2] else {
            Issue.record("a text beyond the context was read")
            return
        }
        #expect(reason.contains("512"))
    }

    @Test func hasAnotherIdentity_whenAnyWeightChanges() throws {
        let other = try RandomAutoencoder.write(
            width: 64, latents: 96, k: 8, hook: "blocks.2.hook_resid_post", seed: 2)
        let changed = try TextSubject(model: folder, autoencoder: other.path, threads: 1)
        #expect(try subject().identity != changed.identity)
        #expect(try subject().identity == subject(threads: 2).identity)
    }

    @Test func refusesALatentThatIsNotThere() async throws {
        let subject = try subject()
        await #expect(throws: InstrumentError.self) {
            try await subject.readings(
                of: ["A cat."], latents: [96 + TextSubject.controlCount])
        }
    }

    @Test func measuresControlDirectionsAfterTheLastLatent_whateverElseIsMeasured() async throws {
        let subject = try subject()
        #expect(subject.directionCount == TextSubject.controlCount)
        let alone = try await subject.readings(of: ["A cat."], latents: [96, 97])
        let among = try await subject.readings(
            of: ["The dog sat.", "A cat.", "Rain."], latents: [3, 97, 96])
        let (one, two) = (try #require(alone[0].reading), try #require(among[1].reading))
        #expect(one.values[0] == two.values[2])
        #expect(one.values[1] == two.values[1])
        #expect(one.values[0] != one.values[1])
        #expect(one.values[0].contains { $0 < 0 } && one.values[0].contains { $0 > 0 })
    }
}
