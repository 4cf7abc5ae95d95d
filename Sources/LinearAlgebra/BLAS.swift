import COpenBLAS

/// OpenBLAS, for large products whose last bits may depend on shape, place and CPU.
///
/// What must be the same bits in any batch goes through ``PackedMatrix`` instead. Calls block their
/// thread for as long as the product takes: keep them off the cooperative pool.
public enum BLAS {
    /// How many threads OpenBLAS uses for one product, from now on, in the whole process.
    ///
    /// - Precondition: `count` is above 0.
    public static func setThreads(_ count: Int) {
        precondition(count > 0, "setThreads(\(count))")
        openblas_set_num_threads(Int32(count))
    }

    /// The CPU core OpenBLAS has chosen its kernels for, for instance "Zen".
    public static var core: String { String(cString: openblas_get_corename()) }

    /// c = scale · op(a) op(b) + keep · c, where op is nothing or transposing.
    ///
    /// - Parameters:
    ///   - a: [m × k], or [k × m] if `transposingA`.
    ///   - b: [k × n], or [n × k] if `transposingB`.
    ///   - c: [m × n].
    ///   - keep: the share of what `c` holds; 1 with a bias in `c` fuses the bias.
    /// - Precondition: the shapes agree.
    public static func multiply(
        _ a: RowView, _ b: RowView, transposingA: Bool = false, transposingB: Bool = false,
        scale: Float = 1, keep: Float = 0, into c: RowView
    ) {
        let (m, inner) = transposingA ? (a.width, a.count) : (a.count, a.width)
        let (k, n) = transposingB ? (b.width, b.count) : (b.count, b.width)
        precondition(
            inner == k && c.count == m && c.width == n,
            """
            multiply: \(m) × \(inner) by \(k) × \(n) into \(c.count) × \(c.width)
            """)
        guard m > 0, n > 0 else { return }
        cblas_sgemm(
            CblasRowMajor, transposingA ? CblasTrans : CblasNoTrans,
            transposingB ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), Int32(k), scale, a.base,
            Int32(max(1, a.stride)), b.base,
            Int32(max(1, b.stride)), keep, c.base, Int32(c.stride))
    }

    /// y = scale · x op(b) + keep · y for a single row x: several times faster than a product.
    ///
    /// - Parameters: x has k elements, y has n; b as in ``multiply(_:_:transposingB:scale:keep:into:)``.
    public static func multiplyRow(
        _ x: UnsafeBufferPointer<Float>, _ b: RowView, transposingB: Bool = false,
        scale: Float = 1, keep: Float = 0, into y: UnsafeMutableBufferPointer<Float>
    ) {
        let (k, n) = transposingB ? (b.width, b.count) : (b.count, b.width)
        precondition(
            x.count == k && y.count == n, "multiplyRow: \(x.count) by \(k) × \(n) into \(y.count)")
        guard k > 0, n > 0 else { return }
        cblas_sgemv(
            CblasRowMajor, transposingB ? CblasNoTrans : CblasTrans, Int32(b.count),
            Int32(b.width), scale, b.base, Int32(b.stride), x.baseAddress, 1, keep, y.baseAddress,
            1)
    }

    /// a op(b) as a new matrix.
    ///
    /// - Precondition: the shapes agree.
    public static func product(_ a: Matrix, _ b: Matrix, transposingB: Bool = false) -> Matrix {
        var c = Matrix(rows: a.rows, columns: transposingB ? b.rows : b.columns)
        a.withUnsafeBufferPointer { left in
            b.withUnsafeBufferPointer { right in
                c.withUnsafeMutableBufferPointer { out in
                    guard let x = left.baseAddress, let y = right.baseAddress,
                        let z = out.baseAddress
                    else { return }
                    multiply(
                        RowView(UnsafeMutablePointer(mutating: x), count: a.rows, width: a.columns),
                        RowView(UnsafeMutablePointer(mutating: y), count: b.rows, width: b.columns),
                        transposingB: transposingB,
                        into: RowView(
                            z, count: a.rows, width: transposingB ? b.rows : b.columns))
                }
            }
        }
        return c
    }
}
