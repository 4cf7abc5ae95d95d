extension RowError: CustomStringConvertible {
    /// The thing, the reason and the cure.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
        case .unknownFormat(let path):
            "\(path): nobody says whether this is JSONL or CSV; rename it to .jsonl or .csv, or "
                + "name the format"
        case .unusableHeader(let path, let reason):
            "\(path): \(reason); a CSV file starts with a row that names each column once"
        case .contradictorySchema(let reason): "the columns do not go together: \(reason)"
        case .missingColumn(let column, let row, let known):
            Self.missingColumn(column, row: row, known: known)
        case .wrongType(let column, let row, let found, let expected, let earlier):
            "\(row), column \(Self.quoted(column)): found \(found) where \(expected) is due"
                + (earlier.map { ", as in \($0)" } ?? "") + "; correct the row or leave it out"
        case .equalTarget(let columns, let value, let count):
            "column \(columns.map(Self.quoted).joined(separator: "/")): all \(count) usable rows "
                + "have the target \(value), so nothing can be predicted; name another target"
        case .tooManyLevels(let column, let row, let limit):
            "\(row), column \(Self.quoted(column)): more than \(limit) different values are no "
                + "order of levels; take the target as a number"
        case .tooFewRows(let found, let needed, let setAside):
            "\(found) usable rows, at least \(needed) are needed; add rows"
                + (setAside.count == 0 ? "" : ", or mend those set aside:\n\(setAside)")
        case .tooMuchText(let byteLimit):
            "the texts take more than \(byteLimit >> 20) MiB of memory; take a sample of the rows"
        case .emptyRole(let role, let units, let largest, let rows):
            "no rows are left for the role \(role): \(rows) rows form \(units) groups that must "
                + "stay whole, the largest of \(largest) rows; add rows of other groups"
        case .tooFewGroups(let found, let folds):
            "\(found) groups cannot be dealt to \(folds) folds; add rows of other groups"
        case .sealBroken:
            "the confirm rows do not fit the journaled opening: the data have changed since the "
                + "run began; put the old file back, or begin a new run"
        }
    }

    private static func missingColumn(
        _ column: String, row: RowPlace?, known: [String]
    ) -> String {
        let place = row.map { "every row from \($0)" } ?? "the header"
        let names = known.prefix(40).map(quoted).joined(separator: ", ")
        return "column \(quoted(column)): \(place) lacks it; there are: "
            + (names.isEmpty ? "none" : names)
    }

    /// A text from a file, for a message: on one line, bounded, without control characters.
    static func quoted(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(60) {
            let isControl = scalar.properties.generalCategory == .control
            let isFormat = scalar.properties.generalCategory == .format
            shown += isControl || isFormat ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return "\"\(shown)\(text.unicodeScalars.count > 60 ? "…" : "")\""
    }
}
