import Foundation

@testable import Rows

/// All readings of a text, through a file.
func read(
    _ text: String, _ format: RowFormat, limit: Int = RowReader.defaultRecordByteLimit
) throws -> [RowReader.Reading] {
    try read(Array(text.utf8), format, limit: limit)
}

func read(
    _ bytes: [UInt8], _ format: RowFormat, limit: Int = RowReader.defaultRecordByteLimit
) throws -> [RowReader.Reading] {
    try withFile(bytes) { path in
        let reader = try RowReader(path: path, format: format, recordByteLimit: limit)
        var readings: [RowReader.Reading] = []
        while let reading = try reader.next() { readings.append(reading) }
        return readings
    }
}

/// A row set from the text of a file.
func rowSet(_ text: String, _ schema: RowSchema, _ format: RowFormat = .jsonl) throws -> RowSet {
    try withFile(Array(text.utf8)) { path in
        try RowSet(reading: path, schema: schema, format: format)
    }
}

private func withFile<Value>(_ bytes: [UInt8], _ body: (String) throws -> Value) throws -> Value {
    let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("rows-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try body(path)
}

/// Rows of made-up columns; `change` may alter a row's cells.
func madeRows(
    _ count: Int, change: (Int, inout [String: Cell]) -> Void = { _, _ in }
) -> [Row] {
    (0..<count).map { i in
        var cells: [String: Cell] = [
            "id": .text("r\(i)"), "text": .text("text number \(i) is \(i * i) and says \(i * 7)"),
            "stars": .number(Double(i % 5 + 1)), "yes": .number(Double(i % 4)),
            "all": .number(Double(i % 4 + i % 3)), "product": .text("p\(i / 3)"),
        ]
        change(i, &cells)
        let columns = cells.keys.sorted()
        return Row(
            place: RowPlace(number: i + 1, line: i + 1), columns: columns,
            cells: columns.map { cells[$0] ?? .missing })
    }
}

extension RowReader.Reading {
    var row: Row? {
        if case .row(let row) = self { row } else { nil }
    }

    var problem: SetAside.Reason.Kind? {
        if case .unreadable(_, let reason, _) = self { reason.kind } else { nil }
    }

    var place: RowPlace {
        switch self {
        case .row(let row): row.place
        case .unreadable(let place, _, _): place
        }
    }

    var detail: String? {
        if case .unreadable(_, _, let detail) = self { detail } else { nil }
    }
}
