import Foundation
import LinearAlgebra
import Testing

/// Every kernel against a plain loop in 64-bit arithmetic, at widths that are and are not multiples
/// of 16, with gaps between the rows that must stay as they were.
@Suite struct RowKernelsTests {
    struct Rows {
        let count: Int
        let width: Int
        let stride: Int
        var storage: [Float]

        init(seed: UInt64, scale: Double = 1) {
            var g = SeededGenerator(seed: seed, stream: 7)
            count = 1 + g.below(9)
            width = seed % 3 == 0 ? 16 * (1 + g.below(8)) : 1 + g.below(140)
            stride = width + g.below(20)
            storage = randomFloats(count * stride, &g, scale: scale)
        }

        func row(_ r: Int) -> [Float] { Array(storage[r * stride..<r * stride + width]) }
        func gap(_ r: Int) -> [Float] { Array(storage[r * stride + width..<(r + 1) * stride]) }

        mutating func run(_ body: (RowView) -> Void) {
            withRows(&storage, count: count, width: width, stride: stride, body)
        }
    }

    private func check(
        _ before: Rows, _ run: (RowView) -> Void, tolerance: Double,
        _ twin: (_ row: [Double]) -> [Double]
    ) {
        var after = before
        after.run(run)
        for r in 0..<before.count {
            #expect(worstError(after.row(r), twin(before.row(r).map(Double.init))) < tolerance)
            #expect(bits(after.gap(r)) == bits(before.gap(r)))
        }
    }

    @Test(arguments: UInt64(0)..<40) func geluTanhMatchesPlainLoop(seed: UInt64) {
        check(Rows(seed: seed, scale: 3), RowKernels.geluTanh, tolerance: 1e-6) { row in
            row.map { x in
                0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
            }
        }
    }

    @Test(arguments: UInt64(0)..<40) func geluExactMatchesPlainLoop(seed: UInt64) {
        check(Rows(seed: seed, scale: 3), RowKernels.geluExact, tolerance: 1e-6) { row in
            row.map { x in 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }
        }
    }

    @Test func geluKeepsItsLimits_whenInputsAreLarge() {
        var values: [Float] = [-1e4, -100, -20, 0, 20, 100, 1e4]
        withRows(&values, count: 1, width: 7, RowKernels.geluTanh)
        #expect(values.allSatisfy { $0.isFinite })
        #expect(
            zip(values, [0, 0, 0, 0, 20, 100, 1e4]).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, $1) }
        )
        values = [-1e4, -100, -20, 0, 20, 100, 1e4]
        withRows(&values, count: 1, width: 7, RowKernels.geluExact)
        #expect(zip(values, [0, 0, 0, 0, 20, 100, 1e4]).allSatisfy { abs($0 - $1) <= 1e-3 })
    }

    @Test(arguments: UInt64(0)..<20) func reluMatchesPlainLoop(seed: UInt64) {
        check(Rows(seed: seed), RowKernels.relu, tolerance: 0x1p-60) { row in
            row.map { max($0, 0) }
        }
    }

    @Test(arguments: UInt64(0)..<20) func biasIsAddedToEveryRow(seed: UInt64) {
        let rows = Rows(seed: seed)
        var g = SeededGenerator(seed: seed)
        let bias = randomFloats(rows.width, &g)
        check(
            rows, { view in bias.withUnsafeBufferPointer { RowKernels.add(bias: $0, to: view) } },
            tolerance: 1e-6
        ) { row in zip(row, bias).map { $0 + Double($1) } }
    }

    @Test(arguments: UInt64(0)..<40) func layerNormMatchesPlainLoop(seed: UInt64) {
        let rows = Rows(seed: seed, scale: 2)
        var g = SeededGenerator(seed: seed)
        let (gain, shift) = (randomFloats(rows.width, &g), randomFloats(rows.width, &g))
        let run = { (view: RowView) in
            gain.withUnsafeBufferPointer { gain in
                shift.withUnsafeBufferPointer { shift in
                    RowKernels.layerNorm(
                        view, gain: gain, shift: shift, epsilon: 1e-5, into: view)
                }
            }
        }
        check(rows, run, tolerance: 2e-5) { row in
            let mean = row.reduce(0, +) / Double(row.count)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
            return row.indices.map {
                (row[$0] - mean) / (variance + 1e-5).squareRoot() * Double(gain[$0])
                    + Double(shift[$0])
            }
        }
    }

    @Test(arguments: UInt64(0)..<40) func causalSoftmaxMatchesPlainLoop(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let count = 1 + g.below(50)
        let width = count + g.below(20)
        let before = randomFloats(count * width, &g, scale: 4)
        var after = before
        withRows(&after, count: count, width: width, RowKernels.causalSoftmax)
        for r in 0..<count {
            let row = before[r * width..<r * width + r + 1].map { exp(Double($0)) }
            let total = row.reduce(0, +)
            let expected = row.map { $0 / total } + [Double](repeating: 0, count: width - r - 1)
            #expect(worstError(Array(after[r * width..<(r + 1) * width]), expected) < 1e-6)
        }
    }
}
