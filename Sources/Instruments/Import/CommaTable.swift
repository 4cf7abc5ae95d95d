/// A table of comma-separated values (RFC 4180).
public struct CommaTable: Sendable, Hashable {
    /// Names of the columns.
    public let header: [String]
    /// As many cells in each as there are columns.
    public let rows: [[String]]

    static let rowLimit = 1_000_000
    static let columnLimit = 100

    /// - Precondition: every row is as wide as the header.
    public init(header: [String], rows: [[String]]) {
        precondition(rows.allSatisfy { $0.count == header.count }, "rows of unequal width")
        self.header = header
        self.rows = rows
    }

    /// - Parameter path: for messages.
    public init(parsing bytes: [UInt8], path: String) throws(InstrumentError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badFile(path: path, place: "", reason: "is not UTF-8")
        }
        var reader = CommaReader(text, path: path)
        let header = try reader.record() ?? []
        guard !header.isEmpty, header.count <= Self.columnLimit else {
            throw .badFile(
                path: path, place: "line 1",
                reason: "must name 1 to \(Self.columnLimit) columns")
        }
        var rows: [[String]] = []
        while let row = try reader.record() {
            if row == [""] && header.count > 1 { continue }
            guard row.count == header.count, rows.count < Self.rowLimit else {
                throw .badFile(
                    path: path, place: "row \(rows.count + 1)",
                    reason: "has \(row.count) cells for \(header.count) columns, or is one too many"
                )
            }
            rows.append(row)
        }
        self.header = header
        self.rows = rows
    }

    public var text: String {
        ([header] + rows).map { row in row.map(Self.quoted).joined(separator: ",") + "\r\n" }
            .joined()
    }

    private static func quoted(_ cell: String) -> String {
        let needsMarks =
            cell.isEmpty
            || cell.unicodeScalars.contains {
                $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r"
            }
        guard needsMarks else { return cell }
        var result = "\""
        for scalar in cell.unicodeScalars {
            result.unicodeScalars.append(scalar)
            if scalar == "\"" { result.unicodeScalars.append(scalar) }
        }
        return result + "\""
    }
}

/// Reads one record after the other.
private struct CommaReader {
    private let scalars: [Unicode.Scalar]
    private let path: String
    private var position = 0
    private var line = 1

    init(_ text: String, path: String) {
        scalars = Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
        self.path = path
    }

    /// - Returns: nil at the end.
    mutating func record() throws(InstrumentError) -> [String]? {
        guard position < scalars.count else { return nil }
        var cells: [String] = []
        while true {
            cells.append(try cell())
            guard position < scalars.count else { return cells }
            let end = scalars[position]
            position += 1
            if end == "," { continue }
            if end == "\r", position < scalars.count, scalars[position] == "\n" { position += 1 }
            line += 1
            return cells
        }
    }

    private mutating func cell() throws(InstrumentError) -> String {
        var cell = String.UnicodeScalarView()
        guard position < scalars.count, scalars[position] == "\"" else {
            while position < scalars.count, ![",", "\n", "\r"].contains(scalars[position]) {
                cell.append(scalars[position])
                position += 1
            }
            return String(cell)
        }
        let start = line
        position += 1
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            if scalar == "\"" {
                guard position < scalars.count, scalars[position] == "\"" else {
                    guard
                        position == scalars.count || [",", "\n", "\r"].contains(scalars[position])
                    else {
                        throw .badFile(
                            path: path, place: "line \(line)",
                            reason: "goes on after a closing quotation mark")
                    }
                    return String(cell)
                }
                position += 1
            }
            if scalar == "\n" { line += 1 }
            cell.append(scalar)
        }
        throw .badFile(
            path: path, place: "line \(start)", reason: "has a quotation mark that is not closed")
    }
}
