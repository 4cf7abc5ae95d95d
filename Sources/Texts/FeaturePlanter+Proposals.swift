import LinearAlgebra

extension FeaturePlanter {
    /// A random unit that is a word with letters, and its text.
    private mutating func draw() -> (text: TextUnits, unit: Int)? {
        let text = texts[generator.below(texts.count)]
        for _ in 0..<8 {
            let unit = generator.below(text.units.count)
            if text.units[unit].kind == .word { return (text, unit) }
        }
        return nil
    }

    private mutating func word() -> TextProperty? {
        guard let (text, unit) = draw() else { return nil }
        return WordSet([text.units[unit].folded]).map { .word($0) }
    }

    private mutating func affix() -> TextProperty? {
        guard let (text, unit) = draw() else { return nil }
        let folded = text.units[unit].folded
        let count = 2 + generator.below(2)
        guard folded.count > count + 1 else { return nil }
        return generator.below(2) == 0
            ? .suffix(String(folded.suffix(count))) : .prefix(String(folded.prefix(count)))
    }

    private mutating func wordClass() -> TextProperty {
        .word(.named(WordClass.allCases[generator.below(WordClass.allCases.count)]))
    }

    /// Something about the surroundings of a unit, looking at most 3 units away.
    private mutating func context(_ text: TextUnits, _ unit: Int) -> TextProperty? {
        let other = unit + [-3, -2, -1, -1, 1, 1, 2, 3][generator.below(8)]
        guard text.units.indices.contains(other), text.units[other].kind == .word,
            let set = WordSet([text.units[other].folded])
        else { return nil }
        switch other - unit {
        case -1: return .previous(set)
        case 1: return .next(set)
        case ..<0: return .left(set, within: 3)
        default: return .right(set, within: 3)
        }
    }

    private mutating func flag() -> TextProperty {
        [.capitalised, .sentenceStart, .insideQuotes, .lengthAtLeast(6), .lengthAtMost(3)][
            generator.below(5)]
    }

    mutating func proposal(_ kind: PlantedClass) -> TextRule? {
        switch kind {
        case .token: return word().map { TextRule($0) }
        case .affix: return affix().map { TextRule($0) }
        case .semanticClass: return TextRule(wordClass())
        case .context, .negation:
            guard let (text, unit) = draw(), let near = context(text, unit),
                let set = WordSet([text.units[unit].folded])
            else { return nil }
            return rule([
                TextLiteral(.word(set)), TextLiteral(near, negated: kind == .negation),
            ])
        case .conjunction:
            guard let first = generator.below(2) == 0 ? wordClass() : affix() else { return nil }
            return rule([TextLiteral(first), TextLiteral(flag())])
        case .position:
            let places: [TextProperty] = [
                .indexBelow(1), .indexBelow(3), .indexBelow(6), .sentenceStart, .last,
            ]
            let place = places[generator.below(places.count)]
            guard let first = generator.below(3) == 0 ? wordClass() : word() else { return nil }
            return rule([TextLiteral(first), TextLiteral(place)])
        case .disjunction:
            let words = (0..<(2 + generator.below(3))).compactMap { _ in
                draw().map { $0.text.units[$0.unit].folded }
            }
            return WordSet(words).map { TextRule(.word($0)) }
        case .polysemantic:
            guard let first = word(), let second = generator.below(2) == 0 ? affix() : wordClass()
            else { return nil }
            return TextRule([first, second].map { TextRule.Facet(one: TextLiteral($0)) })
        }
    }

    private func rule(_ literals: [TextLiteral]) -> TextRule? {
        TextRule.Facet(literals).flatMap { TextRule([$0]) }
    }
}
