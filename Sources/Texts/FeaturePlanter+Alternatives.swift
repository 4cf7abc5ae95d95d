import LinearAlgebra

extension FeaturePlanter {
    /// Other rules, hardly more complex than the truth, that few natural texts tell from it: each holds
    /// on four in five of the texts that have the truth and on at most one in forty of the others, and
    /// a text can be found or made on which it differs from the truth.
    ///
    /// - Returns: a few, first those that fit exemplars, then those that agree with the truth most.
    mutating func alternatives(to rule: TextRule) -> [PlantedFeature.Alternative] {
        let own = items(rule)
        var found: [PlantedFeature.Alternative] = []
        for other in Set(simpler(rule) + companions(of: rule))
        where other != rule && other.complexity <= rule.complexity + 1 {
            let texts = items(other)
            let both = texts.intersection(own).population
            let wrong = texts.population - both
            guard 5 * both >= 4 * own.population,
                40 * wrong <= table.items.count - own.population
            else { continue }
            // As many exemplars as are shown would have one on which it fails, or none.
            let fits = 40 * both >= 39 * own.population && other.complexity <= rule.complexity
            found.append(
                .init(
                    rule: other, fitsExemplars: fits,
                    agreement: Double(both) / Double(own.population + wrong)))
        }
        let ranked = found.map { (other: $0, formula: $0.rule.formula) }.sorted { a, b in
            let (first, second) = (a.other, b.other)
            if first.fitsExemplars != second.fitsExemplars { return first.fitsExemplars }
            return first.agreement == second.agreement
                ? a.formula < b.formula : first.agreement > second.agreement
        }
        var told: [PlantedFeature.Alternative] = []
        for (other, _) in ranked where told.count < Self.alternativeLimit {
            if canTell(rule, from: other.rule) { told.append(other) }
        }
        return told
    }

    private static let alternativeLimit = 6

    /// Whether a text is found or made on which one holds and the other does not.
    private mutating func canTell(_ rule: TextRule, from other: TextRule) -> Bool {
        edits.rival(other, against: rule, in: texts, &generator) != nil
            || edits.rival(rule, against: other, in: texts, &generator) != nil
    }

    /// One literal, facet or word less, or the words that make up most of a class or affix.
    func simpler(_ rule: TextRule) -> [TextRule] {
        var result: [TextRule] = []
        for (index, facet) in rule.facets.enumerated() {
            if let rest = rule.removing(facet: index) { result.append(rest) }
            for literal in facet.literals {
                if let rest = rule.removing(literal, fromFacet: index) { result.append(rest) }
                guard case .words(let words)? = literal.property.set, words.count > 1 else {
                    continue
                }
                result += words.compactMap { word in
                    WordSet(words.filter { $0 != word }).flatMap { set in
                        let shorter = TextLiteral(
                            literal.property.with(set), negated: literal.negated)
                        return rule.replacing(literal, inFacet: index, by: shorter)
                    }
                }
            }
        }
        return result + fewWords(rule)
    }

    /// The one or two most frequent words of a class or affix in its place.
    private func fewWords(_ rule: TextRule) -> [TextRule] {
        guard rule.facets.count == 1, rule.facets[0].literals.count == 1 else { return [] }
        switch rule.facets[0].literals[0].property {
        case .prefix, .suffix, .word(.named): break
        default: return []
        }
        let words = words(of: rule)
        return (1...2).filter { $0 < words.count }.compactMap { count in
            WordSet(words.prefix(count)).map { TextRule(.word($0)) }
        }
    }

    /// What nine in ten places of the truth have beside it, alone or for one of its parts.
    private func companions(of rule: TextRule) -> [TextRule] {
        let places = somePlaces(of: rule)
        let own = Set(rule.facets.flatMap(\.literals).map(\.property))
        let shared = catalogue.common(
            at: places, least: max(1, (9 * places.count + 9) / 10), table: table
        ).filter { !own.contains($0) && !isOfUnit($0) }
        return shared.prefix(12).flatMap { property in
            [TextRule(property)]
                + rule.facets.indices.flatMap { index in
                    rule.facets[index].literals.compactMap { literal in
                        rule.replacing(literal, inFacet: index, by: TextLiteral(property))
                    }
                }
        }
    }

    /// How a word is spelled goes without saying once the word is given.
    private func isOfUnit(_ property: TextProperty) -> Bool {
        if case .exact = property { return true }
        return property.isAboutUnitAlone
    }
}
