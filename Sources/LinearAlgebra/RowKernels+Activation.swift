extension RowKernels {
    /// x ↦ x · ½(1 + tanh(√(2/π)(x + 0.044715 x³))), in place: "gelu_new" of GPT-2.
    ///
    /// - Parity: error below 1e-6 · max(1, |x|) of the formula in 64-bit arithmetic.
    public static func geluTanh(_ x: RowView) {
        map(x) { v in
            let u = v * (SIMD16(repeating: 1.595_769_1) + v * v * SIMD16(repeating: 0.071_354_82))
            return v / (SIMD16(repeating: 1) + exponential(-u))
        }
    }

    /// x ↦ x · ½(1 + erf(x/√2)), in place: "gelu" in its exact form.
    ///
    /// - Parity: error below 1e-6 · max(1, |x|) of the formula in 64-bit arithmetic.
    public static func geluExact(_ x: RowView) {
        map(x) { v in
            let half = v * SIMD16(repeating: 0.5)
            return half
                * (SIMD16(repeating: 1) + errorFunction(v * SIMD16(repeating: 0.707_106_78)))
        }
    }

    /// x ↦ max(x, 0), in place; a NaN stays.
    public static func relu(_ x: RowView) {
        map(x) { v in v.replacing(with: SIMD16<Float>.zero, where: v .< SIMD16<Float>.zero) }
    }

    /// x ↦ x + bias in every row, in place.
    ///
    /// - Precondition: `bias.count == x.width`.
    public static func add(bias: UnsafeBufferPointer<Float>, to x: RowView) {
        precondition(bias.count == x.width, "bias of \(bias.count) for rows of \(x.width)")
        guard let bias = bias.baseAddress else { return }
        for r in 0..<x.count {
            let row = x.row(r)
            var c = 0
            while c + 16 <= x.width {
                store(load(row + c) + load(bias + c), row + c)
                c += 16
            }
            while c < x.width {
                row[c] += bias[c]
                c += 1
            }
        }
    }

    @inline(__always)
    private static func map(_ x: RowView, _ body: (SIMD16<Float>) -> SIMD16<Float>) {
        for r in 0..<x.count {
            let row = x.row(r)
            var c = 0
            while c + 16 <= x.width {
                store(body(load(row + c)), row + c)
                c += 16
            }
            let rest = x.width - c
            if rest > 0 { store(body(load(row + c, count: rest)), row + c, count: rest) }
        }
    }
}
