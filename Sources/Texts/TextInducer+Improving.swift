import LinearAlgebra

extension TextInducer {
    /// Climbs from `start` by leaving out, adding or exchanging one part, while that raises
    /// ``value(_:)``.
    public func improve(_ start: TextRule) -> TextRule { improve(start, banned: []) }

    func improve(_ start: TextRule, banned: Set<TextProperty>) -> TextRule {
        var known: [TextProperty: BitSet] = [:]
        var current = start
        var worth = value(current)
        let extra = additions(banned: banned)
        for _ in 0..<16 {
            var best: (rule: TextRule, value: Double)?
            for candidate in neighbours(of: current, extra) {
                let value = value(candidate, &known)
                if value > (best?.value ?? worth) + 1e-9 { best = (candidate, value) }
            }
            guard let best else { break }
            current = best.rule
            worth = best.value
        }
        return current
    }

    private func value(_ rule: TextRule, _ known: inout [TextProperty: BitSet]) -> Double {
        var union = BitSet(count: table.count)
        for facet in rule.facets {
            var places = table.relevant
            for literal in facet.literals {
                let own = known[literal.property] ?? table.places(literal.property)
                known[literal.property] = own
                if literal.negated { places.subtract(own) } else { places.formIntersection(own) }
            }
            union.formUnion(places)
        }
        return table.tally(union).balancedAccuracy - penalty(rule)
    }

    /// Rules that are one step away, in a fixed order.
    private func neighbours(of rule: TextRule, _ extra: [TextProperty]) -> [TextRule] {
        var result = merged(rule) + split(rule)
        for (index, facet) in rule.facets.enumerated() {
            if let shorter = rule.removing(facet: index) { result.append(shorter) }
            for literal in facet.literals {
                if let shorter = rule.removing(literal, fromFacet: index) { result.append(shorter) }
                for other in variants(of: literal.property) {
                    let exchanged = TextLiteral(other, negated: literal.negated)
                    if let changed = rule.replacing(literal, inFacet: index, by: exchanged) {
                        result.append(changed)
                    }
                }
            }
            guard facet.literals.count < settings.literals else { continue }
            for property in extra {
                if let longer = rule.adding(TextLiteral(property), toFacet: index) {
                    result.append(longer)
                }
            }
        }
        return result
    }

    /// The rule with two facets joined that differ in the word list of one literal.
    private func merged(_ rule: TextRule) -> [TextRule] {
        var result: [TextRule] = []
        for (first, a) in rule.facets.enumerated() {
            for b in rule.facets.dropFirst(first + 1) {
                let onlyA = a.literals.filter { !b.literals.contains($0) }
                let onlyB = b.literals.filter { !a.literals.contains($0) }
                guard onlyA.count == 1, onlyB.count == 1, !onlyA[0].negated, !onlyB[0].negated,
                    case .words(let words)? = onlyA[0].property.set,
                    case .words(let others)? = onlyB[0].property.set,
                    let set = WordSet(words + others),
                    onlyA[0].property.with(set) == onlyB[0].property.with(set)
                else { continue }
                let shared = a.literals.filter { $0 != onlyA[0] }
                guard
                    let facet = TextRule.Facet(shared + [TextLiteral(onlyA[0].property.with(set))])
                else { continue }
                let rest = rule.facets.filter { $0 != a && $0 != b }
                if let joined = TextRule(rest + [facet]) { result.append(joined) }
            }
        }
        return result
    }

    /// The property a little wider or narrower.
    func variants(of property: TextProperty) -> [TextProperty] {
        var result: [TextProperty] = []
        if case .words(let words)? = property.set {
            if words.count > 1 {
                result += words.compactMap { word in
                    WordSet(words.filter { $0 != word }).map(property.with)
                }
            }
            let shared = words.map { WordClasses(containing: $0) }
                .reduce(WordClasses(rawValue: 0)) { $0.union($1) }
            result += shared.intersection(source.classes).members.map { property.with(.named($0)) }
        }
        switch property {
        case .left(let set, let window):
            result += [1, 2, 3, 4, 5, 6, 8, 10].filter { $0 != window }
                .map { .left(set, within: $0) }
            result.append(.previous(set))
        case .right(let set, let window):
            result += [1, 2, 3, 4, 5, 6, 8, 10].filter { $0 != window }
                .map { .right(set, within: $0) }
            result.append(.next(set))
        case .previous(let set): result += [2, 3, 5].map { .left(set, within: $0) }
        case .next(let set): result += [2, 3, 5].map { .right(set, within: $0) }
        case .indexBelow(let bound):
            result += [bound - 1, bound + 1, bound + 2].filter { $0 > 0 }.map { .indexBelow($0) }
        case .lengthAtLeast(let count):
            result += [count - 1, count + 1].filter { $0 > 0 }.map { .lengthAtLeast($0) }
        case .lengthAtMost(let count):
            result += [count - 1, count + 1].filter { $0 > 0 }.map { .lengthAtMost($0) }
        case .exact(let text):
            if let set = WordSet([text]) { result.append(.word(set)) }
        default: break
        }
        return result
    }

    /// Properties worth adding: those that describe rather than name, where the feature fires.
    private func additions(banned: Set<TextProperty>) -> [TextProperty] {
        var counts = PropertyCounts()
        for place in table.firing.members.prefix(200) {
            let (text, unit) = table.locate(place)
            for property in source.properties(at: unit, in: text) where !banned.contains(property) {
                if case .contains = property { continue }
                counts.add(property)
            }
        }
        let needed = max(2, table.firingItemCount / 5)
        return Array(counts.ranked { _, count in count >= needed }.prefix(100))
    }
}

extension TextInducer {
    /// The rule with a facet about three or more words parted into what some of them share, a class
    /// or an affix, and the rest.
    private func split(_ rule: TextRule) -> [TextRule] {
        var result: [TextRule] = []
        for (index, facet) in rule.facets.enumerated() {
            for literal in facet.literals where !literal.negated {
                guard case .word(.words(let words)) = literal.property, words.count > 2 else {
                    continue
                }
                let shared = facet.literals.filter { $0 != literal }
                for (property, rest) in parted(words) {
                    let parts = [property] + (WordSet(rest).map { [.word($0)] } ?? [])
                    let facets = parts.compactMap { TextRule.Facet(shared + [TextLiteral($0)]) }
                    let others = rule.facets.indices.filter { $0 != index }.map { rule.facets[$0] }
                    if let parted = TextRule(others + facets) { result.append(parted) }
                }
            }
        }
        return result
    }

    /// What two or more of the words share, and the words that do not.
    private func parted(_ words: [String]) -> [(property: TextProperty, rest: [String])] {
        var result: [(property: TextProperty, rest: [String])] = []
        func add(_ property: TextProperty, where fits: (String) -> Bool) {
            let rest = words.filter { !fits($0) }
            if rest.count + 1 < words.count { result.append((property, rest)) }
        }
        for name in source.classes.members {
            let members = name.words
            add(.word(.named(name))) { members.contains($0) }
        }
        var affixes: Set<TextProperty> = []
        for word in words {
            for count in 2...4 where word.count > count {
                let (head, tail) = (String(word.prefix(count)), String(word.suffix(count)))
                if affixes.insert(.prefix(head)).inserted {
                    add(.prefix(head)) { $0.hasPrefix(head) && $0 != head }
                }
                if affixes.insert(.suffix(tail)).inserted {
                    add(.suffix(tail)) { $0.hasSuffix(tail) && $0 != tail }
                }
            }
        }
        return result
    }
}
