import Foundation
import LinearAlgebra
import Testing

@Suite struct CausalAttentionTests {
    private func slow(_ q: Matrix, _ k: Matrix, _ v: Matrix) -> [Double] {
        (0..<q.rows).flatMap { i -> [Double] in
            let scores = (0...i).map { j in
                (0..<q.columns).reduce(0.0) { $0 + Double(q[i, $1]) * Double(k[j, $1]) }
                    / Double(q.columns).squareRoot()
            }
            let weights = scores.map { exp($0 - scores.max()!) }
            let total = weights.reduce(0, +)
            return (0..<q.columns).map { c in
                (0...i).reduce(0.0) { $0 + weights[$1] / total * Double(v[$1, c]) }
            }
        }
    }

    private func run(_ parts: [Matrix], length: Int, capacity: Int) -> [Float] {
        let width = parts[0].columns
        var (q, k, v) = (parts[0].storage, parts[1].storage, parts[2].storage)
        var output = [Float](repeating: 0, count: length * width)
        var attention = CausalAttention(headWidth: width, capacity: capacity)
        // A first, unrelated run: what it leaves in the scratch space must not matter.
        var noise = [Float](repeating: 3, count: capacity * width)
        withRows(&noise, count: capacity, width: width) {
            attention.run(query: $0, key: $0, value: $0, into: $0)
        }
        q.withUnsafeMutableBufferPointer { q in
            k.withUnsafeMutableBufferPointer { k in
                v.withUnsafeMutableBufferPointer { v in
                    output.withUnsafeMutableBufferPointer { o in
                        let views = [q, k, v, o].map {
                            RowView($0.baseAddress!, count: length, width: width)
                        }
                        attention.run(
                            query: views[0], key: views[1], value: views[2], into: views[3])
                    }
                }
            }
        }
        return output
    }

    @Test(arguments: UInt64(0)..<40) func matchesPlainLoop(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let length = 1 + g.below(40)
        let width = seed % 2 == 0 ? 16 : 1 + g.below(40)
        let parts = (0..<3).map { _ in randomMatrix(length, width, &g) }
        let output = run(parts, length: length, capacity: length + g.below(30))
        #expect(worstError(output, slow(parts[0], parts[1], parts[2])) < 1e-5)
    }

    @Test(arguments: UInt64(0)..<20) func aPositionIgnoresLaterOnes_toTheLastBit(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let length = 2 + g.below(40)
        let parts = (0..<3).map { _ in randomMatrix(length, 16, &g) }
        let whole = run(parts, length: length, capacity: 64)
        let shorter = 1 + g.below(length - 1)
        let part = run(parts, length: shorter, capacity: 48)
        #expect(bits(part) == bits(whole.prefix(shorter * 16)))
    }
}
