import LinearAlgebra
import Testing

@testable import struct LinearAlgebra.PackedMatrix

@Suite struct PackedMatrixTests {
    private func product(_ packed: PackedMatrix, _ x: Matrix, adding start: Float? = nil) -> [Float]
    {
        var x = x.storage
        let rows = x.count / max(1, packed.inner)
        var y = [Float](repeating: start ?? 0, count: rows * packed.stride)
        withRows(&x, count: rows, width: packed.inner) { input in
            withRows(&y, count: rows, width: packed.columns, stride: packed.stride) { output in
                packed.multiply(input, into: output, adding: start != nil)
            }
        }
        return (0..<rows).flatMap { r in y[r * packed.stride..<r * packed.stride + packed.columns] }
    }

    private func slow(_ x: Matrix, _ w: Matrix, _ bias: [Float], start: Double) -> [Double] {
        (0..<x.rows).flatMap { r in
            (0..<w.columns).map { c in
                (0..<w.rows).reduce(start + Double(bias[c])) {
                    $0 + Double(x[r, $1]) * Double(w[$1, c])
                }
            }
        }
    }

    @Test(arguments: UInt64(0)..<30) func matchesPlainLoop(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let (m, k, n) = (1 + g.below(120), 1 + g.below(50), 1 + g.below(50))
        let (x, w) = (randomMatrix(m, k, &g), randomMatrix(k, n, &g))
        let bias = randomFloats(n, &g)
        let packed = PackedMatrix(w, bias: bias)
        #expect(worstError(product(packed, x), slow(x, w, bias, start: 0)) < 1e-5)
        #expect(worstError(product(packed, x, adding: 2), slow(x, w, bias, start: 2)) < 1e-5)
    }

    /// OpenBLAS fails this: the order of its sums depends on the row's place modulo 12.
    @Test(arguments: UInt64(0)..<20) func givesTheSameBits_whereverTheRowStands(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let (m, k, n) = (200 + g.below(100), 1 + g.below(130), 1 + g.below(70))
        let x = randomMatrix(m, k, &g)
        let packed = PackedMatrix(randomMatrix(k, n, &g), bias: randomFloats(n, &g))
        let whole = product(packed, x)
        for _ in 0..<10 {
            let first = g.below(m)
            let count = 1 + g.below(m - first)
            let part = Matrix(
                rows: count, columns: k, storage: Array(x.storage[first * k..<(first + count) * k]))
            #expect(bits(product(packed, part)) == bits(whole[first * n..<(first + count) * n]))
        }
    }

    @Test(arguments: UInt64(0)..<5) func givesTheSameBits_withoutNewerInstructions(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let (m, k, n) = (1 + g.below(20), 1 + g.below(130), 1 + g.below(70))
        var x = randomFloats(m * k, &g)
        let packed = PackedMatrix(randomMatrix(k, n, &g), bias: randomFloats(n, &g))
        var fast = [Float](repeating: 0, count: m * packed.stride)
        var portable = fast
        withRows(&x, count: m, width: k) { input in
            withRows(&fast, count: m, width: n, stride: packed.stride) {
                packed.multiply(input, into: $0)
            }
            withRows(&portable, count: m, width: n, stride: packed.stride) {
                packed.multiplyPortably(input, into: $0)
            }
        }
        #expect(bits(fast) == bits(portable))
    }
}

/// Weights of 16 bits act as the 32-bit numbers that they are.
@Suite struct NarrowMatrixTests {
    private func products(_ packed: PackedMatrix, _ x: [Float], _ rows: Int) -> [[UInt32]] {
        var x = x
        var results: [[UInt32]] = []
        for isPortable in [false, true] {
            var y = [Float](repeating: 0, count: rows * packed.stride)
            withRows(&x, count: rows, width: packed.inner) { input in
                withRows(&y, count: rows, width: packed.columns, stride: packed.stride) {
                    if isPortable {
                        packed.multiplyPortably(input, into: $0)
                    } else {
                        packed.multiply(input, into: $0)
                    }
                }
            }
            results.append(bits(y))
        }
        return results
    }

    @Test(arguments: UInt64(0)..<20) func giveTheBitsOfTheWidenedNumbers(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let (m, k, n) = (1 + g.below(140), 1 + g.below(900), 1 + g.below(420))
        let x = randomFloats(m * k, &g)
        let bias = randomFloats(n, &g)
        let halves = (0..<k * n).map { _ -> UInt16 in
            // Subnormals too, in either format.
            let magnitude = g.below(8) == 0 ? g.below(0x0400) : g.below(0x7C00)
            return UInt16(magnitude) | (g.below(2) == 0 ? 0x8000 : 0)
        }
        for element in [PackedMatrix.Element.float16, .bfloat16] {
            let wide = halves.map { half in
                element == .float16
                    ? Float(Float16(bitPattern: half)) : Float(bitPattern: UInt32(half) << 16)
            }
            var packer = PanelPacker(inner: k, columns: n, element: element)
            halves.withUnsafeBytes { bytes in
                let base = bytes.baseAddress!
                packer.pack(0..<n) { base + 2 * $0 * k }
            }
            let narrow = packer.packed(bias: bias)
            let same = PackedMatrix(transpose: wide, inner: k, columns: n, bias: bias)
            let found = products(narrow, x, m)
            #expect(found[0] == found[1])
            #expect(found[0] == products(same, x, m)[0])
            #expect(narrow.byteCount < same.byteCount)
        }
    }
}
