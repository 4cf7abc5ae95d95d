extension RowKernels {
    /// a · b, in an order that depends on `count` alone.
    public static func dot(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
    ) -> Float {
        var sums = SIMD16<Float>.zero
        var i = 0
        while i + 16 <= count {
            sums += load(a + i) * load(b + i)
            i += 16
        }
        if i < count {
            sums += load(a + i, count: count - i) * load(b + i, count: count - i)
        }
        return sum(sums)
    }

    /// y = y + scale · x.
    public static func addScaled(
        _ scale: Float, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int
    ) {
        let factor = SIMD16<Float>(repeating: scale)
        var i = 0
        while i + 16 <= count {
            store(load(y + i) + factor * load(x + i), y + i)
            i += 16
        }
        while i < count {
            y[i] += scale * x[i]
            i += 1
        }
    }

    /// y = scale · y.
    public static func scale(_ y: UnsafeMutablePointer<Float>, by scale: Float, count: Int) {
        let factor = SIMD16<Float>(repeating: scale)
        var i = 0
        while i + 16 <= count {
            store(factor * load(y + i), y + i)
            i += 16
        }
        while i < count {
            y[i] *= scale
            i += 1
        }
    }
}
