/// The properties that hold at a unit and could be part of an explanation.
struct LiteralSource: Sendable {
    let classes: WordClasses
    private static let windows = [2, 3, 5, 8]
    private static let bounds = [1, 2, 3, 5, 8, 12, 20]

    func properties(at index: Int, in text: TextUnits) -> [TextProperty] {
        var result = own(index, text)
        position(index, text, &result)
        neighbours(index, text, &result)
        return result
    }

    private func own(_ index: Int, _ text: TextUnits) -> [TextProperty] {
        let unit = text.units[index]
        let facts = text.facts[index]
        guard let set = WordSet(folded: unit.folded) else { return [.kind(unit.kind)] }
        guard unit.isWordlike else { return [.mark(set), .kind(unit.kind)] }
        // That a word is a word says nothing beside what else is said of it.
        var result: [TextProperty] = [.word(set)]
        if unit.kind == .number { result.append(.kind(.number)) }
        result += facts.classes.intersection(classes).members.map { .word(.named($0)) }
        if unit.text != unit.folded { result.append(.exact(unit.text)) }
        let flags: [(UnitFacts.Flags, TextProperty)] = [
            (.capitalised, .capitalised), (.allCaps, .allCaps), (.containsDigit, .containsDigit),
        ]
        result += flags.filter { facts.flags.contains($0.0) }.map(\.1)
        for count in 1...4 where count < facts.length {
            result.append(.suffix(String(unit.folded.suffix(count))))
            if count > 1 { result.append(.prefix(String(unit.folded.prefix(count)))) }
        }
        for count in 4...12 where count <= facts.length { result.append(.lengthAtLeast(count)) }
        for count in 1...5 where count >= facts.length { result.append(.lengthAtMost(count)) }
        return result
    }

    private func position(_ index: Int, _ text: TextUnits, _ result: inout [TextProperty]) {
        let flags = text.facts[index].flags
        for bound in Self.bounds where index < bound { result.append(.indexBelow(bound)) }
        if index == text.units.count - 1 { result.append(.last) }
        if flags.contains(.sentenceStart) { result.append(.sentenceStart) }
        if flags.contains(.lineStart) { result.append(.lineStart) }
        if flags.contains(.insideQuotes) { result.append(.insideQuotes) }
    }

    private func neighbours(_ index: Int, _ text: TextUnits, _ result: inout [TextProperty]) {
        let units = text.units
        var seen: Set<TextProperty> = []
        func add(_ property: TextProperty) {
            if seen.insert(property).inserted { result.append(property) }
        }
        for other in max(0, index - 8)..<index {
            for set in sets(other, text) {
                if other == index - 1 { add(.previous(set)) }
                for window in Self.windows where index - other <= window {
                    add(.left(set, within: window))
                }
            }
        }
        for other in (index + 1)..<max(index + 1, min(units.count, index + 9)) {
            for set in sets(other, text) {
                if other == index + 1 { add(.next(set)) }
                for window in Self.windows where other - index <= window {
                    add(.right(set, within: window))
                }
            }
        }
        if index > 1 {
            let pair = (units[index - 2].folded, units[index - 1].folded)
            if max(pair.0.utf8.count, pair.1.utf8.count) <= TextProperty.textByteLimit {
                add(.previousPair(pair.0, pair.1))
            }
        }
        // What a long text contains says little, and there is much of it.
        for other in units.indices.prefix(96) where other != index {
            for set in sets(other, text) { add(.contains(set)) }
        }
    }

    private func sets(_ index: Int, _ text: TextUnits) -> [WordSet] {
        let named = text.facts[index].classes.intersection(classes).members.map(WordSet.named)
        return (WordSet(folded: text.units[index].folded).map { [$0] } ?? []) + named
    }
}

extension TextProperty {
    /// What breaks ties between properties that the evidence cannot tell apart, in balanced accuracy:
    /// what a unit says comes before where it stands, and the narrower reading before the wider.
    var oddity: Double { oddityRank * 1e-4 }

    private var oddityRank: Double {
        switch self {
        case .word(.words), .mark: return 0
        case .exact: return 1
        case .word(.named), .kind: return 2
        case .suffix(let affix), .prefix(let affix): return 5 - 0.4 * Double(min(5, affix.count))
        case .previous, .next, .previousPair: return 5
        case .capitalised, .allCaps, .containsDigit, .last, .sentenceStart, .lineStart,
            .insideQuotes:
            return 6
        case .lengthAtLeast(let count): return 7 - 0.05 * Double(min(20, count))
        case .lengthAtMost(let count), .indexBelow(let count):
            return 6.5 + 0.02 * Double(min(25, count))
        case .left(_, let window), .right(_, let window):
            return 7 + 0.05 * Double(min(20, window))
        case .contains: return 9
        }
    }
}
