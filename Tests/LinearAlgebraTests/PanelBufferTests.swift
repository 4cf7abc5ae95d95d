import LinearAlgebra
import Testing

@Suite struct PanelBufferTests {
    @Test(arguments: UInt64(0)..<20) func givesTheBitsOfAPackedMatrix_alsoWhenPackedAgain(
        seed: UInt64
    ) {
        var g = SeededGenerator(seed: seed)
        let (rows, inner, columns) = (1 + g.below(60), 1 + g.below(70), 1 + g.below(90))
        let buffer = PanelBuffer(inner: inner, columns: columns)
        for _ in 0..<2 {
            let x = randomMatrix(rows, inner, &g)
            var transpose = randomFloats(columns * inner, &g)
            let bias = randomFloats(columns, &g)
            let packed = PackedMatrix(
                transpose: transpose, inner: inner, columns: columns, bias: bias)
            withRows(&transpose, count: columns, width: inner) { weights in
                for first in stride(from: 0, to: columns, by: 32) {
                    buffer.pack(first..<min(columns, first + 32), of: weights, bias: bias)
                }
            }
            var input = x.storage
            var (ours, expected) = (
                [Float](repeating: 1, count: rows * buffer.stride),
                [Float](repeating: 2, count: rows * buffer.stride)
            )
            withRows(&input, count: rows, width: inner) { x in
                withRows(&ours, count: rows, width: columns, stride: buffer.stride) {
                    buffer.multiply(x, into: $0)
                }
                withRows(&expected, count: rows, width: columns, stride: buffer.stride) {
                    packed.multiply(x, into: $0)
                }
            }
            #expect(bits(ours) == bits(expected))
        }
    }

    @Test(arguments: UInt64(0)..<30) func sparseKernelsMatchPlainLoops(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let count = 1 + g.below(80)
        let (x, start) = (randomFloats(count, &g), randomFloats(count, &g))
        let dot = zip(x, start).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(Double(RowKernels.dot(x, start, count: count)) - dot) < 1e-5 * Double(count))
        var y = start
        RowKernels.addScaled(1.5, x, to: &y, count: count)
        #expect(bits(y) == bits(zip(x, start).map { $1 + 1.5 * $0 }))
        RowKernels.scale(&y, by: -2, count: count)
        #expect(bits(y) == bits(zip(x, start).map { ($1 + 1.5 * $0) * -2 }))
    }
}
