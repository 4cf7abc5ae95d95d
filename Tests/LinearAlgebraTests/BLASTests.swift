import LinearAlgebra
import Testing

@Suite struct BLASTests {
    @Test(arguments: UInt64(0)..<20) func productMatchesPlainLoop(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let (m, k, n) = (1 + g.below(30), 1 + g.below(30), 1 + g.below(30))
        let (a, b) = (randomMatrix(m, k, &g), randomMatrix(k, n, &g))
        let expected = (0..<m).flatMap { r in
            (0..<n).map { c in (0..<k).reduce(0.0) { $0 + Double(a[r, $1]) * Double(b[$1, c]) } }
        }
        #expect(worstError(BLAS.product(a, b).storage, expected) < 1e-5)
        let transposed = BLAS.product(a, b.transposed(), transposingB: true)
        #expect(worstError(transposed.storage, expected) < 1e-5)

        var right = b.storage
        var flipped = b.transposed().storage
        for r in 0..<m {
            var row = [Float](repeating: 1, count: n)
            let wanted = expected[r * n..<(r + 1) * n].map { 2 * $0 + 3 }
            Array(a.row(r)).withUnsafeBufferPointer { x in
                row.withUnsafeMutableBufferPointer { y in
                    withRows(&right, count: k, width: n) {
                        BLAS.multiplyRow(x, $0, scale: 2, keep: 3, into: y)
                    }
                }
                #expect(worstError(row, wanted) < 1e-5)
                row = [Float](repeating: 1, count: n)
                row.withUnsafeMutableBufferPointer { y in
                    withRows(&flipped, count: n, width: k) {
                        BLAS.multiplyRow(x, $0, transposingB: true, scale: 2, keep: 3, into: y)
                    }
                }
                #expect(worstError(row, wanted) < 1e-5)
            }
        }
    }

    @Test(arguments: UInt64(0)..<20) func multipliesByTheTransposeOfALeftMatrix(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let (m, k, n) = (1 + g.below(30), 1 + g.below(30), 1 + g.below(30))
        let (a, b) = (randomMatrix(m, k, &g), randomMatrix(k, n, &g))
        let expected = BLAS.product(a, b).storage.map { 2 * Double($0) + 1 }
        var (left, right) = (a.transposed().storage, b.storage)
        var found = [Float](repeating: 1, count: m * n)
        withRows(&left, count: k, width: m) { left in
            withRows(&right, count: k, width: n) { right in
                withRows(&found, count: m, width: n) {
                    BLAS.multiply(left, right, transposingA: true, scale: 2, keep: 1, into: $0)
                }
            }
        }
        #expect(worstError(found, expected) < 1e-5)
    }

    @Test func keepsWhatIsThere_andLeavesTheGaps_whenRowsAreSpaced() {
        var a: [Float] = [1, 2, 9, 3, 4, 9]
        var b: [Float] = [1, 0, 0, 1]
        var c: [Float] = [10, 10, 7, 10, 10, 7]
        withRows(&a, count: 2, width: 2, stride: 3) { a in
            withRows(&b, count: 2, width: 2) { b in
                withRows(&c, count: 2, width: 2, stride: 3) { c in
                    BLAS.multiply(a, b, scale: 2, keep: 1, into: c)
                }
            }
        }
        #expect(c == [12, 14, 7, 16, 18, 7])
    }
}
