import COpenBLAS

extension RowKernels {
    /// y = y + Σ factor · row, over rows chosen by index, in the order of the indices.
    ///
    /// Several times faster than a loop of ``addScaled(_:_:to:count:)``, as y stays in registers. The bits
    /// do not depend on the CPU.
    ///
    /// - Parameters:
    ///   - factors: `count` of them, `step` floats apart.
    ///   - indices: of rows.
    ///   - rows: with room for their width rounded up to a multiple of 16.
    ///   - y: of the same room; what pads it is added to as well.
    public static func addRows(
        _ factors: UnsafePointer<Float>, step: Int, _ indices: UnsafePointer<UInt32>, count: Int,
        of rows: RowView, to y: UnsafeMutablePointer<Float>
    ) {
        let width = PackedMatrix.padded(rows.width)
        precondition(rows.stride >= width, "rows of \(rows.width) spaced by \(rows.stride)")
        cj_sparse_sum(count, factors, step, indices, rows.base, rows.stride, width, y)
    }

    /// products = products + x · row, of rows chosen by index, in an order that their width alone decides.
    ///
    /// - Parameters:
    ///   - rows: with room for their width rounded up to a multiple of 16, padded with zeros.
    ///   - x: of the same room, padded with zeros.
    ///   - products: `count` of them, `step` floats apart.
    public static func dotRows(
        _ x: UnsafePointer<Float>, _ indices: UnsafePointer<UInt32>, count: Int, of rows: RowView,
        into products: UnsafeMutablePointer<Float>, step: Int
    ) {
        let width = PackedMatrix.padded(rows.width)
        precondition(rows.stride >= width, "rows of \(rows.width) spaced by \(rows.stride)")
        cj_sparse_dot(count, x, indices, rows.base, rows.stride, width, products, step)
    }

    /// ``addRows(_:step:_:count:of:to:)`` without any instruction newer than the baseline, for tests.
    static func addRowsPortably(
        _ factors: UnsafePointer<Float>, step: Int, _ indices: UnsafePointer<UInt32>, count: Int,
        of rows: RowView, to y: UnsafeMutablePointer<Float>
    ) {
        cj_sparse_sum_portable(
            count, factors, step, indices, rows.base, rows.stride,
            PackedMatrix.padded(rows.width), y)
    }

    /// ``dotRows(_:_:count:of:into:step:)`` without any instruction newer than the baseline, for tests.
    static func dotRowsPortably(
        _ x: UnsafePointer<Float>, _ indices: UnsafePointer<UInt32>, count: Int, of rows: RowView,
        into products: UnsafeMutablePointer<Float>, step: Int
    ) {
        cj_sparse_dot_portable(
            count, x, indices, rows.base, rows.stride, PackedMatrix.padded(rows.width), products,
            step)
    }
}
