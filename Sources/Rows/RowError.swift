/// Why rows cannot be used at all. What is wrong with single rows is counted in ``SetAside``.
public enum RowError: Error, Hashable, Sendable {
    case unreadable(path: String, reason: String)
    /// The extension says nothing and no format was named.
    case unknownFormat(path: String)
    case unusableHeader(path: String, reason: String)
    /// Text columns and target do not go together.
    case contradictorySchema(String)
    /// `row` is the first row that was searched; nil when a CSV header was.
    case missingColumn(String, row: RowPlace?, known: [String])
    /// A cell is of another type than its column must have; `earlier` is a row that fits.
    case wrongType(
        column: String, row: RowPlace, found: String, expected: String, earlier: RowPlace?)
    case equalTarget(columns: [String], value: Double, count: Int)
    case tooManyLevels(column: String, row: RowPlace, limit: Int)
    /// Too few rows are left, with those set aside.
    case tooFewRows(found: Int, needed: Int, setAside: SetAside)
    case tooMuchText(byteLimit: Int)
    /// No rows fell to a role, for groups and near-duplicates must stay whole.
    case emptyRole(String, units: Int, largest: Int, rows: Int)
    case tooFewGroups(found: Int, folds: Int)
    /// The confirm rows do not fit the opening that was journaled.
    case sealBroken
}
