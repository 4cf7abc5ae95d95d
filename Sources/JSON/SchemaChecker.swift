/// Walks a value and its schema together and collects faults.
struct SchemaChecker {
    let root: JSONValue
    private(set) var faults: [SchemaFault] = []
    /// Schemas that alternatives of alternatives refer to could otherwise be tried without end.
    private var stepsLeft = 100_000

    init(root: JSONValue) { self.root = root }

    private mutating func fault(_ place: String, _ reason: String) {
        faults.append(SchemaFault(place: place, reason: reason))
    }

    mutating func check(
        _ value: JSONValue, against schema: JSONValue, at place: String, depth: Int
    ) {
        guard faults.count < 64 else { return }
        stepsLeft -= 1
        guard depth < JSONSchema.depthLimit, stepsLeft > 0 else {
            return fault(place, "the schema refers to itself without end")
        }
        if let allowed = schema.bool {
            if !allowed { fault(place, "nothing is allowed here") }
            return
        }
        if let target = schema["$ref"]?.string.flatMap({ JSONSchema.resolve($0, in: root) }) {
            check(value, against: target, at: place, depth: depth + 1)
        }
        guard checkType(value, schema, place) else { return }
        checkChoice(value, schema, place)
        checkBounds(value, schema, place)
        checkCombinations(value, schema, place, depth)
        switch value {
        case .object(let members): checkMembers(members, schema, place, depth)
        case .array(let values): checkItems(values, schema, place, depth)
        default: break
        }
    }

    private mutating func checkType(
        _ value: JSONValue, _ schema: JSONValue, _ place: String
    ) -> Bool {
        guard let type = schema["type"] else { return true }
        let names = (type.array ?? [type]).compactMap(\.string)
        if names.contains(where: { Self.is(value, $0) }) { return true }
        fault(place, "must be \(names.joined(separator: " or ")), not \(value.summary)")
        return false
    }

    private static func `is`(_ value: JSONValue, _ type: String) -> Bool {
        switch (value, type) {
        case (.null, "null"), (.bool, "boolean"), (.integer, "integer"), (.integer, "number"),
            (.number, "number"), (.string, "string"), (.array, "array"), (.object, "object"):
            true
        case (.number(let number), "integer"): number == number.rounded()
        default: false
        }
    }

    private mutating func checkChoice(_ value: JSONValue, _ schema: JSONValue, _ place: String) {
        let text = value.canonicalText
        if let values = schema["enum"]?.array, !values.contains(where: { $0.canonicalText == text })
        {
            let list = values.map(\.summary).joined(separator: ", ")
            fault(place, "must be one of \(list), not \(value.summary)")
        }
        if let only = schema["const"], only.canonicalText != text {
            fault(place, "must be \(only.summary), not \(value.summary)")
        }
    }

    private mutating func checkBounds(_ value: JSONValue, _ schema: JSONValue, _ place: String) {
        if let number = value.number {
            if let least = schema["minimum"]?.number, number < least {
                fault(place, "must be at least \(least)")
            }
            if let most = schema["maximum"]?.number, number > most {
                fault(place, "must be at most \(most)")
            }
            if let bound = schema["exclusiveMinimum"]?.number, number <= bound {
                fault(place, "must be above \(bound)")
            }
            if let bound = schema["exclusiveMaximum"]?.number, number >= bound {
                fault(place, "must be below \(bound)")
            }
        }
        if let text = value.string {
            checkCount(text.unicodeScalars.count, schema, "Length", "characters", place)
        }
        if let values = value.array {
            checkCount(values.count, schema, "Items", "items", place)
            if schema["uniqueItems"]?.bool == true,
                Set(values.map(\.canonicalText)).count < values.count
            {
                fault(place, "must not repeat an item")
            }
        }
    }

    private mutating func checkCount(
        _ count: Int, _ schema: JSONValue, _ keyword: String, _ noun: String, _ place: String
    ) {
        if let least = schema["min" + keyword]?.integer, count < least {
            fault(place, "must have at least \(least) \(noun), not \(count)")
        }
        if let most = schema["max" + keyword]?.integer, count > most {
            fault(place, "must have at most \(most) \(noun), not \(count)")
        }
    }

    private mutating func checkCombinations(
        _ value: JSONValue, _ schema: JSONValue, _ place: String, _ depth: Int
    ) {
        for part in schema["allOf"]?.array ?? [] {
            check(value, against: part, at: place, depth: depth + 1)
        }
        for (keyword, allowed) in [("anyOf", 1...Int.max), ("oneOf", 1...1)] {
            guard let parts = schema[keyword]?.array else { continue }
            var nearest: [SchemaFault]?
            var fitting = 0
            for part in parts {
                var trial = SchemaChecker(root: root)
                trial.stepsLeft = stepsLeft
                trial.check(value, against: part, at: place, depth: depth + 1)
                stepsLeft = trial.stepsLeft
                if trial.faults.isEmpty {
                    fitting += 1
                } else if trial.faults.count < nearest?.count ?? .max {
                    nearest = trial.faults
                }
            }
            if fitting == 0 {
                fault(place, "fits none of the \(parts.count) allowed forms")
                faults += nearest ?? []
            } else if !allowed.contains(fitting) {
                fault(place, "fits \(fitting) forms of which it may fit only one")
            }
        }
    }

    private mutating func checkMembers(
        _ members: [JSONValue.Member], _ schema: JSONValue, _ place: String, _ depth: Int
    ) {
        let names = Set(members.map(\.name))
        for name in schema["required"]?.array?.compactMap(\.string) ?? []
        where !names.contains(name) {
            fault(place, "lacks \"\(name)\"")
        }
        let known = schema["properties"]
        for member in members {
            let here = "\(place).\(member.name)"
            if let part = known?[member.name] {
                check(member.value, against: part, at: here, depth: depth + 1)
            } else if schema["additionalProperties"]?.bool == false {
                fault(here, "is not among the allowed names")
            } else if let part = schema["additionalProperties"] {
                check(member.value, against: part, at: here, depth: depth + 1)
            }
        }
    }

    private mutating func checkItems(
        _ values: [JSONValue], _ schema: JSONValue, _ place: String, _ depth: Int
    ) {
        guard let part = schema["items"] else { return }
        for (index, value) in values.enumerated() {
            check(value, against: part, at: "\(place)[\(index)]", depth: depth + 1)
        }
    }
}
