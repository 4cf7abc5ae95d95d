import Foundation
import Instruments
import SubjectMaterial
import Subjects
import Testing

private let storiesFolder = SharedData.file("models/stories260K")

/// What a latent does to the next token.
@Suite(.enabled(if: storiesFolder != nil, SharedData.absence))
struct OutputSideTests {
    private let subject: TextSubject
    private let autoencoder: TemporaryFolder

    init() throws {
        autoencoder = try RandomAutoencoder.write(
            width: 64, latents: 96, k: 8, hook: "blocks.4.hook_resid_post")
        subject = try TextSubject(
            model: try #require(storiesFolder), autoencoder: autoencoder.path, threads: 1)
    }

    /// After the last block nothing but the norm lies between the stream and the logits, so a large
    /// push along a direction must order the tokens as the direction itself does.
    @Test(arguments: [0, 17, 95]) func promotesTheTokensThatALargePushMakesLikely(
        latent: Int
    ) throws {
        let output = try subject.outputTokens(of: latent, count: 5)
        #expect(output.promoted.map(\.logit) == output.promoted.map(\.logit).sorted(by: >))
        #expect(output.suppressed.map(\.logit) == output.suppressed.map(\.logit).sorted())
        let push = Intervention(
            at: subject.hook,
            .add(direction: subject.dictionary.direction(of: latent), scale: 1e4))
        let ids = try subject.tokens(of: "Once upon a time").ids
        let request = ForwardRequest(logits: .last, interventions: [push])
        let logits = try #require(try subject.model.forward([ids], request).logits)
        let row = logits.sequence(0).storage
        let order = row.indices.sorted { (row[$0], $1) > (row[$1], $0) }
        #expect(Array(order.prefix(5)) == output.promoted.map(\.token))
    }

    @Test func steeringMovesTheDistribution_andAlongTheDirectionPromotesItsTokens() throws {
        let texts = ["Once upon a time there was a", "Tom and Lily went to the"]
        let none = try subject.steeringEffect(of: 3, strength: 0, on: texts, seed: 1)
        #expect(none.steered == 0 && none.opposite == 0 && none.random == 0)
        let effect = try subject.steeringEffect(of: 3, strength: 8, on: texts, seed: 1)
        #expect(effect.steered > 0 && effect.opposite > 0 && effect.random > 0)
        #expect(effect.promotion.steered > effect.promotion.random)
        #expect(effect.promotion.steered > effect.promotion.opposite)
        #expect(try subject.steeringEffect(of: 3, strength: 8, on: texts, seed: 1) == effect)
    }

    @Test func refusesALatentThatIsNotThere() {
        #expect(throws: InstrumentError.self) { try subject.outputTokens(of: 96) }
    }
}
