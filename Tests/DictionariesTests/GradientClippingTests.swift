import LinearAlgebra
import Testing

@testable import Dictionaries

@Suite struct GradientClippingTests {
    private func blocks(seed: UInt64) -> [ParameterBlock] {
        var generator = SeededGenerator(seed: seed)
        return [(150, 7), (1, 150)].map { rows, width in
            let block = ParameterBlock(rows: rows, width: width)
            for r in 0..<rows {
                for c in 0..<width { block.gradient.row(r)[c] = Float(generator.normal()) }
            }
            return block
        }
    }

    private func slowNorm(_ blocks: [ParameterBlock]) -> Double {
        blocks.reduce(0) { sum, block in
            (0..<block.gradient.count).reduce(sum) { sum, r in
                (0..<block.gradient.width).reduce(sum) {
                    let value = Double(block.gradient.row(r)[$1])
                    return $0 + value * value
                }
            }
        }.squareRoot()
    }

    @Test(arguments: UInt64(1)...20) func shortensAllGradientsTogether(seed: UInt64) {
        let blocks = blocks(seed: seed)
        let norm = slowNorm(blocks)
        let scale = GradientClipping.scale(of: blocks, limit: 2, threads: 2)
        #expect(abs(Double(scale) * norm - 2) < 1e-4)
        #expect(GradientClipping.scale(of: blocks, limit: 2, threads: 1) == scale)
    }

    @Test func leavesGradients_whenTheyAreShort() {
        let blocks = blocks(seed: 1)
        #expect(GradientClipping.scale(of: blocks, limit: 1_000, threads: 1) == 1)
        #expect(GradientClipping.scale(of: blocks, limit: nil, threads: 1) == 1)
    }
}
