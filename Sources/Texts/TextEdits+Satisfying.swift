import LinearAlgebra

extension TextEdits {
    /// - Parameter accept: what else the result must satisfy.
    func satisfying(
        _ text: TextUnits, rule: TextRule, _ generator: inout SeededGenerator,
        accept: (TextUnits) -> Bool
    ) -> Edit? {
        guard !text.units.isEmpty, text.units.count <= Self.unitLimit, !rule.holds(in: text) else {
            return nil
        }
        let turn = generator.below(rule.facets.count)
        for offset in rule.facets.indices {
            let facet = rule.facets[(turn + offset) % rule.facets.count]
            guard let (edited, made) = climb(text, facet, &generator), rule.holds(in: edited),
                accept(edited)
            else { continue }
            let parts = made.map(\.sentence).joined(separator: "; ")
            return Edit(text: edited.text, note: "makes it hold: \(parts)")
        }
        return nil
    }

    /// Makes one more literal of the facet hold at some unit, until all do.
    private func climb(
        _ text: TextUnits, _ facet: TextRule.Facet, _ generator: inout SeededGenerator
    ) -> (TextUnits, [TextLiteral])? {
        var current = text
        var made: [TextLiteral] = []
        for _ in 0...(facet.literals.count + 1) {
            let scores = met(facet, in: current)
            guard let highest = scores.max() else { return nil }
            if highest == facet.literals.count { return (current, made) }
            let places = scores.indices.filter { scores[$0] == highest }
            var best: (text: TextUnits, literal: TextLiteral, score: Int, change: Int)?
            for place in places.shuffled(using: &generator).prefix(4) {
                for literal in facet.literals where !literal.holds(at: place, in: current) {
                    let options =
                        literal.negated
                        ? failing(TextLiteral(literal.property), at: place, in: current, &generator)
                        : holding(literal.property, at: place, in: current, &generator)
                    for option in options {
                        let score = met(facet, in: option).max() ?? 0
                        let change = abs(option.text.utf8.count - current.text.utf8.count)
                        guard score > highest,
                            (score, -change) > (best?.score ?? 0, -(best?.change ?? 0))
                        else { continue }
                        best = (option, literal, score, change)
                    }
                }
            }
            guard let best else { return nil }
            current = best.text
            made.append(best.literal)
        }
        return nil
    }

    /// How many of the facet's literals hold at each unit.
    private func met(_ facet: TextRule.Facet, in text: TextUnits) -> [Int] {
        text.units.indices.map { index in
            facet.literals.count { $0.holds(at: index, in: text) }
        }
    }

    /// Texts near `text` in which the property may hold at or near the place.
    func holding(
        _ property: TextProperty, at place: Int, in text: TextUnits,
        _ generator: inout SeededGenerator
    ) -> [TextUnits] {
        let unit = text.units[place]
        switch property {
        case .word(let set), .mark(let set):
            return sample(set.members, &generator).map {
                text.replacing(place, by: $0.inCase(of: unit.text))
            }
        case .exact(let written): return [text.replacing(place, by: written)]
        case .prefix(let affix):
            return affixed(text, place, { $0.hasPrefix(affix) }, affix + "er", &generator)
        case .suffix(let affix):
            return affixed(text, place, { $0.hasSuffix(affix) }, "re" + affix, &generator)
        case .capitalised: return [text.replacing(place, by: unit.text.capitalisedFirst)]
        case .allCaps: return [text.replacing(place, by: unit.text.uppercased())]
        case .containsDigit: return [text.replacing(place, by: unit.text + "2")]
        case .kind(let kind): return [text.replacing(place, by: Self.specimens[kind] ?? "it")]
        case .lengthAtLeast(let count):
            return affixed(
                text, place, { $0.count >= count }, String(repeating: "a", count: count), &generator
            )
        case .lengthAtMost(let count):
            return affixed(text, place, { $0.count <= count }, "a", &generator)
        case .indexBelow, .last, .sentenceStart, .lineStart, .insideQuotes:
            return placed(property, at: place, in: text)
        default: return withNeighbours(property, at: place, in: text, &generator)
        }
    }

    private static let specimens: [TextUnits.Unit.Kind: String] = [
        .word: "it", .number: "7", .punctuation: ",", .newline: "\n", .symbol: "+",
    ]

    private func affixed(
        _ text: TextUnits, _ place: Int, _ fits: (String) -> Bool, _ invented: String,
        _ generator: inout SeededGenerator
    ) -> [TextUnits] {
        let words = sample(vocabulary.words.filter(fits), &generator) + [invented]
        return words.map { text.replacing(place, by: $0.inCase(of: text.units[place].text)) }
    }

    private func placed(
        _ property: TextProperty, at place: Int, in text: TextUnits
    ) -> [TextUnits] {
        let bytes = text.units[place].bytes
        switch property {
        case .indexBelow(let bound):
            let first = max(0, place - bound + 1)
            return [place, first].map {
                text.cutting(to: text.units[$0].bytes.lowerBound..<text.text.utf8.count)
            }
        case .last: return [text.cutting(to: 0..<bytes.upperBound)]
        case .sentenceStart:
            return [
                text.splicing(". ", at: bytes.lowerBound),
                text.splicing("\n", at: bytes.lowerBound),
            ]
        case .lineStart: return [text.splicing("\n", at: bytes.lowerBound)]
        default: return [text.replacing(place, by: "\"\(text.units[place].text)\"")]
        }
    }

    private func withNeighbours(
        _ property: TextProperty, at place: Int, in text: TextUnits,
        _ generator: inout SeededGenerator
    ) -> [TextUnits] {
        let words = property.set.map { sample($0.members, &generator) } ?? []
        switch property {
        case .previousPair(let first, let second):
            return [text.inserting("\(first) \(second)", before: place)]
        case .previous, .left:
            let replaced = place > 0 ? words.map { text.replacing(place - 1, by: $0) } : []
            return replaced + words.map { text.inserting($0, before: place) }
        case .next, .right:
            let hasNext = place + 1 < text.units.count
            let end = text.units[place].bytes.upperBound
            let replaced = hasNext ? words.map { text.replacing(place + 1, by: $0) } : []
            return replaced + words.map { text.splicing(" " + $0, at: end) }
        default: return words.map { text.appending($0) }
        }
    }

    /// At most 5 members in random order.
    private func sample(_ words: [String], _ generator: inout SeededGenerator) -> [String] {
        generator.sample(min(5, words.count), of: words.count).map { words[$0] }
    }
}
