/// A name as its bytes: in a vocabulary "é" and "e" with an accent after it are two names, which
/// `String` holds equal.
private struct Spelling: Hashable {
    let text: String

    static func == (a: Spelling, b: Spelling) -> Bool {
        a.text.utf8.elementsEqual(b.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

/// A recursive-descent parser over bytes; every read is bounds-checked.
struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    var at = 0
    var depth = 0
    static let depthLimit = 64

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func document() throws(JSONValue.Flaw) -> JSONValue {
        let result = try value()
        skipSpace()
        guard at == bytes.count else { throw flaw("has bytes after its end") }
        return result
    }

    private func flaw(_ reason: String) -> JSONValue.Flaw {
        JSONValue.Flaw(offset: at, reason: reason)
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            at += 1
        }
    }

    private mutating func take(_ byte: Character) throws(JSONValue.Flaw) {
        skipSpace()
        guard next == byte.asciiValue else { throw flaw("lacks \"\(byte)\"") }
        at += 1
    }

    private mutating func value() throws(JSONValue.Flaw) -> JSONValue {
        skipSpace()
        switch next.map({ Character(UnicodeScalar($0)) }) {
        case "{": return try nested { p throws(JSONValue.Flaw) in try p.object() }
        case "[": return try nested { p throws(JSONValue.Flaw) in try p.array() }
        case "\"": return .string(try string())
        case "t": return try word("true", .bool(true))
        case "f": return try word("false", .bool(false))
        case "n": return try word("null", .null)
        case "-", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9": return try number()
        default: throw flaw("has no value where one is due")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONValue.Flaw) -> JSONValue
    ) throws(JSONValue.Flaw) -> JSONValue {
        depth += 1
        guard depth <= Self.depthLimit else {
            throw flaw("is nested deeper than \(Self.depthLimit)")
        }
        let result = try body(&self)
        depth -= 1
        return result
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws(JSONValue.Flaw)
        -> JSONValue
    {
        for byte in text.utf8 {
            guard next == byte else { throw flaw("has a word other than true, false or null") }
            at += 1
        }
        return value
    }

    private mutating func object() throws(JSONValue.Flaw) -> JSONValue {
        try take("{")
        var members: [JSONValue.Member] = []
        var names: Set<Spelling> = []
        skipSpace()
        if next == UInt8(ascii: "}") {
            at += 1
            return .object([])
        }
        while true {
            skipSpace()
            let name = try string()
            guard names.insert(Spelling(text: name)).inserted else {
                throw flaw("has \"\(name)\" twice")
            }
            try take(":")
            members.append(JSONValue.Member(name: name, value: try value()))
            skipSpace()
            if next == UInt8(ascii: ",") {
                at += 1
                continue
            }
            try take("}")
            return .object(members)
        }
    }

    private mutating func array() throws(JSONValue.Flaw) -> JSONValue {
        try take("[")
        var values: [JSONValue] = []
        skipSpace()
        if next == UInt8(ascii: "]") {
            at += 1
            return .array([])
        }
        while true {
            values.append(try value())
            skipSpace()
            if next == UInt8(ascii: ",") {
                at += 1
                continue
            }
            try take("]")
            return .array(values)
        }
    }

    private mutating func number() throws(JSONValue.Flaw) -> JSONValue {
        let start = at
        var isInteger = true
        while let byte = next {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"):
                isInteger = false
            default:
                return try number(start..<at, isInteger)
            }
            at += 1
        }
        return try number(start..<at, isInteger)
    }

    private func number(_ range: Range<Int>, _ isInteger: Bool) throws(JSONValue.Flaw)
        -> JSONValue
    {
        let text = String(decoding: bytes[range], as: UTF8.self)
        guard Self.isWellFormed(bytes[range]) else { throw flaw("has a malformed number") }
        if isInteger, let value = Int(text) { return .integer(value) }
        guard !isInteger, let value = Double(text), value.isFinite else {
            throw flaw("has a number that is out of range")
        }
        return .number(value)
    }

    /// Whether the grammar of JSON has this number: Swift reads more than that ("01", "1.", ".5").
    private static func isWellFormed(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
        var rest = text[...]
        func digits(_ rest: inout Slice<UnsafeRawBufferPointer>) -> Int {
            let start = rest.count
            rest = rest.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return start - rest.count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits(&rest)
        guard whole == 1 || (whole > 1 && !startsWithZero) else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits(&rest) > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
                rest = rest.dropFirst()
            }
            guard digits(&rest) > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func string() throws(JSONValue.Flaw) -> String {
        guard next == UInt8(ascii: "\"") else { throw flaw("lacks a string") }
        at += 1
        let start = at
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\\") {
            at += 1
            guard byte == UInt8(ascii: "\"") else { continue }
            return try text(bytes[start..<at - 1])
        }
        var text = Array(bytes[start..<at])
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                return try self.text(text)
            case UInt8(ascii: "\\"):
                text += String(try escape()).utf8
            case 0..<0x20:
                throw flaw("has a control character in a string")
            default:
                text.append(byte)
            }
        }
        throw flaw("ends within a string")
    }

    private func text(_ bytes: some Collection<UInt8>) throws(JSONValue.Flaw) -> String {
        guard let result = String(validating: bytes, as: UTF8.self) else {
            throw flaw("has a string that is not UTF-8")
        }
        return result
    }

    private mutating func escape() throws(JSONValue.Flaw) -> Character {
        guard let byte = next else { throw flaw("ends within a string") }
        at += 1
        switch Character(UnicodeScalar(byte)) {
        case "\"": return "\""
        case "\\": return "\\"
        case "/": return "/"
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return try unicode()
        default: throw flaw("has an unknown escape in a string")
        }
    }

    private mutating func unicode() throws(JSONValue.Flaw) -> Character {
        let first = try fourHex()
        var code = first
        if first >= 0xD800, first < 0xDC00, next == UInt8(ascii: "\\") {
            at += 1
            guard next == UInt8(ascii: "u") else { throw flaw("has half a surrogate pair") }
            at += 1
            let second = try fourHex()
            guard second >= 0xDC00, second < 0xE000 else { throw flaw("has half a surrogate pair") }
            code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let scalar = UnicodeScalar(code) else { throw flaw("has half a surrogate pair") }
        return Character(scalar)
    }

    private mutating func fourHex() throws(JSONValue.Flaw) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw flaw("has a bad \\u escape")
            }
            code = code << 4 | UInt32(digit)
            at += 1
        }
        return code
    }
}
