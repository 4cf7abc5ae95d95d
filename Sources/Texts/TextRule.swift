/// A property of a unit, or its negation.
public struct TextLiteral: Hashable, Sendable {
    public let property: TextProperty
    public let negated: Bool

    public init(_ property: TextProperty, negated: Bool = false) {
        self.property = property
        self.negated = negated
    }

    public func holds(at index: Int, in text: TextUnits) -> Bool {
        property.holds(at: index, in: text) != negated
    }

    public var formula: String { (negated ? "!" : "") + property.formula }

    /// Plain words: `not right after "the"`.
    public var sentence: String { (negated ? "not " : "") + property.description }
}

/// A predicate of a unit in its text: any of its facets holds. Each facet is one conjunction.
///
/// The canonical formula writes `&` between literals, `|` between facets and `!` before a negated
/// property: `word("boy", "girl") & left("little", 3) | mark("!") & !insideQuotes`.
public struct TextRule: Hashable, Sendable {
    /// Literals that must all hold at one unit, in canonical order without repeats.
    public struct Facet: Hashable, Sendable {
        public static let literalLimit = 16

        /// Never empty.
        public let literals: [TextLiteral]

        /// - Returns: nil when there is no literal or there are more than ``literalLimit``.
        public init?(_ literals: some Sequence<TextLiteral>) {
            let list = TextRule.ordered(literals, by: \.orderKey)
            guard !list.isEmpty, list.count <= Self.literalLimit else { return nil }
            self.literals = list
        }

        public func holds(at index: Int, in text: TextUnits) -> Bool {
            literals.allSatisfy { $0.holds(at: index, in: text) }
        }

        /// Whether it holds at any unit. What is asked of the text as a whole is asked once.
        func holds(in text: TextUnits) -> Bool {
            guard !text.units.isEmpty else { return false }
            for literal in literals where literal.property.isAboutText {
                guard literal.holds(at: 0, in: text) else { return false }
            }
            return text.units.indices.contains { index in
                literals.allSatisfy {
                    $0.property.isAboutText || $0.holds(at: index, in: text)
                }
            }
        }

        public var formula: String { literals.map(\.formula).joined(separator: " & ") }

        /// Literals, further words of their sets, and windows.
        public var complexity: Int { literals.reduce(0) { $0 + $1.property.complexity } }
    }

    public static let facetLimit = 16

    /// In canonical order without repeats; never empty.
    public let facets: [Facet]

    /// - Returns: nil when there is no facet or there are more than ``facetLimit``.
    public init?(_ facets: some Sequence<Facet>) {
        let list = Self.ordered(facets, by: \.formula)
        guard !list.isEmpty, list.count <= Self.facetLimit else { return nil }
        self.facets = list
    }

    /// A rule of one literal.
    public init(_ property: TextProperty, negated: Bool = false) {
        facets = [Facet(one: TextLiteral(property, negated: negated))]
    }

    public func holds(at index: Int, in text: TextUnits) -> Bool {
        facets.contains { $0.holds(at: index, in: text) }
    }

    /// The units at which the rule holds, in order.
    public func places(in text: TextUnits) -> [Int] {
        text.units.indices.filter { holds(at: $0, in: text) }
    }

    /// Whether it holds at any unit.
    public func holds(in text: TextUnits) -> Bool {
        facets.contains { $0.holds(in: text) }
    }

    public var formula: String { facets.map(\.formula).joined(separator: " | ") }

    public var complexity: Int { facets.reduce(0) { $0 + $1.complexity } }

    /// The rule with one more facet; nil past the limit.
    public func adding(_ facet: Facet) -> TextRule? { TextRule(facets + [facet]) }

    /// The rule without one facet; nil when nothing is left.
    public func removing(facet: Int) -> TextRule? {
        TextRule(facets.indices.filter { $0 != facet }.map { facets[$0] })
    }

    /// The rule with one more literal in a facet; nil past the limit.
    public func adding(_ literal: TextLiteral, toFacet index: Int) -> TextRule? {
        Facet(facets[index].literals + [literal]).flatMap { replacing(facet: index, by: $0) }
    }

    /// The rule without one literal of a facet; nil when the literal is alone there.
    public func removing(_ literal: TextLiteral, fromFacet index: Int) -> TextRule? {
        Facet(facets[index].literals.filter { $0 != literal })
            .flatMap { replacing(facet: index, by: $0) }
    }

    /// The rule with one literal of a facet exchanged.
    public func replacing(
        _ literal: TextLiteral, inFacet index: Int, by other: TextLiteral
    ) -> TextRule? {
        Facet(facets[index].literals.map { $0 == literal ? other : $0 })
            .flatMap { replacing(facet: index, by: $0) }
    }

    func replacing(facet index: Int, by facet: Facet) -> TextRule? {
        var changed = facets
        changed[index] = facet
        return TextRule(changed)
    }

    /// Members without repeats, in the order of their keys.
    static func ordered<Member: Hashable>(
        _ members: some Sequence<Member>, by key: (Member) -> String
    ) -> [Member] {
        Set(members).map { (key($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

extension TextRule.Facet {
    /// A facet of one literal.
    init(one literal: TextLiteral) { literals = [literal] }
}

extension TextLiteral {
    /// Names come first, then descriptions, then the neighbourhood; within these by formula.
    var orderKey: String {
        let rank =
            switch property {
            case .word, .exact, .mark: "0"
            case .prefix, .suffix: "1"
            case .kind: "2"
            case .previous, .next, .previousPair: "4"
            case .left, .right: "5"
            case .contains: "6"
            default: "3"
            }
        return rank + property.formula + (negated ? "!" : "")
    }
}
