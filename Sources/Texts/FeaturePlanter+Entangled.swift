import LinearAlgebra

extension FeaturePlanter {
    /// A truth from which some simpler rule differs on few of the texts.
    mutating func entangledRule(
        of kind: PlantedClass, except taken: Set<TextRule>
    ) -> TextRule? {
        for _ in 0..<120 {
            guard let rule = entangledProposal(kind), !taken.contains(rule),
                support(rule) != nil, isNearlyCovered(rule),
                alternatives(to: rule).contains(where: \.isClose)
            else { continue }
            return rule
        }
        return nil
    }

    /// Whether a simpler rule may come close enough: asked first, as the rest takes longer.
    private func isNearlyCovered(_ rule: TextRule) -> Bool {
        if case .word(.words(let words)) = rule.facets[0].literals[0].property, words.count == 1,
            rule.facets.count == 1, rule.facets[0].literals.count == 1
        {
            return true
        }
        let own = items(rule)
        return simpler(rule).contains { other in
            let texts = items(other)
            let either = Double(texts.union(own).population)
            return Double(texts.intersection(own).population)
                >= PlantedFeature.Alternative.closeBar * either
        }
    }

    private mutating func entangledProposal(_ kind: PlantedClass) -> TextRule? {
        switch kind {
        case .token, .affix, .semanticClass: return proposal(kind)
        case .context, .position, .conjunction, .negation:
            guard let first = kind == .conjunction ? proposal(.affix) : proposal(.token) else {
                return nil
            }
            let negated = kind == .negation
            let share = negated ? 0.04...0.2 : 0.8...0.97
            let options = partners(of: first, share: share) { Self.suits($0, kind) }
            guard !options.isEmpty else { return nil }
            let partner = options[generator.below(options.count)]
            return first.adding(TextLiteral(partner, negated: negated), toFacet: 0)
        case .disjunction:
            let words = (0..<2).compactMap { _ in
                proposal(.token).flatMap { self.words(of: $0).first }
            }
            guard let set = WordSet(words) else { return nil }
            let rule = TextRule(.word(set))
            return words.allSatisfy { hasOwnShare($0, of: rule) } ? rule : nil
        case .polysemantic:
            guard let rule = proposal(kind) else { return nil }
            let support = items(rule).population
            let isKnown = rule.facets.indices.allSatisfy { index in
                let rest = rule.removing(facet: index).map { items($0).population } ?? 0
                return Double(support - rest) >= Self.rareShare * Double(support)
            }
            return isKnown ? rule : nil
        }
    }

    /// The least share of a rare arm: rarer ones would hide among the misses.
    private static let rareShare = 0.1

    private func hasOwnShare(_ word: String, of rule: TextRule) -> Bool {
        guard let set = WordSet([word]) else { return false }
        let share = Self.rareShare * Double(items(rule).population)
        return Double(items(TextRule(.word(set))).population) >= share
    }

    /// Which properties make a truth of a class.
    private static func suits(_ property: TextProperty, _ kind: PlantedClass) -> Bool {
        switch property {
        case .previous(let set), .next(let set):
            return kind == .context || kind == .negation && set.complexity == 1
        case .left(.words, within: 3), .right(.words, within: 3): return kind == .context
        case .indexBelow(1), .indexBelow(3), .last, .sentenceStart: return kind == .position
        case .capitalised, .insideQuotes: return kind == .conjunction
        case .lengthAtLeast(6), .lengthAtMost(4): return kind == .conjunction
        default: return false
        }
    }

    /// Properties that a share of the places of `rule` have, by formula.
    private func partners(
        of rule: TextRule, share: ClosedRange<Double>, where suits: (TextProperty) -> Bool
    ) -> [TextProperty] {
        let places = somePlaces(of: rule)
        let count = Double(places.count)
        let least = max(1, Int(share.lowerBound * count))
        return catalogue.counted(at: places, least: least, table: table)
            .filter { share.contains(Double($0.count) / count) && suits($0.property) }
            .map(\.property)
    }
}
