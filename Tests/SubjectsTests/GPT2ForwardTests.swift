import LinearAlgebra
import Subjects
import Testing

@Suite struct GPT2ForwardTests {
    private func configuration(_ seed: UInt64, _ g: inout SeededGenerator) -> GPT2Configuration {
        let heads = 1 + g.below(3)
        return GPT2Configuration(
            vocabularySize: 2 + g.below(30), contextLength: 1 + g.below(20),
            width: heads * (1 + g.below(20)), layerCount: 1 + g.below(3), headCount: heads,
            innerWidth: seed % 2 == 0 ? nil : 1 + g.below(40), layerNormEpsilon: 1e-4,
            activation: GPT2Configuration.Activation.allCases[Int(seed % 3)])
    }

    @Test(arguments: UInt64(0)..<24) func matchesSlowTwinAtEveryHook(seed: UInt64) throws {
        var g = SeededGenerator(seed: seed)
        let c = configuration(seed, &g)
        let weights = GPT2Weights.random(c, &g, untied: seed % 4 == 0)
        let model = GPT2(configuration: c, weights: weights)
        let twin = SlowGPT2(configuration: c, weights: weights)
        let sequences = randomSequences(4, c, &g)
        var hooks = [(HookPoint.embedding, 0)]
        for block in 0..<c.layerCount {
            hooks += [
                (.block(block, .pre), 2 * block), (.block(block, .mid), 2 * block + 1),
                (.block(block, .post), 2 * block + 2),
            ]
        }
        for (hook, halfBlocks) in hooks {
            let rows = try model.residuals(of: sequences, at: hook)
            for (index, tokens) in sequences.enumerated() {
                let expected = twin.stream(tokens, halfBlocks: halfBlocks).flatMap { $0 }
                #expect(relativeError(rows.sequence(index).storage, expected) < 2e-5)
            }
        }
        let logits = try model.logits(of: sequences)
        for (index, tokens) in sequences.enumerated() {
            let expected = twin.logits(tokens).flatMap { $0 }
            #expect(relativeError(logits.sequence(index).storage, expected) < 2e-5)
        }
    }

    @Test func refusesSequences_whenTheModelCannotReadThem() throws {
        var g = SeededGenerator(seed: 1)
        let c = GPT2Configuration(
            vocabularySize: 5, contextLength: 3, width: 8, layerCount: 1, headCount: 2)
        let model = GPT2(configuration: c, weights: .random(c, &g))
        func refusal(_ sequences: [[Int]]) -> String {
            message { _ = try model.logits(of: sequences) }
        }
        #expect(refusal([[1], []]).contains("sequence 1 is empty"))
        #expect(refusal([[1, 2, 3, 4]]).contains("sequence 0 has 4 tokens"))
        #expect(refusal([[1], [1, 5]]).contains("sequence 1 has token 5 at position 1"))
        #expect(refusal([[-1]]).contains("the vocabulary is 0..<5"))
        #expect(try model.logits(of: []).values.rows == 0)
    }

    @Test func hooksAreReadByName() throws {
        for name in ["hook_embed", "blocks.0.hook_resid_pre", "blocks.11.hook_resid_mid"] {
            #expect(try HookPoint(name, layerCount: 12).description == name)
        }
        for name in [
            "", "blocks.12.hook_resid_post", "blocks.-1.hook_resid_post",
            "blocks.01.hook_resid_pre",
            "blocks.1.hook_mlp_out", "blocks.1", "blocks.1.hook_resid_post.x", "hook_pos_embed",
        ] {
            let refusal = message { _ = try HookPoint(name, layerCount: 12) }
            #expect(refusal.contains("\"\(name)\"") && refusal.contains("N in 0..<12"))
        }
    }
}
