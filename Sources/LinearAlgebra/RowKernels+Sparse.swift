import COpenBLAS

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

    /// y = y + Σ coefficient · row, with the bits of ``addScaled(_:_:to:count:)`` in the order of the list.
    public static func addRows(
        _ coefficients: UnsafePointer<Float>, _ indices: UnsafePointer<UInt32>, count: Int,
        of rows: RowView, to y: UnsafeMutablePointer<Float>
    ) {
        cj_plain_add_rows(count, coefficients, indices, rows.base, rows.stride, rows.width, y)
    }

    /// x · row of each row of a list, every one with the bits of ``dot(_:_:count:)``.
    public static func dotRows(
        _ x: UnsafePointer<Float>, _ indices: UnsafePointer<UInt32>, count: Int, of rows: RowView,
        into products: UnsafeMutablePointer<Float>
    ) {
        cj_plain_dot_rows(x, indices, count, rows.base, rows.stride, rows.width, products)
    }

    /// Calls `body` with the places of a row's elements that are above a number, in their order.
    @inline(__always)
    public static func forEach(
        above floor: Float, in row: UnsafeBufferPointer<Float>, _ body: (Int) -> Void
    ) {
        guard let base = row.baseAddress else { return }
        let bound = SIMD16<Float>(repeating: floor)
        var i = 0
        while i < row.count {
            if i + 16 <= row.count, !any(load(base + i) .> bound) {
                i += 16
                continue
            }
            let stop = min(i + 16, row.count)
            while i < stop {
                if base[i] > floor { body(i) }
                i += 1
            }
        }
    }

    /// Σ weight · x², in the order of ``dot(_:_:count:)``.
    public static func weightedSquare(
        _ x: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, count: Int
    ) -> Float {
        var sums = SIMD16<Float>.zero
        var i = 0
        while i + 16 <= count {
            let value = load(x + i)
            sums += load(weights + i) * (value * value)
            i += 16
        }
        if i < count {
            let value = load(x + i, count: count - i)
            sums += load(weights + i, count: count - i) * (value * value)
        }
        return sum(sums)
    }

    /// y = y · x, element by element.
    public static func multiply(
        _ y: UnsafeMutablePointer<Float>, by x: UnsafePointer<Float>, count: Int
    ) {
        for i in 0..<count { y[i] *= x[i] }
    }
}
