extension TextRule {
    /// Plain English: `the word "boy" or "girl", after "little" within 3 units`.
    public var sentence: String { facets.map(\.sentence).joined(separator: "; or ") }
}

extension TextRule.Facet {
    public var sentence: String {
        let named = literals.filter { !$0.negated && $0.property.noun != nil }
        let noun = named.first?.property.noun ?? "any unit"
        let rest = literals.filter { $0 != named.first }.map { literal in
            literal.property.noun.map { literal.negated ? "but not \($0)" : "which is \($0)" }
                ?? literal.sentence
        }
        return ([noun] + rest).joined(separator: ", ")
    }
}
