/// The part of JSON Schema (draft 2020-12) that language-model servers and this program use: types,
/// objects, arrays, `enum`, `const`, `anyOf`, `oneOf`, `allOf`, local `$ref` and the usual bounds.
///
/// A schema with a keyword that is not understood is refused by name, for a check that silently
/// checks less than it says is none.
public struct JSONSchema: Hashable, Sendable {
    /// The schema as it was given.
    public let document: JSONValue

    /// Schemas may refer to themselves; a value nested deeper than the parser allows cannot occur.
    static let depthLimit = 128

    /// - Throws: ``SchemaError`` naming the place and the keyword.
    public init(_ document: JSONValue) throws(SchemaError) {
        self.document = document
        try Self.check(document, at: "#", root: document)
    }

    /// What is wrong with `value`, in words that its author can act on; empty when it is valid. At
    /// most 20 faults are told.
    public func faults(in value: JSONValue) -> [SchemaFault] {
        var checker = SchemaChecker(root: document)
        checker.check(value, against: document, at: "$", depth: 0)
        return Array(checker.faults.prefix(20))
    }

    static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "title", "description", "default", "examples", "format",
        "$defs", "definitions",
    ]

    private static let keywords: Set<String> = annotations.union([
        "$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "const",
        "anyOf", "oneOf", "allOf", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    ])

    static let typeNames: Set<String> = [
        "null", "boolean", "integer", "number", "string", "array", "object",
    ]

    private static func check(
        _ schema: JSONValue, at place: String, root: JSONValue
    ) throws(SchemaError) {
        if schema.bool != nil { return }
        guard let members = schema.members else {
            throw SchemaError(place: place, reason: "a schema is an object or a Boolean")
        }
        for member in members {
            let here = "\(place)/\(member.name)"
            guard keywords.contains(member.name) else {
                throw SchemaError(place: here, reason: "this keyword is not understood")
            }
            try check(keyword: member.name, member.value, at: here, root: root)
        }
    }

    private static func check(
        keyword: String, _ value: JSONValue, at here: String, root: JSONValue
    ) throws(SchemaError) {
        switch keyword {
        case "type":
            let names = value.array ?? [value]
            guard !names.isEmpty, names.allSatisfy({ typeNames.contains($0.string ?? "") }) else {
                throw SchemaError(place: here, reason: "\(value.summary) is no type")
            }
        case "properties", "$defs", "definitions":
            guard let members = value.members else {
                throw SchemaError(place: here, reason: "must be an object of schemas")
            }
            for member in members {
                try check(member.value, at: "\(here)/\(member.name)", root: root)
            }
        case "items", "additionalProperties": try check(value, at: here, root: root)
        case "anyOf", "oneOf", "allOf":
            guard let schemas = value.array, !schemas.isEmpty else {
                throw SchemaError(place: here, reason: "must be a list of schemas")
            }
            for (index, schema) in schemas.enumerated() {
                try check(schema, at: "\(here)/\(index)", root: root)
            }
        case "required":
            guard let names = value.array, names.allSatisfy({ $0.string != nil }) else {
                throw SchemaError(place: here, reason: "must be a list of names")
            }
        case "enum":
            guard let values = value.array, !values.isEmpty else {
                throw SchemaError(place: here, reason: "must be a list of values")
            }
        case "$ref":
            guard let name = value.string, resolve(name, in: root) != nil else {
                throw SchemaError(place: here, reason: "\(value.summary) leads nowhere here")
            }
        default: try checkBound(keyword, value, at: here)
        }
    }

    private static func checkBound(
        _ keyword: String, _ value: JSONValue, at here: String
    ) throws(SchemaError) {
        switch keyword {
        case "minItems", "maxItems", "minLength", "maxLength":
            guard let count = value.integer, count >= 0 else {
                throw SchemaError(place: here, reason: "must be a whole number from 0")
            }
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
            guard value.number != nil else {
                throw SchemaError(place: here, reason: "must be a number")
            }
        case "uniqueItems":
            guard value.bool != nil else {
                throw SchemaError(place: here, reason: "must be true or false")
            }
        default: break
        }
    }

    /// What a reference within the document leads to: "#", "#/$defs/name" and the like.
    static func resolve(_ reference: String, in root: JSONValue) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        var place = root
        for step in reference.dropFirst().split(separator: "/") {
            let name = String(step).replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = place[name] else { return nil }
            place = next
        }
        return place
    }
}

/// Why a document is no schema that this program understands.
public struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
    public let place: String
    public let reason: String

    public var description: String { "schema, \(place): \(reason)" }
}

/// One way in which a value breaks its schema.
public struct SchemaFault: Hashable, Sendable, CustomStringConvertible {
    /// The place in the value: `$.hypotheses[2].formula`.
    public let place: String
    public let reason: String

    public init(place: String, reason: String) {
        self.place = place
        self.reason = reason
    }

    public var description: String { "\(place): \(reason)" }
}
