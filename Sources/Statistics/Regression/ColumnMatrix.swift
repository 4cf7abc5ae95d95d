/// A table of doubles, column after column: element (r, c) is `storage[c * rows + r]`.
///
/// The shape of everything that is fitted or selected here: rows are observations, columns are
/// features. Values are finite; what is missing is filled in before it comes here.
public struct ColumnMatrix: Sendable, Hashable, Codable {
    /// How many rows, ≥ 0.
    public let rows: Int
    /// How many columns, ≥ 0.
    public let columns: Int
    /// The elements, column after column, `rows * columns` of them.
    public private(set) var storage: [Double]

    /// - Precondition: `storage.count == rows * columns`.
    public init(rows: Int, columns: Int, storage: [Double]) {
        precondition(
            rows >= 0 && columns >= 0 && storage.count == rows * columns,
            "ColumnMatrix: \(storage.count) elements for \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        self.storage = storage
    }

    /// A table whose elements all equal `value`.
    public init(rows: Int, columns: Int, repeating value: Double = 0) {
        let storage = [Double](repeating: value, count: rows * columns)
        self.init(rows: rows, columns: columns, storage: storage)
    }

    /// A table of the given columns; of none, where `rows` alone says how long they would be.
    ///
    /// - Precondition: every column has `rows` elements.
    public init(rows: Int, columns: [[Double]]) {
        for (place, column) in columns.enumerated() {
            precondition(
                column.count == rows,
                "ColumnMatrix: column \(place) has \(column.count) elements for \(rows) rows")
        }
        self.init(rows: rows, columns: columns.count, storage: columns.flatMap { $0 })
    }

    /// The element at a row and a column.
    public subscript(row: Int, column: Int) -> Double {
        get { storage[place(row, column)] }
        set { storage[place(row, column)] = newValue }
    }

    /// One column, `rows` elements; its indices are those of ``storage``.
    public func column(_ index: Int) -> ArraySlice<Double> {
        precondition(index >= 0 && index < columns, "column \(index) of \(columns)")
        return storage[index * rows..<(index + 1) * rows]
    }

    /// The table of some rows, in the order given; a row may come more than once.
    public func selecting(rows chosen: [Int]) -> ColumnMatrix {
        var selected: [Double] = []
        selected.reserveCapacity(chosen.count * columns)
        for c in 0..<columns {
            for r in chosen { selected.append(storage[place(r, c)]) }
        }
        return ColumnMatrix(rows: chosen.count, columns: columns, storage: selected)
    }

    /// The table of some columns, in the order given.
    public func selecting(columns chosen: [Int]) -> ColumnMatrix {
        ColumnMatrix(rows: rows, columns: chosen.count, storage: chosen.flatMap { column($0) })
    }

    /// This table with the columns of another to its right.
    ///
    /// - Precondition: both have the same rows.
    public func appending(_ other: ColumnMatrix) -> ColumnMatrix {
        precondition(rows == other.rows, "appending \(other.rows) rows to \(rows)")
        return ColumnMatrix(
            rows: rows, columns: columns + other.columns, storage: storage + other.storage)
    }

    /// Σ over the columns of coefficient · column, [rows].
    ///
    /// - Precondition: one coefficient for each column.
    public func product(_ coefficients: [Double]) -> [Double] {
        precondition(
            coefficients.count == columns, "\(coefficients.count) coefficients, \(columns) columns")
        var sums = [Double](repeating: 0, count: rows)
        for (c, coefficient) in coefficients.enumerated() where coefficient != 0 {
            let first = c * rows
            for r in 0..<rows { sums[r] += coefficient * storage[first + r] }
        }
        return sums
    }

    private func place(_ row: Int, _ column: Int) -> Int {
        precondition(
            row >= 0 && row < rows && column >= 0 && column < columns,
            "element (\(row), \(column)) of \(rows) × \(columns)")
        return column * rows + row
    }
}
