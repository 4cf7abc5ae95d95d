extension TextInducer {
    /// Rules that explain what fires nearly as well as `leading` but differ on other texts: is it too
    /// narrow, too wide, or about something else that goes with it?
    ///
    /// - Returns: at most 8: one literal less, narrower ones, others and wider parts in turn, each
    ///   kind best first. There is a wider and a narrower one whenever such a rule explains some
    ///   firing item.
    public func rivals(of leading: TextRule) -> [TextRule] {
        let kinds = [shortenings(of: leading), narrower(leading), others(leading), wider(leading)]
            .map(ranked)
        var result: [TextRule] = []
        for turn in 0..<8 {
            for kind in kinds where turn < kind.count {
                if kind[turn] != leading, !result.contains(kind[turn]) { result.append(kind[turn]) }
            }
        }
        return Array(result.prefix(8))
    }

    /// Distinct rules that cover at least a firing item, best first.
    private func ranked(_ rules: [TextRule]) -> [TextRule] {
        // A hair of penalty settles ties in favour of what is simple.
        var list: [(rule: TextRule, worth: Double, formula: String)] = []
        for rule in Set(rules) {
            let tally = table.tally(table.places(rule))
            guard tally.support > 0 else { continue }
            list.append(
                (
                    rule: rule, worth: tally.balancedAccuracy - 0.01 * penalty(rule),
                    formula: rule.formula
                ))
        }
        list.sort { a, b in a.worth == b.worth ? a.formula < b.formula : a.worth > b.worth }
        return list.map(\.rule)
    }

    /// Rules that hold wherever `rule` does: a class for a list, a longer window, a shorter affix.
    func wider(_ rule: TextRule) -> [TextRule] {
        changed(rule) { literal in
            guard !literal.negated else { return [] }
            return switch literal.property {
            case .exact(let text): WordSet([text]).map { [.word($0)] } ?? []
            case .previous(let set): [.left(set, within: 3), .contains(set)]
            case .next(let set): [.right(set, within: 3), .contains(set)]
            case .previousPair(_, let second): WordSet([second]).map { [.previous($0)] } ?? []
            case .left(let set, let window):
                [.left(set, within: min(64, 2 * window)), .contains(set)]
            case .right(let set, let window):
                [.right(set, within: min(64, 2 * window)), .contains(set)]
            case .indexBelow(let bound): [.indexBelow(min(TextUnits.unitLimit, 2 * bound))]
            case .lengthAtLeast(let count): [.lengthAtLeast(max(1, count - 2))]
            case .lengthAtMost(let count): [.lengthAtMost(min(256, count + 2))]
            case .prefix(let affix): affix.count > 1 ? [.prefix(String(affix.dropLast()))] : []
            case .suffix(let affix): affix.count > 1 ? [.suffix(String(affix.dropFirst()))] : []
            case .word(let set): classes(covering: set).map { .word($0) } + affixes(of: set)
            default: []
            }
        }
    }

    /// Rules that hold only where `rule` does: the words seen for a class or affix, one word less, a
    /// shorter window, one literal more, one facet less.
    func narrower(_ rule: TextRule) -> [TextRule] {
        var result = changed(rule) { literal in
            guard !literal.negated else { return [] }
            switch literal.property {
            case .left(let set, let window):
                return window > 1 ? [.left(set, within: window / 2), .previous(set)] : []
            case .right(let set, let window):
                return window > 1 ? [.right(set, within: window / 2), .next(set)] : []
            case .indexBelow(let bound): return bound > 1 ? [.indexBelow(max(1, bound / 2))] : []
            case .word(.words(let words)) where words.count > 1:
                return words.prefix(16).compactMap { WordSet([$0]).map { .word($0) } }
            case .word(.words(let words)): return capitalisations(of: words)
            case .word(.named), .prefix, .suffix, .capitalised, .allCaps, .containsDigit,
                .lengthAtLeast, .lengthAtMost, .kind(.number):
                return seen(under: literal.property).map { [.word($0)] } ?? []
            case .mark, .exact, .kind: return []
            default: return []
            }
        }
        for index in rule.facets.indices where rule.facets.count > 1 {
            if let rest = rule.removing(facet: index) { result.append(rest) }
        }
        for index in rule.facets.indices {
            for property in common(within: rule) {
                guard let longer = rule.adding(TextLiteral(property), toFacet: index),
                    longer != rule
                else { continue }
                // What a word is like narrows nothing once the word itself is given.
                if property.isAboutUnitAlone, table.places(longer) == table.places(rule) {
                    continue
                }
                result.append(longer)
            }
        }
        return result
    }

    /// The best rules that do not use the leading one's most useful property.
    private func others(_ rule: TextRule) -> [TextRule] {
        let whole = balancedAccuracy(rule)
        var strongest: (property: TextProperty, loss: Double)?
        for (index, facet) in rule.facets.enumerated() {
            for literal in facet.literals {
                let rest = rule.removing(literal, fromFacet: index) ?? rule.removing(facet: index)
                let loss = whole - (rest.map(balancedAccuracy) ?? 0)
                if loss > strongest?.loss ?? -1 { strongest = (literal.property, loss) }
            }
        }
        guard let strongest else { return [] }
        var banned: Set<TextProperty> = [strongest.property]
        if let set = strongest.property.set {
            for word in set.members {
                if let one = WordSet([word]) { banned.insert(strongest.property.with(one)) }
            }
        }
        return induce(banned: banned).map { [$0] } ?? []
    }

    /// The rule with one literal left out, for each literal that is not alone in its facet.
    private func shortenings(of rule: TextRule) -> [TextRule] {
        rule.facets.indices.flatMap { index in
            rule.facets[index].literals.compactMap { rule.removing($0, fromFacet: index) }
        }
    }

    private func changed(
        _ rule: TextRule, by change: (TextLiteral) -> [TextProperty]
    ) -> [TextRule] {
        rule.facets.indices.flatMap { index in
            rule.facets[index].literals.flatMap { literal in
                change(literal).compactMap {
                    rule.replacing(literal, inFacet: index, by: TextLiteral($0))
                }
            }
        }
    }
}

extension TextInducer {
    /// Classes that have every word of the set.
    private func classes(covering set: WordSet) -> [WordSet] {
        guard case .words(let words) = set else { return [] }
        return words.map { WordClasses(containing: $0) }
            .reduce(source.classes) { $0.intersection($1) }.members.map(WordSet.named)
    }

    /// Endings and beginnings that all words of the set share.
    private func affixes(of set: WordSet) -> [TextProperty] {
        guard case .words(let words) = set, let first = words.first else { return [] }
        var result: [TextProperty] = []
        for count in 2...4 where first.count > count {
            let (head, tail) = (String(first.prefix(count)), String(first.suffix(count)))
            if words.allSatisfy({ $0.hasPrefix(head) && $0 != head }) {
                result.append(.prefix(head))
            }
            if words.allSatisfy({ $0.hasSuffix(tail) && $0 != tail }) {
                result.append(.suffix(tail))
            }
        }
        return result
    }

    /// How the only word of a list is written where the feature fires.
    private func capitalisations(of words: [String]) -> [TextProperty] {
        guard let word = words.first else { return [] }
        let written = table.firing.members.map { place in
            let (text, unit) = table.locate(place)
            return text.units[unit]
        }
        return Set(written.filter { $0.folded == word }.map(\.text)).sorted().prefix(3)
            .map { .exact($0) }
    }

    /// The words that fire where a property holds.
    private func seen(under property: TextProperty) -> WordSet? {
        let places = table.places(property).intersection(table.firing)
        let words = places.members.map { place in
            let (text, unit) = table.locate(place)
            return text.units[unit].folded
        }
        return WordSet(Set(words).sorted().prefix(WordSet.wordLimit))
    }

    /// Properties beside the rule's own that most firing items share where it holds.
    private func common(within rule: TextRule) -> [TextProperty] {
        let places = table.places(rule).intersection(table.firing).members.prefix(200)
        var counts = PropertyCounts()
        for place in places {
            let (text, unit) = table.locate(place)
            for property in source.properties(at: unit, in: text) { counts.add(property) }
        }
        let own = Set(rule.facets.flatMap(\.literals).map(\.property))
        let most = places.count < 20 ? places.count : places.count * 19 / 20
        let ranked = counts.ranked { property, count in
            2 * count >= places.count && count <= most && !own.contains(property)
        }
        return Array(ranked.prefix(8))
    }
}
