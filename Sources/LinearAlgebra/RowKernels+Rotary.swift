extension RowKernels {
    /// Root-mean-square norm of every row: x / √(mean of x² + epsilon) · gain.
    ///
    /// - Parameters:
    ///   - gain: one factor per column.
    ///   - output: as many rows as `x` and as wide; may be `x` itself.
    /// - Precondition: the widths agree.
    /// - Source: Zhang and Sennrich 2019, arXiv 1910.07467.
    public static func rmsNorm(
        _ x: RowView, gain: UnsafeBufferPointer<Float>, epsilon: Float, into output: RowView
    ) {
        let width = x.width
        precondition(
            output.width == width && output.count == x.count && gain.count == width,
            "rmsNorm: rows of \(width), gain \(gain.count), output of \(output.width)")
        guard let gain = gain.baseAddress else { return }
        for r in 0..<x.count {
            let row = UnsafePointer(x.row(r))
            let scale = 1 / (squares(row, width) / Float(width) + epsilon).squareRoot()
            let out = output.row(r)
            var c = 0
            while c + 16 <= width {
                store(load(row + c) * scale * load(gain + c), out + c)
                c += 16
            }
            while c < width {
                out[c] = row[c] * scale * gain[c]
                c += 1
            }
        }
    }

    /// Divides every row by its length; a row shorter than `epsilon` is divided by `epsilon`.
    public static func normalizeLength(_ x: RowView, epsilon: Float = 1e-12) {
        for r in 0..<x.count {
            let length = squares(x.row(r), x.width).squareRoot()
            scale(x.rows(r..<r + 1), by: 1 / (length > epsilon ? length : epsilon))
        }
    }

    /// Turns the pairs (column i, column i + half) of every row by that row's angles, in place.
    ///
    /// - Parameters:
    ///   - x: rows; only the first 2 · half columns are turned.
    ///   - cosines: of the angles, [x.count × half].
    ///   - sines: of the angles, [x.count × half].
    /// - Source: Su et al. 2021, arXiv 2104.09864, in the half-rotation layout of GPT-NeoX.
    public static func rotateHalves(_ x: RowView, cosines: RowView, sines: RowView) {
        let half = cosines.width
        precondition(
            cosines.count == x.count && sines.count == x.count && sines.width == half
                && 2 * half <= x.width,
            "rotateHalves: \(x.count) × \(x.width) by \(cosines.count) × \(half) angles")
        for r in 0..<x.count {
            let (a, cosine, sine) = (x.row(r), cosines.row(r), sines.row(r))
            let b = a + half
            var c = 0
            while c + 16 <= half {
                let (u, v, s, t) = (load(a + c), load(b + c), load(sine + c), load(cosine + c))
                store(u * t - v * s, a + c)
                store(v * t + u * s, b + c)
                c += 16
            }
            while c < half {
                let (u, v) = (a[c], b[c])
                a[c] = u * cosine[c] - v * sine[c]
                b[c] = v * cosine[c] + u * sine[c]
                c += 1
            }
        }
    }

    @inline(__always)
    private static func squares(_ row: UnsafePointer<Float>, _ width: Int) -> Float {
        var sums = SIMD16<Float>.zero
        var c = 0
        while c + 16 <= width {
            let v = load(row + c)
            sums += v * v
            c += 16
        }
        let rest = load(row + c, count: width - c)
        return sum(sums + rest * rest)
    }
}
