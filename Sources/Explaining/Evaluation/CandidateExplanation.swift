/// What somebody says that a feature means, to be judged by what it lets one predict.
public struct CandidateExplanation: Codable, Hashable, Sendable {
    /// Who says so: a file's name, "oai_token-act-pair (gpt-4o-mini)", "rule inducer".
    public let source: String
    /// A few words.
    public let label: String
    /// Sentences, where there are any.
    public let description: String?
    /// The same in the language of ``Texts/TextRule``, where there is one.
    public let formula: String?

    public init(
        source: String, label: String, description: String? = nil, formula: String? = nil
    ) {
        self.source = source
        self.label = label
        self.description = description
        self.formula = formula
    }

    /// The fullest words that there are.
    public var words: String { description ?? label }

    /// The words that a writer is given.
    public func words(_ wording: Wording) -> String? {
        wording == .label ? label : description
    }

    /// The same explanation under another source's name.
    func from(_ source: String) -> CandidateExplanation {
        CandidateExplanation(
            source: source, label: label, description: description, formula: formula)
    }
}

/// Labels and descriptions are scored apart, for they come out differently.
public enum Wording: String, Codable, Hashable, Sendable, CaseIterable {
    case label, description
}
