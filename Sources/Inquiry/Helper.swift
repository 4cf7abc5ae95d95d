/// A part that a language model plays in an inquiry beside proposing and refining. Which ones it plays
/// is journaled with its proposal, so that the fold knows what to ask for.
public enum Helper: String, Codable, Hashable, Sendable, CaseIterable {
    /// Writes inputs that could refute a hypothesis.
    case designer
    /// Looks for what is unexplained before the inquiry ends.
    case reviewer
    /// Puts the outcome into words.
    case concluder
}

/// Inputs that a language model wrote to put one hypothesis to the test. They take turns with those
/// that code designs; what the hypothesis predicts of them is registered as for any other.
public struct Devising: Codable, Hashable, Sendable {
    public let hypothesis: Int
    public let pairs: [DevisedPair]
    /// Pairs that were left out since the hypothesis predicts something else of them than their author
    /// said, or since they cannot be used.
    public let dropped: Int
    public let consultation: Consultation?

    public init(
        hypothesis: Int, pairs: [DevisedPair], dropped: Int, consultation: Consultation?
    ) {
        self.hypothesis = hypothesis
        self.pairs = pairs
        self.dropped = dropped
        self.consultation = consultation
    }
}

/// A trial's two inputs: the hypothesis holds on one and fails on the other.
public struct DevisedPair: Codable, Hashable, Sendable {
    public let fires: DevisedInput
    public let silent: DevisedInput
    /// What the pair would show, in its author's words.
    public let reason: String

    public init(fires: DevisedInput, silent: DevisedInput, reason: String) {
        self.fires = fires
        self.silent = silent
        self.reason = reason
    }
}

public struct DevisedInput: Codable, Hashable, Sendable {
    public let input: String
    public let role: ProbeRole
    /// What it is meant to be, in the program's words.
    public let note: String

    public init(input: String, role: ProbeRole, note: String) {
        self.input = input
        self.role = role
        self.note = note
    }
}

/// What a language model found unexplained, and the hypotheses that it adds.
public struct Review: Codable, Hashable, Sendable {
    /// The hypothesis that led. Those that are added were made knowing all that was measured so far, as
    /// one refined from it is.
    public let parent: Int
    /// In the model's words.
    public let unexplained: String
    /// Empty where the inquiry may finish.
    public let drafts: [HypothesisDraft]
    public let consultation: Consultation?

    public init(
        parent: Int, unexplained: String, drafts: [HypothesisDraft], consultation: Consultation?
    ) {
        self.parent = parent
        self.unexplained = unexplained
        self.drafts = drafts
        self.consultation = consultation
    }
}

/// The outcome of an inquiry in a language model's words, given before the held-out data is opened.
public struct Conclusion: Codable, Hashable, Sendable {
    public struct Words: Codable, Hashable, Sendable {
        /// The feature's name in a list.
        public let label: String
        public let description: String
        /// A phrase for each facet of the explanation, in order.
        public let facets: [String]
        /// Numbers of probes that a doubtful reader should look at first.
        public let evidence: [Int]

        public init(label: String, description: String, facets: [String], evidence: [Int]) {
            self.label = label
            self.description = description
            self.facets = facets
            self.evidence = evidence
        }
    }

    /// Nil where the model's answer was of no use.
    public let words: Words?
    public let consultation: Consultation?

    public init(words: Words?, consultation: Consultation?) {
        self.words = words
        self.consultation = consultation
    }
}
