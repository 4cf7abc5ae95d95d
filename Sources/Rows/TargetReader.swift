/// Reads the target of one row after the other and sees to it that it stays of one type.
struct TargetReader {
    struct Value {
        let target: Double
        let trials: Double?
    }

    private enum CellType {
        case number, text, flag
    }

    private let schema: RowSchema
    private let cells: CellReader
    /// What the first cell of each target column was, and where.
    private var seen: [String: (type: CellType, place: RowPlace)] = [:]
    private var levels: Set<Double> = []

    init(schema: RowSchema) {
        self.schema = schema
        cells = CellReader(schema: schema)
    }

    mutating func read(_ row: Row) throws(CellFault) -> Value {
        switch schema.target {
        case .numeric(let column):
            return Value(target: try number(row, column), trials: nil)
        case .ordinal(let column):
            let level = try number(row, column)
            levels.insert(level)
            guard levels.count <= RowSet.levelLimit else {
                throw .fatal(
                    .tooManyLevels(column: column, row: row.place, limit: RowSet.levelLimit))
            }
            return Value(target: level, trials: nil)
        case .binary(let column):
            return Value(target: try flag(row, column), trials: nil)
        case .counts(let successes, let trials):
            return try share(row, successes, trials)
        case .preference:
            return Value(target: 1, trials: nil)
        }
    }

    private mutating func number(_ row: Row, _ column: String) throws(CellFault) -> Double {
        let cell = try checkedCell(row, column, expected: "a number")
        guard let number = cell.number else { throw fault(row, column, cell, "a number") }
        return number
    }

    private mutating func flag(_ row: Row, _ column: String) throws(CellFault) -> Double {
        let expected = "true or false (or yes or no, or 1 or 0)"
        let cell = try checkedCell(row, column, expected: expected)
        switch cell {
        case .flag(let value): return value ? 1 : 0
        case .number(0), .number(1): return cell.number ?? 0
        case .text(let text):
            switch text.lowercased() {
            case "true", "yes", "1", "1.0": return 1
            case "false", "no", "0", "0.0": return 0
            default: throw fault(row, column, cell, expected)
            }
        default: throw fault(row, column, cell, expected)
        }
    }

    private mutating func share(
        _ row: Row, _ successes: String, _ trials: String
    ) throws(CellFault) -> Value {
        let hits = try number(row, successes)
        let all = try number(row, trials)
        guard all >= 0, hits >= 0, hits <= all, hits == hits.rounded(), all == all.rounded() else {
            throw .setAside(
                SetAside.Reason(.impossibleCounts, column: "\(successes)/\(trials)"),
                detail: "\(hits) of \(all)")
        }
        guard all >= Double(schema.minimumTrials) else {
            throw .setAside(
                SetAside.Reason(.tooFewTrials, column: trials),
                detail: "\(all), at least \(schema.minimumTrials) are asked for")
        }
        return Value(target: hits / all, trials: all)
    }

    /// The cell, which must be of the type that the column had before.
    private mutating func checkedCell(
        _ row: Row, _ column: String, expected: String
    ) throws(CellFault) -> Cell {
        let cell = try cells.present(row, column)
        let type: CellType? =
            switch cell {
            case .number: .number
            case .text: .text
            case .flag: .flag
            case .missing, .compound: nil
            }
        guard let type else { throw fault(row, column, cell, expected) }
        if let earlier = seen[column] {
            guard earlier.type == type else { throw fault(row, column, cell, expected) }
        } else {
            seen[column] = (type, row.place)
        }
        return cell
    }

    private func fault(
        _ row: Row, _ column: String, _ cell: Cell, _ expected: String
    ) -> CellFault {
        let earlier = seen[column]?.place
        return .fatal(
            .wrongType(
                column: column, row: row.place, found: cell.summary, expected: expected,
                earlier: earlier == row.place ? nil : earlier))
    }
}
