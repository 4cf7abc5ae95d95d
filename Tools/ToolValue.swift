/// What a tool says of one text. A value is finite.
public enum ToolValue: Hashable, Sendable {
    case value(Double)
    /// The tool has no answer for this text, and why. Never to be read as zero.
    case missing(String)

    /// The value, or nil when it is missing.
    public var number: Double? {
        if case .value(let value) = self { value } else { nil }
    }

    /// A number that an expression gave; one that is not finite is missing.
    init(expression number: Double) {
        self = number.isFinite ? .value(number) : .missing(Self.undefined)
    }

    static let undefined = "the expression has no value here, such as a mean of nothing"
}
