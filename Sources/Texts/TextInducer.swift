import LinearAlgebra

/// The proposer that ships, for texts: finds the rule that best separates where a feature fires from
/// where it is silent. It is deterministic, costs nothing, and is the baseline for a language model.
///
/// Facets are found one after the other, as in rule learning by sequential covering (Fürnkranz 1999).
/// Each is a beam search over conjunctions of properties that hold where the feature fires and of
/// negations of those that hold where it should but does not. Word lists grow while each further
/// word earns its place, and compete with named classes, affixes and positions under penalties for
/// complexity, so that the more general reading wins where the evidence allows both.
///
/// The order of the evidence does not change the result.
public struct TextInducer: Sendable {
    public struct Settings: Sendable, Hashable {
        /// Conjunctions kept at each depth by their worth.
        public var beam = 8
        /// Conjunctions kept beside these for how well they tell single units apart.
        public var contrastBeam = 6
        /// Literals in a facet.
        public var literals = 4
        public var facets = 4
        /// Balanced accuracy that each point of complexity must earn.
        public var literalPenalty = 0.004
        /// Balanced accuracy that one more facet must earn beside its literals.
        public var facetPenalty = 0.006
        /// Properties that a search tries, best first.
        public var candidates = 800

        public init() {}
    }

    public let settings: Settings
    let table: PlaceTable
    let source: LiteralSource
    private let catalogue: PropertyCatalogue

    /// - Parameter wordClasses: the classes that a rule may name.
    /// - Complexity: O(units of the evidence).
    public init(
        evidence: TextEvidence, settings: Settings = Settings(),
        wordClasses: WordClasses = .builtIn
    ) {
        self.settings = settings
        table = PlaceTable(evidence)
        source = LiteralSource(classes: wordClasses)
        catalogue = PropertyCatalogue(source: source)
    }

    /// The best rule, or nil when nothing beats saying nothing.
    public func induce() -> TextRule? { induce(banned: []) }

    /// - Parameter banned: properties that may not occur, to find a rival.
    func induce(banned: Set<TextProperty>) -> TextRule? {
        var search = FacetSearch(
            table: table, catalogue: catalogue, settings: settings, banned: banned)
        var facets: [TextRule.Facet] = []
        var covered = BitSet(count: table.count)
        var best = 0.5
        while facets.count < settings.facets, let found = search.best(beside: covered),
            found.value - settings.facetPenalty > best
        {
            facets.append(found.facet)
            covered.formUnion(found.places)
            best = found.value - settings.facetPenalty
        }
        guard let rule = TextRule(facets) else { return nil }
        return improve(rule, banned: banned)
    }

    /// The rule's balanced accuracy on the evidence less its penalties.
    public func value(_ rule: TextRule) -> Double {
        balancedAccuracy(rule) - penalty(rule)
    }

    /// Half the weighted share of firing items where the rule holds at the right unit, plus half the
    /// weighted share of silent items where it holds nowhere.
    public func balancedAccuracy(_ rule: TextRule) -> Double {
        table.tally(table.places(rule)).balancedAccuracy
    }

    func penalty(_ rule: TextRule) -> Double {
        rule.facets.reduce(settings.facetPenalty * Double(rule.facets.count)) {
            $0 + settings.penalty($1.literals)
        }
    }
}

extension TextInducer.Settings {
    /// What a conjunction must earn.
    func penalty(_ literals: [TextLiteral]) -> Double {
        literals.reduce(0) { sum, literal in
            sum + literalPenalty * Double(literal.property.complexity) + literal.property.oddity
                + (literal.negated ? 0.5 * literalPenalty : 0)
        }
    }
}
