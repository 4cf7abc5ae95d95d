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
        InputReading(reading) { row throws(CellFault) in
            let cells = CellReader(schema: self)
            return RowInput(
                row: row, texts: try text.texts(of: row),
                confounders: try confounders.map { column throws(CellFault) in
                    try cells.number(row, column)
                }, identifier: identifier.flatMap { row[$0]?.name })
        }
    }
}

extension RowSchema.TextColumns {
    /// Reads a row for scoring where its texts are all that is asked for.
    public func input(of reading: RowReader.Reading) -> InputReading {
        InputReading(reading) { row throws(CellFault) in
            RowInput(row: row, texts: try texts(of: row), confounders: [], identifier: nil)
        }
    }

    func texts(of row: Row) throws(CellFault) -> [String] {
        try names.map { column throws(CellFault) in try CellReader.text(row, column) }
    }
}

extension RowInput {
    fileprivate init(row: Row, texts: [String], confounders: [Double], identifier: String?) {
        self.init(
            place: row.place, text: texts[0], otherText: texts.dropFirst().first,
            confounders: confounders, identifier: identifier)
    }
}

extension InputReading {
    fileprivate init(
        _ reading: RowReader.Reading, _ input: (Row) throws(CellFault) -> RowInput
    ) {
        switch reading {
        case .unreadable(let place, let reason, let detail):
            self = .setAside(place, reason, detail: detail)
        case .row(let row):
            do throws(CellFault) {
                self = .input(try input(row))
            } catch {
                switch error {
                case .setAside(let reason, let detail):
                    self = .setAside(row.place, reason, detail: detail)
                case .fatal(let error):
                    self = .setAside(row.place, SetAside.Reason(.wrongType), detail: "\(error)")
                }
            }
        }
    }
}
