import JSON

/// A line with one JSON object, whose members are the cells.
struct JSONLDecoder: RecordDecoder {
    func reading(of bytes: [UInt8], at place: RowPlace) -> RowReader.Reading {
        let value: JSONValue
        do throws(JSONValue.Flaw) {
            value = try JSONValue(parsing: bytes)
        } catch {
            let isText = String(validating: bytes, as: UTF8.self) != nil
            let reason = SetAside.Reason(isText ? .malformed : .notUTF8)
            return .unreadable(place, reason, detail: isText ? "the JSON \(error)" : "\(error)")
        }
        guard let members = value.members else {
            return .unreadable(
                place, SetAside.Reason(.malformed), detail: "\(value.summary) is no JSON object")
        }
        return .row(
            Row(
                place: place, columns: members.map(\.name),
                cells: members.map { Self.cell($0.value) }))
    }

    private static func cell(_ value: JSONValue) -> Cell {
        switch value {
        case .null: .missing
        case .bool(let flag): .flag(flag)
        case .integer(let number): .number(Double(number))
        case .number(let number): .number(number)
        case .string(let text): .text(text)
        case .array, .object: .compound
        }
    }
}
