/// Why a row cannot be used, or the whole table.
enum CellFault: Error {
    case setAside(SetAside.Reason, detail: String)
    case fatal(RowError)
}

/// Reads single cells as what the schema says they are.
struct CellReader {
    let schema: RowSchema

    static func text(_ row: Row, _ column: String) throws(CellFault) -> String {
        switch row[column] ?? .missing {
        case .text(let text):
            guard text.contains(where: { !$0.isWhitespace }) else {
                throw .setAside(
                    SetAside.Reason(.emptyText, column: column), detail: RowError.quoted(text))
            }
            return text
        case .missing:
            throw .setAside(SetAside.Reason(.noValue, column: column), detail: "nothing")
        case let cell:
            throw .setAside(SetAside.Reason(.notText, column: column), detail: cell.summary)
        }
    }

    /// A finite number; a text that is none ends the reading, for the column is not what the user
    /// takes it to be.
    func number(_ row: Row, _ column: String) throws(CellFault) -> Double {
        let cell = try present(row, column)
        guard let number = cell.number else {
            throw .fatal(
                .wrongType(
                    column: column, row: row.place, found: cell.summary, expected: "a number",
                    earlier: nil))
        }
        return number
    }

    func time(_ row: Row, _ column: String) throws(CellFault) -> Double {
        let cell = try present(row, column)
        guard let seconds = Moment.seconds(cell) else {
            throw .fatal(
                .wrongType(
                    column: column, row: row.place, found: cell.summary,
                    expected: "a number or a date such as 2006-07-01", earlier: nil))
        }
        return seconds
    }

    /// The cell unless it is absent.
    func present(_ row: Row, _ column: String) throws(CellFault) -> Cell {
        let cell = row[column] ?? .missing
        guard !cell.isAbsent else {
            throw .setAside(SetAside.Reason(.noValue, column: column), detail: cell.summary)
        }
        return cell
    }
}
