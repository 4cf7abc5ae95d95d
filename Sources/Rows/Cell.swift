/// What a row holds in one column. Cells of a CSV file are texts, which are read as numbers where a
/// number is asked for; an empty one is missing.
public enum Cell: Hashable, Sendable {
    case missing
    case number(Double)
    case text(String)
    case flag(Bool)
    /// An array or an object, which no column that is used may be.
    case compound

    /// The cell as a finite number: numbers, and texts that spell a decimal one; nil otherwise.
    public var number: Double? {
        switch self {
        case .number(let value): value
        case .text(let text): Self.decimal(text)
        case .missing, .flag, .compound: nil
        }
    }

    /// The cell as a name of something (a group, a stratum); nil when it is missing or compound.
    public var name: String? {
        switch self {
        case .text(let text): text.isEmpty ? nil : text
        case .number(let value): Int(exactly: value).map(String.init) ?? "\(value)"
        case .flag(let value): "\(value)"
        case .missing, .compound: nil
        }
    }

    /// Whether the cell holds nothing where a number or a category is asked for: missing, blank, or
    /// one of the usual spellings of that.
    public var isAbsent: Bool {
        switch self {
        case .missing: true
        case .text(let text): Self.absentSpellings.contains(Self.trimmed(text).lowercased())
        case .number, .flag, .compound: false
        }
    }

    /// The cell for a message, shortened.
    var summary: String {
        switch self {
        case .missing: "nothing"
        case .number(let value): "the number \(value)"
        case .text(let text): "the text \(RowError.quoted(text))"
        case .flag(let value): "the value \(value)"
        case .compound: "an array or an object"
        }
    }

    private static let absentSpellings: Set<String> = ["", "na", "n/a", "nan", "null", "none"]

    private static func trimmed(_ text: String) -> Substring {
        var rest = text[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }

    /// Swift reads more than decimal numbers ("inf", "0x1p3"), which in a table are typing errors.
    private static func decimal(_ text: String) -> Double? {
        let text = trimmed(text)
        let isDecimal = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
                UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard isDecimal, let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
