/// What every role that writes tools is told of the kinds of tools.
public struct ToolBrief: Hashable, Sendable {
    /// The expression language on a page, as the program that reads it describes it.
    public var expressionGuide: String
    /// Whether there is a sandbox to run Python in.
    public var allowsPython: Bool
    /// Whether a language model will annotate texts.
    public var allowsRubrics: Bool

    public init(expressionGuide: String, allowsPython: Bool, allowsRubrics: Bool) {
        self.expressionGuide = expressionGuide
        self.allowsPython = allowsPython
        self.allowsRubrics = allowsRubrics
    }

    var values: PromptValues {
        [
            "expression_guide": .text(expressionGuide), "allows_python": .flag(allowsPython),
            "allows_rubrics": .flag(allowsRubrics),
        ]
    }
}

/// What every role that proposes features is told of the task.
public struct MiningBrief: Hashable, Sendable {
    public var tools: ToolBrief
    /// What the texts are, in the user's words or the table's.
    public var texts: String
    /// What is to be predicted, and what a high value means.
    public var outcome: String
    /// What is accounted for before a feature may add anything: length, and what the user named.
    public var controls: [String]
    /// Rows that features are tried on.
    public var rowCount: Int
    /// What experts told the user to look for.
    public var guidelines: [String]
    /// What earlier tasks of this kind taught.
    public var lessons: [String]
    /// How many features are wanted.
    public var wanted: Int

    public init(
        tools: ToolBrief, texts: String, outcome: String, controls: [String], rowCount: Int,
        guidelines: [String] = [], lessons: [String] = [], wanted: Int
    ) {
        self.tools = tools
        self.texts = texts
        self.outcome = outcome
        self.controls = controls
        self.rowCount = rowCount
        self.guidelines = guidelines
        self.lessons = lessons
        self.wanted = wanted
    }

    var values: PromptValues {
        var values = tools.values
        values["task"] = .data(
            "The texts: \(texts)\nThe outcome: \(outcome)\nAccounted for already: "
                + (controls.isEmpty ? "nothing" : controls.joined(separator: ", ")))
        values["row_count"] = .number(rowCount)
        values["guidelines"] = .records(guidelines.map { ["guideline": .data($0)] })
        values["lessons"] = .records(lessons.map { ["lesson": .data($0)] })
        values["wanted"] = .number(wanted)
        return values
    }
}

/// A row of the discover role as a proposer reads it.
public struct RatedText: Hashable, Sendable {
    public var text: String
    public var outcome: Double

    public init(text: String, outcome: Double) {
        self.text = text
        self.outcome = outcome
    }

    /// Numbered from 1.
    static func records(_ texts: [RatedText]) -> PromptValue {
        .records(
            texts.enumerated().map { index, text in
                [
                    "number": .number(index + 1), "outcome": .figure(text.outcome),
                    "example": .data(text.text),
                ]
            })
    }
}
