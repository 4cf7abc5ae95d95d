import LinearAlgebra
import Subjects
import Testing

@Suite struct RandomWeightsTests {
    private func model() -> GPT2 {
        var g = SeededGenerator(seed: 1)
        let c = GPT2Configuration(
            vocabularySize: 40, contextLength: 16, width: 64, layerCount: 3, headCount: 4)
        return GPT2(configuration: c, weights: .random(c, &g), name: "trained")
    }

    @Test func keepsTheShapeAndSaysWhatItIs() {
        let random = model().randomWeights(seed: 7)
        #expect(random.configuration == model().configuration)
        #expect(random.name == "trained with random weights of seed 7")
    }

    @Test func theSeedAloneDecidesTheWeights() throws {
        let sequences = [[1, 2, 3, 4], [39, 0]]
        func logits(_ seed: UInt64) throws -> [UInt32] {
            bits(try model().randomWeights(seed: seed).logits(of: sequences).values.storage)
        }
        #expect(try logits(1) == logits(1))
        #expect(try logits(1) != logits(2))
    }

    @Test(arguments: UInt64(0)..<5) func streamBeginsAtTheSizeOfTwoEmbeddings(seed: UInt64) throws {
        let random = model().randomWeights(seed: seed)
        let rows = try random.residuals(of: (0..<40).map { [$0] }, at: .embedding).values
        let square = rows.storage.reduce(0.0) { $0 + Double($1) * Double($1) }
        // One position and 40 tokens, each coordinate of variance 0.02² twice.
        let expected = 0.02 * 2.0.squareRoot()
        #expect(abs((square / Double(rows.storage.count)).squareRoot() / expected - 1) < 0.15)
    }

    @Test func knowsNothing_soItsChoicesAreAllButUniform() throws {
        let logits = try model().randomWeights(seed: 3).logits(of: [Array(0..<16)]).values
        for row in 0..<logits.rows {
            let values = logits.row(row)
            #expect((values.max() ?? 0) - (values.min() ?? 0) < 3)
        }
    }
}
