import LinearAlgebra

extension PlantedFeature {
    /// Features whose truths occur often enough in the texts to be found and rarely enough to be
    /// told apart, evenly over the classes.
    ///
    /// - Returns: at most `count`; fewer when the texts are too few or too uniform for a class.
    /// - Parameter seed: the same seed and texts give the same features.
    public static func plant(
        count: Int, over texts: [TextUnits], seed: UInt64, noise: Double = 0.03,
        leakage: Double = 0.3
    ) -> [PlantedFeature] {
        let usable = texts.filter { !$0.units.isEmpty }
        guard count > 0, !usable.isEmpty else { return [] }
        var planter = FeaturePlanter(usable, seed: seed)
        var result: [PlantedFeature] = []
        var taken: Set<TextRule> = []
        let classes = PlantedClass.allCases
        for turn in 0..<(2 * count) where result.count < count {
            let kind = classes[turn % classes.count]
            guard let rule = planter.rule(of: kind, except: taken) else { continue }
            taken.insert(rule)
            result.append(
                PlantedFeature(
                    class: kind, rule: rule, seed: seed &+ UInt64(turn), noise: noise,
                    leakage: leakage, alternatives: planter.alternatives(to: rule)))
        }
        return result
    }
}

/// Chooses truths that the texts support.
private struct FeaturePlanter {
    private let texts: [TextUnits]
    /// All texts as silent evidence, for counting where a rule holds.
    private let table: PlaceTable
    private var generator: SeededGenerator
    private let supportNeeded: Int

    init(_ texts: [TextUnits], seed: UInt64) {
        self.texts = texts
        table = PlaceTable(TextEvidence(texts.map { .init(units: $0, fires: false) }))
        generator = SeededGenerator(seed: seed, stream: 0x504C_414E)
        supportNeeded = max(min(8, max(2, texts.count / 10)), texts.count / 100)
    }

    mutating func rule(of kind: PlantedClass, except taken: Set<TextRule>) -> TextRule? {
        for _ in 0..<400 {
            guard let rule = proposal(kind), !taken.contains(rule) else { continue }
            let support = items(rule).count
            guard support >= supportNeeded, 5 * support <= 2 * texts.count else { continue }
            if isNeeded(kind, rule, support) { return rule }
        }
        return nil
    }

    /// Whether every part of the truth shows in the texts.
    private func isNeeded(_ kind: PlantedClass, _ rule: TextRule, _ support: Int) -> Bool {
        switch kind {
        case .token: return true
        case .affix, .semanticClass: return distinctWords(rule).count >= 4
        case .disjunction:
            let words = distinctWords(rule)
            return words.count >= 2
                && words.allSatisfy { word in
                    guard let one = WordSet([word]) else { return false }
                    return 8 * items(TextRule(.word(one))).count >= support
                }
        case .polysemantic:
            return rule.facets.indices.allSatisfy { index in
                let rest = rule.removing(facet: index).map { items($0).count } ?? 0
                return 5 * (support - rest) >= support
            }
        case .context, .conjunction, .negation, .position:
            return rule.facets[0].literals.allSatisfy { literal in
                guard let rest = rule.removing(literal, fromFacet: 0) else { return false }
                return 5 * items(rest).count >= 6 * support
            }
        }
    }

    /// Simpler rules: one literal less, or the few words that make up most of a class or affix.
    func alternatives(to rule: TextRule) -> [TextRule] {
        let support = items(rule).count
        var result: [TextRule] = []
        for (index, facet) in rule.facets.enumerated() {
            for literal in facet.literals {
                guard let rest = rule.removing(literal, fromFacet: index) else { continue }
                if 5 * support >= 3 * items(rest).count { result.append(rest) }
            }
        }
        if rule.facets.count == 1, rule.facets[0].literals.count == 1 {
            let words = distinctWords(rule)
            if words.count > 2, let few = WordSet(words.prefix(2)) {
                let rest = TextRule(.word(few))
                if 10 * items(rest).count >= 7 * support { result.append(rest) }
            }
        }
        return result
    }

    private func items(_ rule: TextRule) -> Set<Int32> {
        Set(table.places(rule).members.map { table.itemOfPlace[$0] })
    }

    /// The words where the rule holds, most frequent first.
    private func distinctWords(_ rule: TextRule) -> [String] {
        var counts: [String: Int] = [:]
        table.places(rule).forEach { place in
            let (text, unit) = table.locate(place)
            counts[text.units[unit].folded, default: 0] += 1
        }
        var words = counts.map { (word: $0.key, count: $0.value) }
        words.sort { a, b in a.count == b.count ? a.word < b.word : a.count > b.count }
        return words.map(\.word)
    }
}

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

    private mutating func proposal(_ kind: PlantedClass) -> TextRule? {
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
