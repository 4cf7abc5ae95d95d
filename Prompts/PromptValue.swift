/// What fills a hole.
public enum PromptValue: Hashable, Sendable {
    /// Words of this program's own making. They are rendered as they are, so nothing that a model, a
    /// data set or a stranger wrote may come as text.
    case text(String)
    case number(Double)
    case flag(Bool)
    /// Anything that others wrote: exemplars, reviews, replies of models. It can only be rendered in
    /// a fence.
    case data(String)
    case records([PromptValues])

    public static func number(_ value: Int) -> PromptValue { .number(Double(value)) }
}

/// Values by name; a name is small letters, digits and underscores.
public typealias PromptValues = [String: PromptValue]

/// The kinds of values that a prompt takes, by name. A prompt's sample defines it; the program's
/// values and the user's templates are both held to it, so that what is missing or left over shows
/// before the first model call.
typealias ValueShape = [String: ValueKind]

indirect enum ValueKind: Hashable, Sendable {
    case text, number, flag, data
    case records(ValueShape)

    /// As messages call it.
    var noun: String {
        switch self {
        case .text: "a text"
        case .number: "a number"
        case .flag: "a flag"
        case .data: "data"
        case .records: "a list"
        }
    }
}

extension PromptValue {
    /// Its kind; a list has the fields of its first record.
    var kind: ValueKind {
        switch self {
        case .text: .text
        case .number: .number
        case .flag: .flag
        case .data: .data
        case .records(let records): .records((records.first ?? [:]).mapValues(\.kind))
        }
    }

    /// Why the value does not fit, or nil when it does.
    fileprivate func misfit(_ kind: ValueKind, path: String) -> String? {
        switch (self, kind) {
        case (.text, .text), (.flag, .flag), (.data, .data): return nil
        case (.number(let value), .number):
            return value.isFinite ? nil : "\"\(path)\" is \(value), which is no number"
        case (.records(let records), .records(let fields)):
            for (index, record) in records.enumerated() {
                if let misfit = fields.misfit(record, path: "\(path)[\(index)].") { return misfit }
            }
            return nil
        default: return "\"\(path)\" is \(self.kind.noun) where \(kind.noun) is due"
        }
    }
}

extension ValueShape {
    /// Why the values do not fit, or nil when they do.
    func misfit(_ values: PromptValues, path: String = "") -> String? {
        for name in keys.sorted() where values[name] == nil {
            return "\"\(path)\(name)\" is missing"
        }
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let kind = self[name] else { return "\"\(path)\(name)\" is no value of it" }
            if let misfit = value.misfit(kind, path: path + name) { return misfit }
        }
        return nil
    }
}
