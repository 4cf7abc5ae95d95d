/// A record of a CSV file with a header.
struct CSVDecoder: RecordDecoder {
    let columns: [String]

    /// - Throws: ``RowError/unusableHeader(path:reason:)``.
    init(header: RecordReader.Record?, path: String) throws(RowError) {
        guard let header else { throw .unusableHeader(path: path, reason: "the file is empty") }
        guard case .bytes(let bytes) = header.content else {
            throw .unusableHeader(path: path, reason: "its first record is too long")
        }
        guard bytes.withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) != nil else {
            throw .unusableHeader(path: path, reason: "its first record is not UTF-8")
        }
        do throws(CSVFields.Flaw) {
            columns = try CSVFields.split(bytes)
        } catch {
            throw .unusableHeader(path: path, reason: "its first record \(error)")
        }
        var seen: Set<String> = []
        for name in columns where !seen.insert(name).inserted {
            throw .unusableHeader(path: path, reason: "it names \(RowError.quoted(name)) twice")
        }
    }

    func reading(of bytes: [UInt8], at place: RowPlace) -> RowReader.Reading {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            return .unreadable(
                place, SetAside.Reason(.notUTF8), detail: "has bytes that are not UTF-8")
        }
        let fields: [String]
        do throws(CSVFields.Flaw) {
            fields = try CSVFields.split(bytes)
        } catch {
            return .unreadable(place, SetAside.Reason(.malformed), detail: "\(error)")
        }
        guard fields.count == columns.count else {
            let detail = "\(fields.count) fields, the header has \(columns.count)"
            return .unreadable(place, SetAside.Reason(.wrongFieldCount), detail: detail)
        }
        let cells = fields.map { $0.isEmpty ? Cell.missing : .text($0) }
        return .row(Row(place: place, columns: columns, cells: cells))
    }
}

/// The fields of one CSV record (RFC 4180). A quotation mark within an unquoted field stands for
/// itself, as other readers have it.
enum CSVFields {
    enum Flaw: Error, CustomStringConvertible {
        case openQuotation(lineCount: Int)
        case textAfterQuotation(field: Int)

        var description: String {
            switch self {
            case .openQuotation(let lineCount):
                "starts a quotation that never ends: the last \(lineCount) lines are part of it"
            case .textAfterQuotation(let field):
                "has text after the closing quotation mark of field \(field)"
            }
        }
    }

    /// - Parameter bytes: UTF-8, without the line break at the end.
    static func split(_ bytes: [UInt8]) throws(Flaw) -> [String] {
        var fields: [String] = []
        var at = 0
        while true {
            var field: [UInt8] = []
            if at < bytes.count, bytes[at] == mark {
                at = try quoted(bytes, from: at + 1, into: &field)
                guard at == bytes.count || bytes[at] == comma else {
                    throw .textAfterQuotation(field: fields.count + 1)
                }
            } else {
                let end = bytes[at...].firstIndex(of: comma) ?? bytes.count
                field.append(contentsOf: bytes[at..<end])
                at = end
            }
            fields.append(String(decoding: field, as: UTF8.self))
            if at == bytes.count { return fields }
            at += 1
        }
    }

    /// Reads a quoted field whose first byte is at `start`; gives the place after its last mark.
    private static func quoted(
        _ bytes: [UInt8], from start: Int, into field: inout [UInt8]
    ) throws(Flaw) -> Int {
        var at = start
        while let end = bytes[at...].firstIndex(of: mark) {
            field.append(contentsOf: bytes[at..<end])
            guard end + 1 < bytes.count, bytes[end + 1] == mark else { return end + 1 }
            field.append(mark)
            at = end + 2
        }
        throw .openQuotation(lineCount: 1 + bytes[start...].count { $0 == 0x0A })
    }

    private static let mark = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
}
