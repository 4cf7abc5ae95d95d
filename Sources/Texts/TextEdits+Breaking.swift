import LinearAlgebra

extension TextEdits {
    /// The text with `literal` broken where the rule holds, as often as needed for it to hold nowhere.
    func breaking(
        _ literal: TextLiteral, of rule: TextRule, in text: TextUnits,
        _ generator: inout SeededGenerator, accept: (TextUnits) -> Bool
    ) -> TextUnits? {
        var current = text
        for round in 0..<12 {
            let places = rule.places(in: current)
            guard let place = places.first else { return accept(current) ? current : nil }
            let facet = rule.facets.first { $0.holds(at: place, in: current) }
            // A place of another facet, or one that the literal alone does not reach, is broken too.
            let target =
                facet.flatMap { $0.literals.contains(literal) ? literal : $0.literals.first }
                ?? literal
            let options = failing(target, at: place, in: current, &generator)
            let next = options.first { option in
                let left = rule.places(in: option).count
                return left == 0 ? accept(option) : left < places.count && round < 11
            }
            guard let next else { return nil }
            current = next
        }
        return nil
    }

    /// Texts near `text` in which the literal may no longer hold at the place, least changed first.
    func failing(
        _ literal: TextLiteral, at place: Int, in text: TextUnits,
        _ generator: inout SeededGenerator
    ) -> [TextUnits] {
        if literal.negated { return holding(literal.property, at: place, in: text, &generator) }
        let unit = text.units[place]
        switch literal.property {
        case .exact, .capitalised, .allCaps:
            return [unit.text.inOtherCase, unit.folded, unit.text.uppercased()]
                .filter { $0 != unit.text }.map { text.replacing(place, by: $0) }
                + replacements(of: place, in: text, &generator)
        case .indexBelow, .lineStart:
            let word = randomWord(like: unit, &generator)
            return [text.inserting(word, before: place)]
                + vocabulary.sentences.prefix(8).map { TextUnits("\($0) \(text.text)") }
        case .last:
            return [text.appending(randomWord(like: unit, &generator))]
                + vocabulary.sentences.prefix(4).map { TextUnits("\(text.text) \($0)") }
        case .sentenceStart:
            return (0..<4).map { _ in
                text.inserting(randomWord(like: unit, &generator), before: place)
            }
        case .insideQuotes:
            return [TextUnits(text.text.filter { !"\"“”„«»".contains($0) })]
        case .previous, .next, .left, .right, .contains, .previousPair:
            return withoutNeighbours(literal.property, at: place, in: text, &generator)
        default: return replacements(of: place, in: text, &generator)
        }
    }

    /// The text with a unit replaced by random words, or left out.
    private func replacements(
        of place: Int, in text: TextUnits, _ generator: inout SeededGenerator
    ) -> [TextUnits] {
        let unit = text.units[place]
        if !unit.isWordlike {
            let marks = [",", ".", "!", ";"].filter { $0 != unit.text }
            return marks.map { text.replacing(place, by: $0) } + [text.removing(place)]
        }
        let words = (0..<12).map { _ in randomWord(like: unit, &generator) }
        return words.filter { $0 != unit.text }.map { text.replacing(place, by: $0) }
            + [text.removing(place)]
    }

    /// The text without the neighbours that a property asks for.
    private func withoutNeighbours(
        _ property: TextProperty, at place: Int, in text: TextUnits,
        _ generator: inout SeededGenerator
    ) -> [TextUnits] {
        var slots = property.slots(at: place, in: text)
        if case .previousPair = property { slots = max(0, place - 1)..<place }
        let asked = slots.filter { index in
            index != place && property.set?.contains(index, of: text) ?? true
        }
        var result: [TextUnits] = []
        for _ in 0..<6 {
            var edited = text
            for index in asked where edited.units.indices.contains(index) {
                let unit = edited.units[index]
                let other = unit.isWordlike ? randomWord(like: unit, &generator) : ","
                edited = edited.replacing(index, by: other)
            }
            result.append(edited)
        }
        var bare = text
        for index in asked.reversed() where bare.units.indices.contains(index) {
            bare = bare.removing(index)
        }
        return result + [bare]
    }
}
