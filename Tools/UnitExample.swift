/// A text with what a tool must say of it.
public struct UnitExample: Hashable, Sendable {
    /// How an answer must lie to ``value``.
    public enum Relation: String, Hashable, Sendable, CaseIterable {
        case equals
        case atLeast = "at-least"
        case atMost = "at-most"
    }

    public let text: String
    /// Nil: the tool must give no value for this text.
    public let value: Double?
    public let relation: Relation
    /// How far on the wrong side of ``value`` an answer may lie.
    public let tolerance: Double

    public init(
        text: String, value: Double?, relation: Relation = .equals, tolerance: Double = 1e-6
    ) {
        self.text = text
        self.value = value
        self.relation = relation
        self.tolerance = tolerance
    }

    /// Whether `answer` is what the example asks for.
    public func holds(for answer: ToolValue) -> Bool {
        guard let value, let answer = answer.number else {
            return value == nil && answer.number == nil
        }
        return switch relation {
        case .equals: abs(answer - value) <= tolerance
        case .atLeast: answer >= value - tolerance
        case .atMost: answer <= value + tolerance
        }
    }

    /// What is asked for, in words.
    var wanted: String {
        guard let value else { return "no value" }
        return switch relation {
        case .equals: "\(value)"
        case .atLeast: "at least \(value)"
        case .atMost: "at most \(value)"
        }
    }
}
