extension RowKernels {
    /// Layer norm of every row: (x − mean) / √(variance + epsilon) · gain + shift.
    ///
    /// The variance is that of the row itself (divisor: the width), from the centred values.
    ///
    /// - Parameters:
    ///   - gain: one factor per column.
    ///   - shift: one summand per column.
    ///   - output: as many rows as `x` and as wide; may be `x` itself.
    /// - Precondition: the widths agree.
    public static func layerNorm(
        _ x: RowView, gain: UnsafeBufferPointer<Float>, shift: UnsafeBufferPointer<Float>,
        epsilon: Float, into output: RowView
    ) {
        let width = x.width
        precondition(
            output.width == width && output.count == x.count && gain.count == width
                && shift.count == width,
            "layerNorm: rows of \(width), gain \(gain.count), shift \(shift.count)")
        guard let gain = gain.baseAddress, let shift = shift.baseAddress else { return }
        for r in 0..<x.count {
            let row = UnsafePointer(x.row(r))
            let mean = total(row, width) / Float(width)
            let variance = squares(row, width, around: mean) / Float(width)
            let scale = 1 / (variance + epsilon).squareRoot()
            let out = output.row(r)
            var c = 0
            while c + 16 <= width {
                let centred = (load(row + c) - mean) * scale
                store(centred * load(gain + c) + load(shift + c), out + c)
                c += 16
            }
            while c < width {
                out[c] = (row[c] - mean) * scale * gain[c] + shift[c]
                c += 1
            }
        }
    }

    /// Causal softmax of square score blocks, in place: row r keeps its first r + 1 entries,
    /// normalised to sum 1; the later ones become 0.
    ///
    /// - Precondition: `scores.width ≥ scores.count`.
    public static func causalSoftmax(_ scores: RowView) {
        precondition(
            scores.width >= scores.count,
            "causalSoftmax: \(scores.count) rows of \(scores.width)")
        for r in 0..<scores.count {
            let row = scores.row(r)
            let scale = 1 / exponentials(row, count: r + 1)
            for c in 0...r { row[c] *= scale }
            for c in (r + 1)..<max(scores.width, r + 1) { row[c] = 0 }
        }
    }

    /// Replaces the first `count` (above 0) floats by exp(x − max) and returns their sum.
    @inline(__always)
    static func exponentials(_ row: UnsafeMutablePointer<Float>, count: Int) -> Float {
        let whole = count & ~15
        let rest = count - whole
        var top = SIMD16<Float>(repeating: row[0])
        var c = 0
        while c < whole {
            let v = load(row + c)
            top = top.replacing(with: v, where: v .> top)
            c += 16
        }
        var greatest = maximum(top)
        while c < count {
            if row[c] > greatest { greatest = row[c] }
            c += 1
        }
        var sums = SIMD16<Float>.zero
        c = 0
        while c < whole {
            let e = exponential(load(row + c) - greatest)
            store(e, row + c)
            sums += e
            c += 16
        }
        if rest > 0 {
            let lanes = exponential(load(row + c, count: rest) - greatest)
            store(lanes, row + c, count: rest)
            sums += load(row + c, count: rest)
        }
        return sum(sums)
    }

    @inline(__always)
    private static func total(_ row: UnsafePointer<Float>, _ width: Int) -> Float {
        var sums = SIMD16<Float>.zero
        var c = 0
        while c + 16 <= width {
            sums += load(row + c)
            c += 16
        }
        return sum(sums + load(row + c, count: width - c))
    }

    @inline(__always)
    private static func squares(
        _ row: UnsafePointer<Float>, _ width: Int, around mean: Float
    ) -> Float {
        var sums = SIMD16<Float>.zero
        var c = 0
        while c + 16 <= width {
            let v = load(row + c) - mean
            sums += v * v
            c += 16
        }
        var result = sum(sums)
        while c < width {
            result += (row[c] - mean) * (row[c] - mean)
            c += 1
        }
        return result
    }
}
