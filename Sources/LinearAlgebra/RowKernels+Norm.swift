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
        let panels = (scores.width + 15) / 16
        var padded = [Float](repeating: 0, count: panels * 16)
        padded.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for r in 0..<scores.count {
                let row = scores.row(r)
                base.update(from: row, count: r + 1)
                let scale = 1 / paddedExponentials(base, count: r + 1, panels)
                for c in 0..<scores.width { row[c] = base[c] * scale }
            }
        }
    }

    /// Replaces the first `count` (above 0) floats by exp(x − max), the rest of the `panels` times
    /// 16 floats by 0, and returns the sum.
    @inline(__always)
    static func paddedExponentials(
        _ row: UnsafeMutablePointer<Float>, count: Int, _ panels: Int
    ) -> Float {
        let last = (count - 1) / 16
        let inside = inside(count - last * 16)
        let final = load(row + last * 16)
        var top = final + (inside - 1) * 1e30
        for panel in 0..<last {
            let v = load(row + panel * 16)
            top = top.replacing(with: v, where: v .> top)
        }
        let greatest = maximum(top)
        var sums = exponential(final - greatest) * inside
        store(sums, row + last * 16)
        for panel in 0..<last {
            let e = exponential(load(row + panel * 16) - greatest)
            store(e, row + panel * 16)
            sums += e
        }
        for panel in (last + 1)..<max(panels, last + 1) {
            store(SIMD16<Float>.zero, row + panel * 16)
        }
        return sum(sums)
    }

    /// 1 in the first `count` lanes, 0 in the others, by arithmetic: a mask that is kept is built
    /// lane by lane without -march.
    @inline(__always)
    private static func inside(_ count: Int) -> SIMD16<Float> {
        let lanes = SIMD16<Float>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
        let left = SIMD16(repeating: Float(count)) - lanes
        let positive = left.replacing(with: SIMD16.zero, where: left .< SIMD16.zero)
        let one = SIMD16<Float>(repeating: 1)
        return positive.replacing(with: one, where: positive .> one)
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
