import JSON

/// A question about a text with a scale and what its ends mean: the definition of a feature that
/// a language model annotates. Asking is not this module's business.
public struct PromptRubric: Hashable, Sendable {
    /// Raised when the meaning of the fields changes, so that old annotations are not mixed in.
    public static let edition = 1

    public let question: String
    public let scale: Scale
    /// What a step of the scale means, from low to high. The ends of a graded scale have one.
    public let anchors: [Anchor]

    public enum Scale: String, Hashable, Sendable, CaseIterable {
        /// Whole numbers from 1 to 5.
        case graded
        /// 0 for no, 1 for yes.
        case yesNo = "yes-no"

        public var values: ClosedRange<Int> {
            switch self {
            case .graded: 1...5
            case .yesNo: 0...1
            }
        }
    }

    public struct Anchor: Hashable, Sendable {
        public let value: Int
        public let meaning: String

        public init(value: Int, meaning: String) {
            self.value = value
            self.meaning = meaning
        }
    }

    static let questionLimit = 600
    static let meaningLimit = 300

    /// - Throws: ``ToolError/rubric(question:reason:)`` for texts that are empty or too long, an
    ///   anchor off the scale or given twice, or a graded scale whose ends have no anchor.
    public init(question: String, scale: Scale, anchors: [Anchor]) throws(ToolError) {
        self.question = question
        self.scale = scale
        self.anchors = anchors.sorted { $0.value < $1.value }
        if let reason = fault { throw .rubric(question: question, reason: reason) }
    }

    private var fault: String? {
        guard !question.isEmpty, question.count <= Self.questionLimit else {
            return "a question has 1 to \(Self.questionLimit) characters, not \(question.count)"
        }
        let range = "\(scale.values.lowerBound) to \(scale.values.upperBound)"
        for anchor in anchors {
            guard scale.values.contains(anchor.value) else {
                return "an anchor stands at \(anchor.value), and the scale runs from \(range)"
            }
            guard !anchor.meaning.isEmpty, anchor.meaning.count <= Self.meaningLimit else {
                return "the anchor at \(anchor.value) needs 1 to \(Self.meaningLimit) characters"
            }
        }
        let places = anchors.map(\.value)
        guard Set(places).count == places.count else {
            return "a step of the scale has two anchors"
        }
        guard scale == .yesNo || (places.contains(1) && places.contains(5)) else {
            return "say what 1 and what 5 mean: both ends of the scale need an anchor"
        }
        return nil
    }

    var json: JSONValue {
        [
            "question": .string(question), "scale": .string(scale.rawValue),
            "anchors": .array(
                anchors.map { ["value": .integer($0.value), "meaning": .string($0.meaning)] }),
        ]
    }
}
