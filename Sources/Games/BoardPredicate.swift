/// A board property or its negation.
public struct Literal: Hashable, Comparable, Sendable {
    public let property: BoardProperty
    public let negated: Bool

    public init(_ property: BoardProperty, negated: Bool = false) {
        self.property = property
        self.negated = negated
    }

    public func holds(in observation: Observation) -> Bool {
        property.holds(in: observation) != negated
    }

    public static func < (a: Literal, b: Literal) -> Bool {
        a.property == b.property ? !a.negated && b.negated : a.property < b.property
    }
}

/// Literals that must all hold, in canonical order without repeats.
public struct Conjunction: Hashable, Sendable {
    public let literals: [Literal]

    public init(_ literals: some Sequence<Literal>) {
        self.literals = Set(literals).sorted()
    }

    public func holds(in observation: Observation) -> Bool {
        literals.allSatisfy { $0.holds(in: observation) }
    }
}

/// A predicate on positions: any of its facets holds. Each facet is one conjunction.
///
/// The canonical formula writes `&` between literals, `|` between facets and `!` before a negated
/// property: `theirs(D3) & !empty(C4) | justPlayed(A1)`.
public struct BoardPredicate: Hashable, Sendable {
    /// Never empty, and no facet is without literals.
    public let facets: [Conjunction]

    /// - Returns: nil when there is no facet, or one without literals.
    public init?(_ facets: [Conjunction]) {
        guard !facets.isEmpty, facets.allSatisfy({ !$0.literals.isEmpty }) else { return nil }
        self.facets = facets
    }

    /// How many literals the predicate has.
    public var complexity: Int { facets.reduce(0) { $0 + $1.literals.count } }

    public func holds(in observation: Observation) -> Bool {
        facets.contains { $0.holds(in: observation) }
    }

    public func formula(on rules: Othello) -> String {
        facets.map { $0.formula(on: rules) }.joined(separator: " | ")
    }

    /// Plain words: "D3 holds the opponent's disc and C4 was just flipped".
    public func sentence(on rules: Othello) -> String {
        facets.map { $0.sentence(on: rules) }.joined(separator: "; or ")
    }

    /// Reads what ``formula(on:)`` writes.
    ///
    /// - Throws: ``GameError`` naming the part that is no property.
    public static func parse(
        _ formula: some StringProtocol, on rules: Othello
    ) throws(GameError) -> BoardPredicate {
        var facets: [Conjunction] = []
        for part in formula.split(separator: "|", omittingEmptySubsequences: false) {
            var literals: [Literal] = []
            for piece in part.split(separator: "&", omittingEmptySubsequences: false) {
                var text = piece.drop { $0 == " " }
                while text.last == " " { text.removeLast() }
                let negated = text.first == "!"
                if negated { text.removeFirst() }
                literals.append(
                    Literal(try BoardProperty.parse(text, on: rules), negated: negated))
            }
            facets.append(Conjunction(literals))
        }
        // Splitting never gives an empty list, and an empty piece is refused by the parser above.
        guard let predicate = BoardPredicate(facets) else {
            preconditionFailure("a parsed formula without literals: \(formula)")
        }
        return predicate
    }
}

extension Conjunction {
    public func formula(on rules: Othello) -> String {
        literals.map { ($0.negated ? "!" : "") + $0.property.formula(on: rules) }
            .joined(separator: " & ")
    }

    public func sentence(on rules: Othello) -> String {
        literals.map { $0.property.sentence(on: rules, negated: $0.negated) }
            .joined(separator: " and ")
    }
}
