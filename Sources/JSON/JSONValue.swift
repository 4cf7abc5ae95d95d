/// A JSON document read strictly: duplicate names, bad UTF-8, trailing bytes, deep nesting and
/// numbers out of range are errors, for a document must have exactly one meaning.
///
/// The module knows no format: weights, prompts and model replies are read and checked with it.
/// Read first: this type, ``JSONSchema``.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// Members in the order of the document; names are unique.
    case object([Member])

    public struct Member: Hashable, Sendable {
        public let name: String
        public let value: JSONValue

        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Why and where a text is not JSON.
    public struct Flaw: Error, Hashable, CustomStringConvertible {
        /// In bytes from the start.
        public let offset: Int
        public let reason: String

        public var description: String { "\(reason) at byte \(offset)" }
    }

    /// - Throws: ``Flaw`` with the byte offset.
    public init(parsing bytes: UnsafeRawBufferPointer) throws(Flaw) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }

    /// - Throws: ``Flaw`` with the byte offset.
    public init(parsing bytes: [UInt8]) throws(Flaw) {
        self = try Self.parse(bytes).get()
    }

    /// - Throws: ``Flaw`` with the offset in UTF-8 bytes.
    public init(parsing text: String) throws(Flaw) {
        try self.init(parsing: Array(text.utf8))
    }

    private static func parse(_ bytes: [UInt8]) -> Result<JSONValue, Flaw> {
        bytes.withUnsafeBytes { bytes in
            do throws(Flaw) {
                return .success(try JSONValue(parsing: bytes))
            } catch {
                return .failure(error)
            }
        }
    }

    /// The value as JSON, shortened, for messages.
    public var summary: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): value.count > 60 ? "\"\(value.prefix(60))…\"" : "\"\(value)\""
        case .array(let values): "an array of \(values.count)"
        case .object(let members): "an object of \(members.count)"
        }
    }
}
