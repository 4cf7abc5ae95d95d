import Testing

@testable import LinearAlgebra

@Suite struct ChosenRowsTests {
    private struct Case {
        var table: [Float]
        var indices: [UInt32]
        var factors: [Float]
        var start: [Float]
        let stride: Int

        init(seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            let blocks = 1 + generator.below(9)
            stride = 16 * blocks
            let rowCount = 1 + generator.below(20)
            table = (0..<rowCount * stride).map { _ in Float(generator.normal()) }
            let count = generator.below(40)
            indices = (0..<count).map { _ in UInt32(generator.below(rowCount)) }
            factors = (0..<3 * count).map { _ in Float(generator.normal()) }
            start = (0..<stride).map { _ in Float(generator.normal()) }
        }

        mutating func withRows<R>(
            _ body: (RowView, [UInt32], [Float], [Float]) -> R
        ) -> R {
            let (indices, factors, start, stride) = (indices, factors, start, stride)
            return table.withUnsafeMutableBufferPointer {
                body(
                    RowView($0.baseAddress!, count: $0.count / stride, width: stride), indices,
                    factors, start)
            }
        }
    }

    @Test(arguments: UInt64(0)..<100) func addsRowsAsThePlainLoopDoes(seed: UInt64) {
        var given = Case(seed: seed)
        given.withRows { rows, indices, factors, start in
            var (found, portable) = (start, start)
            RowKernels.addRows(
                factors, step: 3, indices, count: indices.count, of: rows, to: &found)
            RowKernels.addRowsPortably(
                factors, step: 3, indices, count: indices.count, of: rows, to: &portable)
            #expect(found == portable)
            for c in start.indices {
                let expected = indices.indices.reduce(Double(start[c])) {
                    $0 + Double(factors[3 * $1]) * Double(rows.row(Int(indices[$1]))[c])
                }
                #expect(abs(Double(found[c]) - expected) < 1e-4)
            }
        }
    }

    @Test(arguments: UInt64(0)..<100) func multipliesRowsAsThePlainLoopDoes(seed: UInt64) {
        var given = Case(seed: seed)
        given.withRows { rows, indices, factors, start in
            var (found, portable) = (factors, factors)
            RowKernels.dotRows(
                start, indices, count: indices.count, of: rows, into: &found, step: 3)
            RowKernels.dotRowsPortably(
                start, indices, count: indices.count, of: rows, into: &portable, step: 3)
            #expect(found == portable)
            for (i, index) in indices.enumerated() {
                let expected = start.indices.reduce(Double(factors[3 * i])) {
                    $0 + Double(start[$1]) * Double(rows.row(Int(index))[$1])
                }
                #expect(abs(Double(found[3 * i]) - expected) < 1e-4)
                // What lies between is left alone.
                #expect(found[3 * i + 1] == factors[3 * i + 1])
            }
        }
    }
}
