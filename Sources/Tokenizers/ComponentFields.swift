import JSON

/// The fields of one component in a tokenizer's file, read strictly by name.
///
/// A field that is not asked for by the time ``finish()`` is called is refused: it might change the
/// tokens.
struct ComponentFields {
    let path: String
    /// Where in the file: "model" or "normalizer.normalizers[2]".
    let place: String
    private let members: [JSONValue.Member]
    private var asked: Set<String> = []

    init(_ value: JSONValue, path: String, place: String) throws(TokenizerError) {
        self.path = path
        self.place = place
        guard case .object(let members) = value else {
            throw .invalidField(
                path: path, field: place, found: value.summary, expected: "an object")
        }
        self.members = members
    }

    func name(_ field: String) -> String { place.isEmpty ? field : "\(place).\(field)" }

    /// The value, unless the field is absent or null.
    mutating func present(_ field: String) -> JSONValue? {
        asked.insert(field)
        guard let value = members.first(where: { $0.name == field })?.value, value != .null else {
            return nil
        }
        return value
    }

    func finish() throws(TokenizerError) {
        for member in members where !asked.contains(member.name) {
            throw .unknownField(path: path, field: name(member.name))
        }
    }

    func invalid(_ field: String, _ found: JSONValue?, _ expected: String) -> TokenizerError {
        guard let found else {
            return .missingField(path: path, field: name(field), expected: expected)
        }
        return .invalidField(
            path: path, field: name(field), found: found.summary, expected: expected)
    }

    func unsupported(_ field: String, _ found: String, _ reason: String) -> TokenizerError {
        .unsupportedField(path: path, field: name(field), found: found, reason: reason)
    }

    mutating func text(_ field: String) throws(TokenizerError) -> String {
        let value = present(field)
        guard case .string(let text) = value else { throw invalid(field, value, "a text") }
        return text
    }

    mutating func optionalText(_ field: String) throws(TokenizerError) -> String? {
        guard let value = present(field) else { return nil }
        guard case .string(let text) = value else { throw invalid(field, value, "a text") }
        return text
    }

    /// A text of one Unicode scalar.
    mutating func scalar(_ field: String) throws(TokenizerError) -> Unicode.Scalar {
        let value = present(field)
        guard let text = value?.string?.unicodeScalars, text.count == 1, let scalar = text.first
        else { throw invalid(field, value, "a text of one character") }
        return scalar
    }

    mutating func flag(_ field: String, default standard: Bool? = nil) throws(TokenizerError)
        -> Bool
    {
        let value = present(field)
        if let flag = value?.bool { return flag }
        guard value == nil, let standard else { throw invalid(field, value, "true or false") }
        return standard
    }

    mutating func optionalFlag(_ field: String) throws(TokenizerError) -> Bool? {
        present(field) == nil ? nil : try flag(field)
    }

    /// A whole number from 0 to 2³¹ − 1.
    mutating func count(_ field: String, default standard: Int? = nil) throws(TokenizerError)
        -> Int
    {
        let value = present(field)
        if case .integer(let count) = value, count >= 0, count <= Int(Int32.max) { return count }
        guard value == nil, let standard else {
            throw invalid(field, value, "a whole number from 0 to \(Int32.max)")
        }
        return standard
    }

    mutating func list(_ field: String) throws(TokenizerError) -> [JSONValue] {
        let value = present(field)
        guard case .array(let values) = value else { throw invalid(field, value, "a list") }
        return values
    }

    /// One of the names of `Choice`.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ field: String, default standard: Choice? = nil
    ) throws(TokenizerError) -> Choice {
        let value = present(field)
        if value == nil, let standard { return standard }
        guard let choice = value?.string.flatMap(Choice.init(rawValue:)) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid(field, value, "one of \(names)")
        }
        return choice
    }

    /// The fields of an object within.
    mutating func nested(_ field: String) throws(TokenizerError) -> ComponentFields {
        guard let value = present(field) else { throw invalid(field, nil, "an object") }
        return try ComponentFields(value, path: path, place: name(field))
    }

    /// The components of a "Sequence".
    mutating func components<Component>(
        _ field: String,
        _ read: (JSONValue, String) throws(TokenizerError) -> Component
    ) throws(TokenizerError) -> [Component] {
        var components: [Component] = []
        for (index, value) in try list(field).enumerated() {
            components.append(try read(value, "\(name(field))[\(index)]"))
        }
        return components
    }
}

/// A component whose field "type" says which others it has.
protocol TypedComponent {
    /// Reads the fields that go with `type`.
    static func read(
        _ type: String, _ fields: inout ComponentFields
    ) throws(TokenizerError) -> Self
}

extension TypedComponent {
    init(_ value: JSONValue, path: String, place: String) throws(TokenizerError) {
        var fields = try ComponentFields(value, path: path, place: place)
        let type = try fields.text("type")
        self = try Self.read(type, &fields)
        try fields.finish()
    }
}
