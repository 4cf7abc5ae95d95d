extension JSONValue {
    /// The value as JSON text without white space, members in their order.
    public var text: String { String(decoding: bytes(sorted: false), as: UTF8.self) }

    /// The one text that equal values share whatever the order of their members: names sorted by
    /// their UTF-8 bytes, no white space, a whole number without a point. For digests.
    public var canonicalText: String { String(decoding: bytes(sorted: true), as: UTF8.self) }

    /// The value as JSON in UTF-8, members in their order.
    public var utf8: [UInt8] { bytes(sorted: false) }

    private func bytes(sorted: Bool) -> [UInt8] {
        var writer = JSONWriter(sorted: sorted)
        writer.write(self)
        return writer.bytes
    }
}

private struct JSONWriter {
    let sorted: Bool
    var bytes: [UInt8] = []

    init(sorted: Bool) { self.sorted = sorted }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .number(let value): write(value)
        case .string(let value): write(value)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(value)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members): write(members)
        }
    }

    private mutating func write(_ members: [JSONValue.Member]) {
        bytes.append(UInt8(ascii: "{"))
        let members =
            sorted
            ? members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } : members
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(member.name)
            bytes.append(UInt8(ascii: ":"))
            write(member.value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ number: Double) {
        precondition(number.isFinite, "JSON has no text for \(number)")
        if let whole = Int(exactly: number), whole.magnitude < 1 << 53 {
            bytes += String(whole).utf8
        } else {
            bytes += "\(number)".utf8
        }
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += "\\\"".utf8
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case 0x0A: bytes += "\\n".utf8
            case 0x0D: bytes += "\\r".utf8
            case 0x09: bytes += "\\t".utf8
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += "\\u00".utf8
                bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
