import JSON

/// The part of JSON Schema that every server with structured output understands: objects whose
/// members are all required and no others allowed, arrays, strings, numbers and `enum`. Bounds and
/// patterns are left out because a server may ignore them in silence; what they would say is for the
/// prompt's words and for the code that reads the reply.
enum StrictSchema {
    private static let keywords: Set<String> = [
        "type", "properties", "required", "additionalProperties", "items", "enum", "description",
    ]
    private static let types: Set<String> = [
        "object", "array", "string", "number", "integer", "boolean",
    ]

    /// - Throws: ``PromptError/schema(file:place:reason:)``.
    static func read(_ document: JSONValue, file: String) throws(PromptError) -> JSONSchema {
        guard document["type"]?.string == "object" else {
            throw .schema(
                file: file, place: "#",
                reason: "the whole reply must be an object; say \"type\": "
                    + "\"object\"")
        }
        try check(document, file: file, at: "#")
        do {
            return try JSONSchema(document)
        } catch {
            throw .schema(file: file, place: error.place, reason: error.reason)
        }
    }

    private static func check(
        _ schema: JSONValue, file: String, at place: String
    ) throws(PromptError) {
        for member in schema.members ?? [] where !keywords.contains(member.name) {
            throw .schema(
                file: file, place: "\(place)/\(member.name)",
                reason: "not every server keeps to this keyword; remove it and say it in the prompt"
            )
        }
        guard let type = schema["type"]?.string, types.contains(type) else {
            throw .schema(
                file: file, place: place,
                reason: "needs a \"type\": one of \(PromptError.list(types.sorted()))")
        }
        if type == "object" { try checkMembers(of: schema, file: file, at: place) }
        if type == "array" {
            guard let items = schema["items"] else {
                throw .schema(file: file, place: place, reason: "an array must say its \"items\"")
            }
            try check(items, file: file, at: place + "/items")
        }
    }

    private static func checkMembers(
        of schema: JSONValue, file: String, at place: String
    ) throws(PromptError) {
        guard let members = schema["properties"]?.members, !members.isEmpty else {
            throw .schema(file: file, place: place, reason: "an object must say its \"properties\"")
        }
        guard schema["additionalProperties"]?.bool == false else {
            throw .schema(
                file: file, place: place, reason: "must say \"additionalProperties\": false")
        }
        let names = members.map(\.name).sorted()
        guard schema["required"]?.array?.compactMap(\.string).sorted() == names else {
            throw .schema(
                file: file, place: place,
                reason: "\"required\" must name every property: \(PromptError.list(names))")
        }
        for member in members {
            try check(member.value, file: file, at: "\(place)/properties/\(member.name)")
        }
    }
}
