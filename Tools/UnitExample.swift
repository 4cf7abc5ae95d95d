/// A text with the value that a tool must give for it.
public struct UnitExample: Hashable, Sendable {
    public let text: String
    /// Nil: the tool must give no value for this text.
    public let value: Double?
    /// How far from ``value`` an answer may lie.
    public let tolerance: Double

    public init(text: String, value: Double?, tolerance: Double = 1e-6) {
        self.text = text
        self.value = value
        self.tolerance = tolerance
    }

    /// Whether `answer` is what the example asks for.
    public func holds(for answer: ToolValue) -> Bool {
        guard let value, let answer = answer.number else {
            return value == nil && answer.number == nil
        }
        return abs(answer - value) <= tolerance
    }
}
