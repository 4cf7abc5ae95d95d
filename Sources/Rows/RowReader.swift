/// Reads rows one at a time from a JSONL or CSV file or from standard input, without trusting them.
///
/// Rows turns tables of texts into what an inquiry may use. Read first: this, ``RowSchema`` (what
/// the user named), ``RowSet`` (what could be used, and what was set aside and why), ``RoleDeal``
/// (which rows may be read for what). The module must not know of features, tools, models or scores.
///
/// A record that cannot be read (malformed, not UTF-8, over the limit, with a wrong number of
/// fields) is a reading of its own that says so; it never ends the reading. One reader belongs to
/// one task: reading blocks.
///
/// - Complexity: O(bytes) time; memory is one record of at most ``defaultRecordByteLimit`` bytes
///   unless told otherwise, however long a line is.
public final class RowReader {
    /// A record or the reason why it is none.
    public enum Reading: Hashable, Sendable {
        case row(Row)
        case unreadable(RowPlace, SetAside.Reason, detail: String)
    }

    /// 16 MiB: longer records are set aside unread.
    public static let defaultRecordByteLimit = 16 << 20

    /// The columns of a CSV file; nil for JSONL, where every row names its own.
    public let header: [String]?
    private let records: RecordReader
    private let decoder: any RecordDecoder

    /// - Parameters:
    ///   - path: a file, or "-" for standard input.
    ///   - format: how the bytes are to be read; nil goes by the file's extension.
    /// - Throws: ``RowError`` when the file cannot be opened, its format is unknown or its CSV
    ///   header cannot be used.
    public convenience init(
        path: String, format: RowFormat? = nil, recordByteLimit: Int = defaultRecordByteLimit
    ) throws(RowError) {
        guard let format = format ?? RowFormat(path: path) else { throw .unknownFormat(path: path) }
        let source = try path == "-" ? FileBytes.standardInput : FileBytes(path: path)
        try self.init(source: source, format: format, recordByteLimit: recordByteLimit)
    }

    init(
        source: any ByteSource, format: RowFormat, recordByteLimit: Int = defaultRecordByteLimit
    ) throws(RowError) {
        records = RecordReader(source: source, format: format, byteLimit: recordByteLimit)
        switch format {
        case .jsonl:
            header = nil
            decoder = JSONLDecoder()
        case .csv:
            let decoder = try CSVDecoder(header: try records.next(), path: source.name)
            header = decoder.columns
            self.decoder = decoder
        }
    }

    /// The next reading, or nil at the end.
    ///
    /// - Throws: ``RowError/unreadable(path:reason:)`` when the system cannot read on.
    public func next() throws(RowError) -> Reading? {
        guard let record = try records.next() else { return nil }
        let place = RowPlace(
            number: header == nil ? record.number : record.number - 1, line: record.line)
        switch record.content {
        case .bytes(let bytes): return decoder.reading(of: bytes, at: place)
        case .tooLong(let byteCount):
            let detail = "\(byteCount) bytes, at most \(records.byteLimit) are read"
            return .unreadable(place, SetAside.Reason(.tooLong), detail: detail)
        }
    }

    /// The most bytes that the reader held at once.
    var peakByteCount: Int { records.peakByteCount }
}

/// Turns the bytes of one record into a row.
protocol RecordDecoder {
    func reading(of bytes: [UInt8], at place: RowPlace) -> RowReader.Reading
}
