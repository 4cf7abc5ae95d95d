/// A falsifiable statement about a feature, as one moment of an inquiry proposed it.
///
/// The inquiry does not understand ``formula``: it is written and read by the domain (a board
/// predicate, a rule about text). So one fold serves every domain and every proposer.
public struct Hypothesis: Codable, Hashable, Sendable, Identifiable {
    /// 1 for the first hypothesis of its inquiry, counting every one that was ever tried.
    public let id: Int
    /// The hypothesis that this one refines.
    public let parent: Int?
    public let origin: Origin
    /// The formal predicate, in the domain's canonical notation.
    public let formula: String
    /// The same in plain words.
    public let statement: String
    /// What would refute it, in plain words.
    public let refutedBy: String
    /// How many literals the formula has.
    public let complexity: Int
    /// What the proposer said it means, where the statement was made from the formula. Nothing is
    /// decided by it.
    public let words: String?

    public init(id: Int, parent: Int?, draft: HypothesisDraft) {
        self.id = id
        self.parent = parent
        origin = draft.origin
        formula = draft.formula
        statement = draft.statement
        refutedBy = draft.refutedBy
        complexity = draft.complexity
        words = draft.words
    }
}

/// Where a hypothesis came from.
public enum Origin: String, Codable, Hashable, Sendable, CaseIterable {
    /// The contrast of exemplars with near-misses: the leading hypothesis, which is also the one-shot.
    case contrast
    /// A rival that would make the leading hypothesis wrong.
    case rival
    /// Induced again from everything that was measured since.
    case refinement
    /// Added by whoever looked for what was left unexplained.
    case review
    /// A lesson of an earlier run.
    case experience
    /// Another one, with the formula that a person gave it.
    case person
}

/// What a proposer has to say; the inquiry numbers it.
public struct HypothesisDraft: Codable, Hashable, Sendable {
    public let origin: Origin
    public let formula: String
    public let statement: String
    public let refutedBy: String
    public let complexity: Int
    public let words: String?

    public init(
        origin: Origin, formula: String, statement: String, refutedBy: String, complexity: Int,
        words: String? = nil
    ) {
        self.origin = origin
        self.formula = formula
        self.statement = statement
        self.refutedBy = refutedBy
        self.complexity = complexity
        self.words = words
    }
}

/// What the arithmetic has made of a hypothesis so far.
public enum HypothesisStatus: String, Codable, Hashable, Sendable, CaseIterable {
    case proposed, testing, supported, refuted, superseded, unresolved
}
