/// How the bytes of a table are to be read.
public enum RowFormat: String, Hashable, Sendable, Codable, CaseIterable {
    /// One JSON object a line.
    case jsonl
    /// RFC 4180 with a header row: quoted fields may hold commas, line breaks and doubled quotation
    /// marks; lines end with LF or CRLF.
    case csv

    /// The format that a file's extension names, or nil.
    public init?(path: String) {
        let name = path.lowercased()
        if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
            self = .jsonl
        } else if name.hasSuffix(".csv") {
            self = .csv
        } else {
            return nil
        }
    }
}
