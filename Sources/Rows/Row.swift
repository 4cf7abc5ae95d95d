/// Where a row stands in its file.
public struct RowPlace: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Records from 1; a CSV header and blank lines are none.
    public let number: Int
    /// The line, from 1, on which the record starts.
    public let line: Int

    public init(number: Int, line: Int) {
        self.number = number
        self.line = line
    }

    public var description: String {
        number == line ? "row \(number)" : "row \(number) (line \(line))"
    }
}

/// One record: cells under column names.
public struct Row: Hashable, Sendable {
    public let place: RowPlace
    /// The names of the columns it has, in the order of the file.
    public let columns: [String]
    private let cells: [Cell]

    /// - Precondition: one cell per column.
    public init(place: RowPlace, columns: [String], cells: [Cell]) {
        precondition(
            columns.count == cells.count, "Row: \(columns.count) columns, \(cells.count) cells")
        self.place = place
        self.columns = columns
        self.cells = cells
    }

    /// Records from 1.
    public var number: Int { place.number }

    /// The cell under a name; nil when the row has no such column.
    public subscript(column: String) -> Cell? {
        columns.firstIndex(of: column).map { cells[$0] }
    }
}
