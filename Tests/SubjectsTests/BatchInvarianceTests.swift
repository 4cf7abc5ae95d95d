import LinearAlgebra
import Subjects
import Testing

/// A recorded measurement must come out as the same bits whenever it is repeated: alone, in any
/// company, in any order, on any number of threads.
@Suite struct BatchInvarianceTests {
    private let configuration = GPT2Configuration(
        vocabularySize: 33, contextLength: 31, width: 128, layerCount: 2, headCount: 8)
    private let hook = HookPoint.block(1, .post)

    @Test func sequencesGiveTheSameBits_inAnyBatch() throws {
        var g = SeededGenerator(seed: 20)
        let weights = GPT2Weights.random(configuration, &g)
        let model = GPT2(configuration: configuration, weights: weights)
        let sequences = randomSequences(80, configuration, &g)
        let alone = try sequences.map {
            bits(try model.residuals(of: [$0], at: hook).values.storage)
        }
        for round in 0..<40 {
            let batch = g.sample(1 + g.below(80), of: 80)
            let rows = try model.residuals(
                of: batch.map { sequences[$0] }, at: hook, threads: 1 + round % 4)
            for (place, index) in batch.enumerated() {
                #expect(bits(rows.sequence(place).storage) == alone[index])
            }
        }
    }

    @Test func aPrefixGivesTheSameBits_asTheWhole() throws {
        var g = SeededGenerator(seed: 21)
        let weights = GPT2Weights.random(configuration, &g)
        let model = GPT2(configuration: configuration, weights: weights)
        let sequence = (0..<31).map { _ in g.below(33) }
        let prefixes = (1...31).map { Array(sequence.prefix($0)) }
        let whole = bits(try model.residuals(of: [sequence], at: hook).values.storage)
        let rows = try model.residuals(of: prefixes, at: hook, threads: 2)
        for length in 1...31 {
            let prefix = bits(rows.sequence(length - 1).storage)
            #expect(prefix == Array(whole.prefix(length * 128)))
        }
    }

    @Test(arguments: ["standard", "topk", "jumprelu"])
    func readingsGiveTheSameBits_inAnyBatch(architecture: String) throws {
        var g = SeededGenerator(seed: 22)
        let model = GPT2(configuration: configuration, weights: .random(configuration, &g))
        let dictionary = randomDictionary(architecture, width: 128, latents: 200, &g)
        let directions = randomMatrix(5, 128, &g)
        func meter(_ threads: Int) throws -> ActivationMeter {
            try ActivationMeter(
                model: model, dictionary: dictionary, hook: hook, directions: directions,
                threads: threads)
        }
        let meters = try (1...3).map(meter)
        let sequences = randomSequences(40, configuration, &g)
        let alone = try sequences.map { try meters[0].readings(of: [$0])[0] }
        #expect(alone.contains { $0.contains { !$0.latents.indices.isEmpty } })
        for round in 0..<20 {
            let batch = g.sample(1 + g.below(40), of: 40)
            let all = try meters[round % 3].readings(of: batch.map { sequences[$0] })
            #expect(all == batch.map { alone[$0] })
            let last = try meters[round % 3].readings(
                of: batch.map { sequences[$0] }, lastPositionOnly: true)
            #expect(last == batch.map { [alone[$0].last!] })
        }
    }
}
