import JSON

extension PromptValues {
    /// Reads values as a sample file writes them.
    init(reading json: JSONValue, file: String) throws(PromptError) {
        guard let members = json.members else {
            throw .json(file: file, reason: "must be an object of values")
        }
        self = try Self.read(members, file: file, path: "")
    }

    private static func read(
        _ members: [JSONValue.Member], file: String, path: String
    ) throws(PromptError) -> PromptValues {
        var values: PromptValues = [:]
        for member in members {
            values[member.name] = try value(member.value, file: file, path: path + member.name)
        }
        return values
    }

    private static func value(
        _ json: JSONValue, file: String, path: String
    ) throws(PromptError) -> PromptValue {
        switch json {
        case .string(let text): return .text(text)
        case .integer(let number): return .number(number)
        case .number(let number): return .number(number)
        case .bool(let flag): return .flag(flag)
        case .object(let members):
            if members.count == 1, members[0].name == "data", let data = members[0].value.string {
                return .data(data)
            }
        case .array(let items):
            var records: [PromptValues] = []
            for (index, item) in items.enumerated() {
                guard let members = item.members else {
                    throw .json(file: file, reason: "\"\(path)[\(index)]\" must be an object")
                }
                records.append(try read(members, file: file, path: "\(path)[\(index)]."))
            }
            return .records(records)
        case .null: break
        }
        throw .json(
            file: file,
            reason:
                "\"\(path)\" must be a string, a number, true or false, {\"data\": \"…\"} or a list "
                + "of objects, not \(json.summary)")
    }

    /// The values with each text that stands where data is due as data: the safe way to read it.
    func fenced(as shape: ValueShape) -> PromptValues {
        var values = self
        for (name, value) in self {
            switch (value, shape[name]) {
            case (.text(let text), .data): values[name] = .data(text)
            case (.records(let records), .records(let fields)):
                values[name] = .records(records.map { $0.fenced(as: fields) })
            default: break
            }
        }
        return values
    }
}

extension PromptValues {
    /// The values as ``Prompt/values(reading:file:)`` reads them, names sorted.
    public var json: JSONValue {
        .object(
            sorted { $0.key < $1.key }.map { .init(name: $0.key, value: $0.value.json) })
    }
}

extension PromptValue {
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): .number(number)
        case .flag(let flag): .bool(flag)
        case .data(let data): ["data": .string(data)]
        case .records(let records): .array(records.map(\.json))
        }
    }
}
