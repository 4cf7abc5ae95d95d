/// A feature of texts as a model proposes it: what it is, how it is computed, and examples that its
/// tool must meet. Whether the recipe can be read and run is for the tools to say.
public struct ProposedFeature: Hashable, Sendable {
    /// Small letters, digits and single hyphens.
    public let name: String
    /// What it is, in a few plain words.
    public let title: String
    /// Why it should go with the outcome.
    public let reason: String
    public let direction: Direction
    public let recipe: Recipe
    public let examples: [Example]

    public init(
        name: String, title: String, reason: String, direction: Direction, recipe: Recipe,
        examples: [Example]
    ) {
        self.name = name
        self.title = title
        self.reason = reason
        self.direction = direction
        self.recipe = recipe
        self.examples = examples
    }

    /// What the outcome of a text with more of it is expected to be; never used to judge it.
    public enum Direction: String, Hashable, Sendable, CaseIterable {
        case higher, lower, unclear
    }

    /// What computes it.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case expression, python, rubric
    }

    public enum Recipe: Hashable, Sendable {
        case expression(String)
        case python(String)
        case rubric(Rubric)

        public var kind: Kind {
            switch self {
            case .expression: .expression
            case .python: .python
            case .rubric: .rubric
            }
        }

        /// The recipe as text, to be shown to a model again.
        public var text: String {
            switch self {
            case .expression(let source), .python(let source): source
            case .rubric(let rubric): rubric.text
            }
        }
    }

    /// A question about a text that a language model answers.
    public struct Rubric: Hashable, Sendable {
        public let question: String
        public let scale: Scale
        /// From low to high.
        public let anchors: [Anchor]

        public init(question: String, scale: Scale, anchors: [Anchor]) {
            self.question = question
            self.scale = scale
            self.anchors = anchors
        }

        public enum Scale: String, Hashable, Sendable, CaseIterable {
            /// Whole numbers from 1 to 5.
            case graded
            /// 0 for no and 1 for yes.
            case yesNo = "yes-no"

            public var values: ClosedRange<Int> {
                switch self {
                case .graded: 1...5
                case .yesNo: 0...1
                }
            }
        }

        /// What a step of the scale means.
        public struct Anchor: Hashable, Sendable {
            public let value: Int
            public let meaning: String

            public init(value: Int, meaning: String) {
                self.value = value
                self.meaning = meaning
            }
        }

        public var text: String {
            ([question] + anchors.map { "\($0.value): \($0.meaning)" }).joined(separator: "\n")
        }
    }

    /// A text and what the tool must say of it.
    public struct Example: Hashable, Sendable {
        public let text: String
        public let relation: Relation
        public let value: Double

        public init(text: String, relation: Relation, value: Double) {
            self.text = text
            self.relation = relation
            self.value = value
        }

        public enum Relation: String, Hashable, Sendable, CaseIterable {
            case atLeast = "at-least"
            case atMost = "at-most"
            case equals
        }

        /// Whether a tool's value is what the example asks for; equal within 10⁻⁶.
        public func holds(for answer: Double) -> Bool {
            switch relation {
            case .atLeast: answer >= value
            case .atMost: answer <= value
            case .equals: abs(answer - value) <= 1e-6
            }
        }
    }
}
