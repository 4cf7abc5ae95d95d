/// What a row gives to a scorer: the texts and the confounders, without a target.
public struct RowInput: Hashable, Sendable {
    public let place: RowPlace
    public let text: String
    /// The second text of a pair.
    public let otherText: String?
    /// In the order of ``RowSchema/confounders``.
    public let confounders: [Double]
    public let identifier: String?
}

/// A row that can be scored, or why it cannot.
public enum InputReading: Hashable, Sendable {
    case input(RowInput)
    case setAside(RowPlace, SetAside.Reason, detail: String)
}

extension RowSchema {
    /// Reads a row for scoring. The target, group and time are not asked for, and a cell of the
    /// wrong type costs this row alone, for a stream of rows is never seen as a whole.
    public func input(of reading: RowReader.Reading) -> InputReading {
        switch reading {
        case .unreadable(let place, let reason, let detail):
            return .setAside(place, reason, detail: detail)
        case .row(let row):
            do throws(CellFault) {
                return .input(try input(of: row))
            } catch {
                switch error {
                case .setAside(let reason, let detail):
                    return .setAside(row.place, reason, detail: detail)
                case .fatal(let error):
                    return .setAside(row.place, SetAside.Reason(.wrongType), detail: "\(error)")
                }
            }
        }
    }

    private func input(of row: Row) throws(CellFault) -> RowInput {
        let cells = CellReader(schema: self)
        let texts = try text.names.map { column throws(CellFault) in try cells.text(row, column) }
        return RowInput(
            place: row.place, text: texts[0], otherText: texts.dropFirst().first,
            confounders: try confounders.map { column throws(CellFault) in
                try cells.number(row, column)
            },
            identifier: identifier.flatMap { row[$0]?.name })
    }
}
