import LinearAlgebra

extension PlantedFeature {
    /// Features whose truths occur often enough in the texts to be found and rarely enough to be
    /// told apart, evenly over the classes.
    ///
    /// Every part of a truth shows in the texts. Every second feature of a class is entangled where
    /// the texts have such a truth: another rule holds on nearly the same texts, because a context
    /// nearly always goes with the word, one word makes up most of an affix or class, or an arm is
    /// rare.
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
            let isOdd = turn / classes.count % 2 == 1
            let entangled = isOdd ? planter.entangledRule(of: kind, except: taken) : nil
            guard let rule = entangled ?? planter.rule(of: kind, except: taken) else { continue }
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
struct FeaturePlanter {
    let texts: [TextUnits]
    /// All texts as silent evidence, for counting where a rule holds.
    let table: PlaceTable
    let known: KnownPlaces
    let edits: TextEdits
    let catalogue = PropertyCatalogue(source: LiteralSource(classes: .builtIn))
    var generator: SeededGenerator
    private let supportNeeded: Int

    init(_ texts: [TextUnits], seed: UInt64) {
        self.texts = texts
        table = PlaceTable(TextEvidence(texts.map { .init(units: $0, fires: false) }))
        known = KnownPlaces(table)
        edits = TextEdits(vocabulary: .init(from: texts, seed: seed))
        generator = SeededGenerator(seed: seed, stream: 0x504C_414E)
        supportNeeded = max(min(8, max(2, texts.count / 10)), texts.count / 100)
    }

    mutating func rule(of kind: PlantedClass, except taken: Set<TextRule>) -> TextRule? {
        for _ in 0..<400 {
            guard let rule = proposal(kind), !taken.contains(rule), let support = support(rule)
            else { continue }
            if isNeeded(kind, rule, support) { return rule }
        }
        return nil
    }

    /// How many texts have the rule, where these are neither too few nor too many.
    func support(_ rule: TextRule) -> Int? {
        let support = items(rule).population
        return support >= supportNeeded && 5 * support <= 2 * texts.count ? support : nil
    }

    /// Whether every part of the truth shows in the texts.
    private func isNeeded(_ kind: PlantedClass, _ rule: TextRule, _ support: Int) -> Bool {
        switch kind {
        case .token: return true
        case .affix, .semanticClass: return words(of: rule).count >= 4
        case .disjunction:
            let words = words(of: rule)
            return words.count >= 2
                && words.allSatisfy { word in
                    guard let one = WordSet([word]) else { return false }
                    return 8 * items(TextRule(.word(one))).population >= support
                }
        case .polysemantic:
            return rule.facets.indices.allSatisfy { index in
                let rest = rule.removing(facet: index).map { items($0).population } ?? 0
                return 5 * (support - rest) >= support
            }
        case .context, .conjunction, .negation, .position:
            return rule.facets[0].literals.allSatisfy { literal in
                guard let rest = rule.removing(literal, fromFacet: 0) else { return false }
                return 5 * items(rest).population >= 6 * support
            }
        }
    }

    /// The texts in which a rule holds.
    func items(_ rule: TextRule) -> BitSet {
        var result = BitSet(count: table.items.count)
        known.places(rule).forEach { result.insert(Int(table.itemOfPlace[$0])) }
        return result
    }

    /// The words where the rule holds, most frequent first.
    func words(of rule: TextRule) -> [String] {
        var counts: [String: Int] = [:]
        known.places(rule).forEach { place in
            let (text, unit) = table.locate(place)
            counts[text.units[unit].folded, default: 0] += 1
        }
        var words = counts.map { (word: $0.key, count: $0.value) }
        words.sort { a, b in a.count == b.count ? a.word < b.word : a.count > b.count }
        return words.map(\.word)
    }

    /// At most 200 places of the rule, evenly spread.
    func somePlaces(of rule: TextRule) -> [Int] {
        let all = known.places(rule).members
        let count = min(200, all.count)
        return (0..<count).map { all[$0 * all.count / count] }
    }
}
