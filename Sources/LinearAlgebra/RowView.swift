/// A view of rows in memory that somebody else owns: what the kernels read and write.
///
/// Row r is the `width` floats from `base + r * stride`. The view is as safe as its pointer: it
/// must not outlive the memory, and nobody else may write to the rows meanwhile.
public struct RowView {
    /// The first element of the first row.
    public let base: UnsafeMutablePointer<Float>
    /// How many rows.
    public let count: Int
    /// How many floats of a row belong to it.
    public let width: Int
    /// How many floats lie between the starts of two rows, at least `width`.
    public let stride: Int

    /// - Parameter stride: the distance between rows, or nil if they touch.
    public init(
        _ base: UnsafeMutablePointer<Float>, count: Int, width: Int, stride: Int? = nil
    ) {
        let stride = stride ?? width
        precondition(
            count >= 0 && width >= 0 && stride >= width,
            "RowView: \(count) rows of \(width) with stride \(stride)")
        self.base = base
        self.count = count
        self.width = width
        self.stride = stride
    }

    /// The first element of a row.
    @inline(__always)
    public func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * stride }

    /// The same rows, seen only from column `column` on for `width` columns.
    public func columns(_ column: Int, width: Int) -> RowView {
        precondition(
            column >= 0 && width >= 0 && column + width <= self.width,
            "columns \(column)..<\(column + width) of \(self.width)")
        return RowView(base + column, count: count, width: width, stride: stride)
    }

    /// Some of the rows.
    public func rows(_ range: Range<Int>) -> RowView {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count, "rows \(range) of \(count)")
        return RowView(
            base + range.lowerBound * stride, count: range.count, width: width, stride: stride)
    }

    /// Sets every element, without touching what lies between the rows.
    public func fill(_ value: Float) {
        for r in 0..<count { row(r).update(repeating: value, count: width) }
    }
}

/// Kernels over rows. Every one is deterministic per row: a row's result does not depend on the
/// other rows, on its place among them, or on any thread.
public enum RowKernels {}
