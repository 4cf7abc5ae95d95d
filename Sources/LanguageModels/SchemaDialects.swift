import JSON

extension JSONSchema {
    /// Whether strict servers take the schema: every object closed, and all of its members required.
    var isStrict: Bool { Self.isStrict(document) }

    private static func isStrict(_ schema: JSONValue) -> Bool {
        guard let members = schema.members else { return schema.bool == nil }
        if let properties = schema["properties"]?.members {
            let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
            guard schema["additionalProperties"]?.bool == false,
                required == Set(properties.map(\.name))
            else { return false }
        }
        return members.allSatisfy { member in
            switch member.name {
            case "properties", "$defs", "definitions":
                (member.value.members ?? []).allSatisfy { isStrict($0.value) }
            case "items": isStrict(member.value)
            case "anyOf", "oneOf", "allOf": (member.value.array ?? []).allSatisfy(isStrict)
            default: true
            }
        }
    }

    /// The subset that Anthropic's structured output takes: closed objects, `anyOf` for `oneOf`, and
    /// bounds in words, since they are not enforced there. Replies are checked against the whole
    /// schema here all the same.
    var anthropicForm: JSONValue { Self.anthropicForm(document) }

    private static let wordedBounds: Set<String> = [
        "maxItems", "uniqueItems", "minLength", "maxLength", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum",
    ]

    private static func anthropicForm(_ schema: JSONValue) -> JSONValue {
        guard let members = schema.members else { return schema }
        var result: [JSONValue.Member] = []
        var words: [String] = []
        for member in members {
            switch member.name {
            case "properties", "$defs", "definitions":
                let parts = (member.value.members ?? []).map {
                    JSONValue.Member(name: $0.name, value: anthropicForm($0.value))
                }
                result.append(.init(name: member.name, value: .object(parts)))
            case "items": result.append(.init(name: "items", value: anthropicForm(member.value)))
            case "anyOf", "oneOf", "allOf":
                let parts = (member.value.array ?? []).map(anthropicForm)
                let name = member.name == "oneOf" ? "anyOf" : member.name
                result.append(.init(name: name, value: .array(parts)))
            case "minItems" where (member.value.integer ?? 0) > 1: words.append(bound(member))
            case _ where wordedBounds.contains(member.name): words.append(bound(member))
            case "description", "additionalProperties": break
            default: result.append(member)
            }
        }
        if schema["type"]?.string == "object" || schema["properties"] != nil {
            result.append(.init(name: "additionalProperties", value: false))
        }
        let description = ([schema["description"]?.string].compactMap { $0 } + words)
        if !description.isEmpty {
            result.append(
                .init(name: "description", value: .string(description.joined(separator: "; "))))
        }
        return .object(result)
    }

    private static func bound(_ member: JSONValue.Member) -> String {
        "\(member.name) \(member.value.text)"
    }
}
