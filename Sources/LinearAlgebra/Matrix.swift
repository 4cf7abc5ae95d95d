/// A row-major table of 32-bit floats: element (r, c) is `storage[r * columns + c]`.
///
/// Read first: ``RowView`` is the unsafe view that kernels work on, ``PackedMatrix`` is a matrix
/// prepared for being multiplied from the right many times. This module knows nothing of models.
public struct Matrix: Sendable, Hashable {
    /// How many rows, ≥ 0.
    public let rows: Int
    /// How many columns, ≥ 0.
    public let columns: Int
    /// The elements, row after row, `rows * columns` of them.
    public private(set) var storage: [Float]

    /// - Parameter storage: the elements, row after row.
    /// - Precondition: `storage.count == rows * columns`.
    public init(rows: Int, columns: Int, storage: [Float]) {
        precondition(
            rows >= 0 && columns >= 0 && storage.count == rows * columns,
            "Matrix: \(storage.count) elements for \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        self.storage = storage
    }

    /// A matrix whose elements all equal `value`.
    public init(rows: Int, columns: Int, repeating value: Float = 0) {
        let storage = [Float](repeating: value, count: rows * columns)
        self.init(rows: rows, columns: columns, storage: storage)
    }

    /// A matrix of the given rows.
    ///
    /// - Precondition: all rows have the same length.
    public init(_ rows: [[Float]]) {
        let columns = rows.first?.count ?? 0
        precondition(rows.allSatisfy { $0.count == columns }, "Matrix: rows of unequal length")
        self.init(rows: rows.count, columns: columns, storage: rows.flatMap { $0 })
    }

    /// The element at a row and a column.
    public subscript(row: Int, column: Int) -> Float {
        get {
            check(row, column)
            return storage[row * columns + column]
        }
        set {
            check(row, column)
            storage[row * columns + column] = newValue
        }
    }

    /// One row, `columns` elements; its indices are those of ``storage``.
    public func row(_ index: Int) -> ArraySlice<Float> {
        precondition(index >= 0 && index < rows, "row \(index) of \(rows)")
        return storage[index * columns..<(index + 1) * columns]
    }

    /// The matrix with rows and columns exchanged.
    public func transposed() -> Matrix {
        var result = Matrix(rows: columns, columns: rows)
        for r in 0..<rows {
            for c in 0..<columns { result.storage[c * rows + r] = storage[r * columns + c] }
        }
        return result
    }

    /// Read access to the elements as one contiguous run.
    public func withUnsafeBufferPointer<R, E: Error>(
        _ body: (UnsafeBufferPointer<Float>) throws(E) -> R
    ) throws(E) -> R {
        try storage.withUnsafeBufferPointer(body)
    }

    /// Write access to the elements as one contiguous run.
    public mutating func withUnsafeMutableBufferPointer<R, E: Error>(
        _ body: (inout UnsafeMutableBufferPointer<Float>) throws(E) -> R
    ) throws(E) -> R {
        try storage.withUnsafeMutableBufferPointer(body)
    }

    private func check(_ row: Int, _ column: Int) {
        precondition(
            row >= 0 && row < rows && column >= 0 && column < columns,
            "element (\(row), \(column)) of \(rows) × \(columns)")
    }
}
