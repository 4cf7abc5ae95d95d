import JSON

/// What a refiner of one hypothesis is told. It starts afresh each time: whatever it must know of
/// the inquiry so far is here.
public struct RefinerBriefing: Briefing {
    public static let inquiry = "explain-othello"
    public static let role = "refiner"

    public var subject: FeatureBrief
    public var leading: LeadingHypothesis
    /// The leading hypothesis's predictions that did not come true, the most telling first.
    public var failures: [FailedPrediction]
    /// Every hypothesis tried so far, the leading one too.
    public var tried: [TriedHypothesis]
    /// Inputs on which the feature fires, strongest first.
    public var exemplars: [BoardExample]
    /// The properties that tell firing from silent inputs best, from all that was measured.
    public var frequencies: [PropertyFrequency]

    public init(
        subject: FeatureBrief, leading: LeadingHypothesis, failures: [FailedPrediction],
        tried: [TriedHypothesis], exemplars: [BoardExample], frequencies: [PropertyFrequency]
    ) {
        self.subject = subject
        self.leading = leading
        self.failures = failures
        self.tried = tried
        self.exemplars = exemplars
        self.frequencies = frequencies
    }

    public var values: PromptValues {
        var values = subject.values
        values["leading"] = leading.hypothesis.data
        values["leading_status"] = .text(leading.status)
        values["roles"] = .records(leading.roles.map(\.values))
        values["failures"] = .records(failures.enumerated().map { $1.values(number: $0 + 1) })
        values["tried"] = .records(tried.map(\.values))
        values["exemplars"] = .records(BoardExample.records(exemplars))
        values["frequencies"] = .records(frequencies.map(\.values))
        return values
    }

    public struct Reply: PromptReply {
        public let hypothesis: ProposedHypothesis

        public init(_ json: JSONValue) throws(ReplyFaults) {
            hypothesis = try ProposedHypothesis(json, at: "$")
        }
    }
}

/// A hypothesis in the words of whoever proposed it, which are data.
public struct QuotedHypothesis: Hashable, Sendable {
    public var formula: String
    public var statement: String
    public var refutedBy: String

    public init(formula: String, statement: String, refutedBy: String) {
        self.formula = formula
        self.statement = statement
        self.refutedBy = refutedBy
    }

    var data: PromptValue {
        .data("formula: \(formula)\nstatement: \(statement)\nrefuted by: \(refutedBy)")
    }
}

/// The hypothesis to improve on, with what was measured of it.
public struct LeadingHypothesis: Hashable, Sendable {
    public var hypothesis: QuotedHypothesis
    /// "testing", "refuted" and so on.
    public var status: String
    public var roles: [RoleResult]

    public init(hypothesis: QuotedHypothesis, status: String, roles: [RoleResult]) {
        self.hypothesis = hypothesis
        self.status = status
        self.roles = roles
    }
}

/// How often the predictions of the probes of one role came true.
public struct RoleResult: Hashable, Sendable {
    /// "designed" or "natural"
    public var arm: String
    /// "positive", "near-miss" and so on.
    public var role: String
    /// "fires" or "silent"
    public var predicted: String
    public var correct: Int
    public var total: Int

    public init(arm: String, role: String, predicted: String, correct: Int, total: Int) {
        self.arm = arm
        self.role = role
        self.predicted = predicted
        self.correct = correct
        self.total = total
    }

    var values: PromptValues {
        [
            "arm": .text(arm), "role": .text(role), "predicted": .text(predicted),
            "correct": .number(correct), "total": .number(total),
        ]
    }
}

/// A probe whose prediction did not come true.
public struct FailedPrediction: Hashable, Sendable {
    /// "fires" or "silent"
    public var predicted: String
    public var observed: String
    public var role: String
    /// Why this input was chosen, in the program's own words: "breaks: C4 was just flipped".
    public var note: String
    public var input: BoardExample

    public init(
        predicted: String, observed: String, role: String, note: String, input: BoardExample
    ) {
        self.predicted = predicted
        self.observed = observed
        self.role = role
        self.note = note
        self.input = input
    }

    func values(number: Int) -> PromptValues {
        [
            "number": .number(number), "predicted": .text(predicted), "observed": .text(observed),
            "role": .text(role), "note": .text(note), "activation": .figure(input.activation),
            "example": input.example,
        ]
    }
}

/// A hypothesis that was tried, and what became of it.
public struct TriedHypothesis: Hashable, Sendable {
    /// Its number in the inquiry.
    public var number: Int
    public var hypothesis: QuotedHypothesis
    public var status: String
    /// The share of its predictions that came true, the two predictions weighing the same; nil where
    /// nothing was measured.
    public var balancedAccuracy: Double?

    public init(
        number: Int, hypothesis: QuotedHypothesis, status: String, balancedAccuracy: Double?
    ) {
        self.number = number
        self.hypothesis = hypothesis
        self.status = status
        self.balancedAccuracy = balancedAccuracy
    }

    var values: PromptValues {
        let accuracy = balancedAccuracy.map { "balanced accuracy \(($0 * 100).rounded() / 100)" }
        return [
            "number": .number(number), "status": .text(status),
            "accuracy": .text(accuracy ?? "not measured"), "hypothesis": hypothesis.data,
        ]
    }
}
