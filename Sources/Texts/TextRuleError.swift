/// Why a text is no rule.
public enum TextRuleError: Error, Hashable, Sendable {
    /// Longer than ``TextRule/formulaByteLimit``.
    case tooLong(byteCount: Int, limit: Int)
    /// Something else stands where `expected` should; `position` counts Unicode scalars from 0.
    case unreadable(position: Int, found: String, expected: String)
    /// A name that is no property.
    case unknownProperty(String)
    /// A name that is no word class.
    case unknownClass(String)
    /// A name that is no kind of unit.
    case unknownKind(String)
    case numberOutOfRange(property: String, found: String, allowed: ClosedRange<Int>)
    /// A string that is empty or too long, or an affix or name that is not in lower case.
    case unusableText(property: String, found: String, reason: String)
    /// More facets, literals or words than the bound.
    case tooMany(String, limit: Int)
}

extension TextRuleError: CustomStringConvertible {
    /// The thing, the reason and the cure, in one sentence or two.
    public var description: String {
        switch self {
        case .tooLong(let byteCount, let limit):
            "text rule of \(byteCount) bytes: at most \(limit) are read. Write a simpler rule."
        case .unreadable(let position, let found, let expected):
            "text rule, character \(position): found \(found), expected \(expected)."
        case .unknownProperty(let name):
            "text rule: no property is called \(FormulaText.quoted(name)). "
                + "Write one of \(TextRule.knownForms)."
        case .unknownClass(let name):
            "text rule: no word class is called \(FormulaText.quoted(name)). Write one of "
                + "\(WordClass.allCases.map(\.rawValue).joined(separator: ", "))."
        case .unknownKind(let name):
            "text rule: no kind of unit is called \(FormulaText.quoted(name)). Write one of "
                + "\(TextUnits.Unit.Kind.allCases.map(\.rawValue).joined(separator: ", "))."
        case .numberOutOfRange(let property, let found, let allowed):
            "text rule, \(property): \(FormulaText.quoted(found)) is out of range. "
                + "Write a whole number from \(allowed.lowerBound) to \(allowed.upperBound)."
        case .unusableText(let property, let found, let reason):
            "text rule, \(property): \(FormulaText.quoted(found)) \(reason)."
        case .tooMany(let what, let limit):
            "text rule: too many \(what), at most \(limit) are read. Write a simpler rule."
        }
    }
}
