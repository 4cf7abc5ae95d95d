import LinearAlgebra

/// The search for one facet: a beam over conjunctions.
struct FacetSearch {
    let table: PlaceTable
    let settings: TextInducer.Settings
    let banned: Set<TextProperty>
    /// The most words that candidates' places may take together: 128 MB.
    private static let wordLimit = 1 << 24
    /// Places of properties that were asked for before.
    private var known: [TextProperty: BitSet] = [:]
    private let catalogue: PropertyCatalogue

    /// A conjunction worked out.
    struct Candidate {
        let literals: [TextLiteral]
        let places: BitSet
        let value: Double
        let contrast: Double
    }

    /// A conjunction that was only counted: most never come to more.
    private struct Draft {
        let parent: Int
        let literal: TextLiteral
        let value: Double
        let contrast: Double
    }

    init(
        table: PlaceTable, catalogue: PropertyCatalogue, settings: TextInducer.Settings,
        banned: Set<TextProperty>
    ) {
        self.table = table
        self.catalogue = catalogue
        self.settings = settings
        self.banned = banned
    }

    /// Firing items that a facet must explain: one could be chance.
    var supportNeeded: Int {
        table.firingItemCount < 6 ? 1 : max(2, table.firingItemCount / 40)
    }

    /// The facet whose union with `covered` is worth most, and that worth.
    mutating func best(
        beside covered: BitSet
    ) -> (facet: TextRule.Facet, places: BitSet, value: Double)? {
        let pool = candidates(at: table.firing.subtracting(covered), beside: covered)
        var best: Candidate?
        var beam = kept(pool)
        for depth in 1...settings.literals {
            var seen = Set(beam.map { Set($0.literals) })
            for parent in beam {
                if let grown = grow(parent, beside: covered),
                    seen.insert(Set(grown.literals)).inserted
                {
                    beam.append(grown)
                }
            }
            beam = kept(beam)
            if let top = beam.first, top.value > best?.value ?? 0 { best = top }
            guard depth < settings.literals else { break }
            beam = children(of: beam, by: pool, beside: covered)
        }
        guard let best, let facet = TextRule.Facet(best.literals) else { return nil }
        return (facet, best.places, best.value)
    }

    /// The best by worth and the best by contrast, best first; equals keep their order.
    private func kept(_ candidates: [Candidate]) -> [Candidate] {
        let scores = candidates.map { (value: $0.value, contrast: $0.contrast) }
        return chosen(scores, limit: 1).map { candidates[$0] }
    }

    /// - Parameter limit: how many times the beam to choose.
    private func chosen(
        _ scores: [(value: Double, contrast: Double)], limit: Int
    ) -> [Int] {
        let order = scores.indices.sorted { a, b in
            let (first, second) = (scores[a].value, scores[b].value)
            return first == second ? a < b : first > second
        }
        let rest = order.dropFirst(limit * settings.beam).sorted { a, b in
            let (first, second) = (scores[a].contrast, scores[b].contrast)
            return first == second ? a < b : first > second
        }
        return Array(order.prefix(limit * settings.beam))
            + rest.prefix(limit * settings.contrastBeam)
    }

    private func candidate(
        _ literals: [TextLiteral], _ places: BitSet, beside covered: BitSet
    ) -> Candidate? {
        let alone = table.tally(places.subtracting(covered))
        guard alone.support >= supportNeeded else { return nil }
        return Candidate(
            literals: literals, places: places,
            value: table.tally(places.union(covered)).balancedAccuracy
                - settings.penalty(literals),
            contrast: table.contrast(places, alone) - settings.penalty(literals))
    }

    /// Single properties that hold at some of `firing`, best contrast first.
    private mutating func candidates(
        at firing: BitSet, beside covered: BitSet
    ) -> [Candidate] {
        let common = common(at: firing, least: min(2, supportNeeded), limit: 600)
        var result: [Candidate] = []
        // Each costs a bit for every place, hence fewer for a great amount of evidence.
        let affordable = Self.wordLimit / max(1, table.relevant.words.count)
        for property in common.prefix(min(5 * settings.candidates, affordable)) {
            let places = table.places(property)
            if let found = candidate([TextLiteral(property)], places, beside: covered) {
                result.append(found)
            }
        }
        let worth = result.map { max($0.contrast, 2 * $0.value - 1) }
        let order = result.indices.sorted { a, b in
            worth[a] == worth[b] ? a < b : worth[a] > worth[b]
        }
        return order.prefix(settings.candidates).map { result[$0] }
    }

    /// Properties at the places that at least `least` of them have, most frequent first.
    private mutating func common(
        at places: BitSet, least: Int, limit: Int
    ) -> [TextProperty] {
        var members = places.members
        if members.count > limit {
            let all = members
            members = (0..<limit).map { all[$0 * all.count / limit] }
        }
        return catalogue.common(at: members, least: least, table: table)
            .filter { !banned.contains($0) }
    }

    mutating func places(_ property: TextProperty) -> BitSet {
        if let places = known[property] { return places }
        let places = table.places(property)
        known[property] = places
        return places
    }
}

extension FacetSearch {
    /// The best of the parents' children: with one more property of the pool, or without one that is
    /// common where the parent holds and the feature is silent.
    private mutating func children(
        of beam: [Candidate], by pool: [Candidate], beside covered: BitSet
    ) -> [Candidate] {
        let count = table.coverage(of: covered)
        var drafts: [Draft] = []
        for (index, parent) in beam.enumerated() {
            for other in pool where !parent.literals.contains(other.literals[0]) {
                let draft = draft(index, parent, other.literals[0], other.places, count)
                if let draft { drafts.append(draft) }
            }
            let wrong = parent.places.intersection(table.silent)
            for property in common(at: wrong, least: 2, limit: 60).prefix(120)
            where !parent.literals.contains(where: { $0.property == property }) {
                let literal = TextLiteral(property, negated: true)
                if let draft = draft(index, parent, literal, places(property), count) {
                    drafts.append(draft)
                }
            }
        }
        // The same conjunction comes from several parents, hence more than are kept.
        let best = chosen(drafts.map { (value: $0.value, contrast: $0.contrast) }, limit: 4)
        var seen: Set<Set<TextLiteral>> = []
        var result: [Candidate] = []
        for draft in best.map({ drafts[$0] }) {
            let parent = beam[draft.parent]
            let literals = parent.literals + [draft.literal]
            guard seen.insert(Set(literals)).inserted else { continue }
            let own = places(draft.literal.property)
            let places =
                draft.literal.negated
                ? parent.places.subtracting(own) : parent.places.intersection(own)
            guard places != parent.places else { continue }
            result.append(
                Candidate(
                    literals: literals, places: places, value: draft.value,
                    contrast: draft.contrast))
        }
        return kept(result)
    }

    private func draft(
        _ index: Int, _ parent: Candidate, _ literal: TextLiteral, _ places: BitSet,
        _ covered: PlaceTable.Coverage
    ) -> Draft? {
        let found = table.tally(
            parent.places, places, negated: literal.negated, beside: covered, least: supportNeeded)
        guard let found else { return nil }
        let penalty = settings.penalty(parent.literals) + settings.penalty([literal])
        return Draft(
            parent: index, literal: literal, value: found.balancedAccuracy - penalty,
            contrast: found.contrast - penalty)
    }

    /// The candidate with the words that each earn their place added to one of its word lists.
    private mutating func grow(_ parent: Candidate, beside covered: BitSet) -> Candidate? {
        var best: Candidate?
        for (index, literal) in parent.literals.enumerated() where !literal.negated {
            guard case .words(let words)? = literal.property.set else { continue }
            let rest = parent.literals.enumerated().filter { $0.offset != index }.map(\.element)
            var base = table.relevant
            for other in rest {
                let places = places(other.property)
                base = other.negated ? base.subtracting(places) : base.intersection(places)
            }
            let open = base.intersection(table.firing).subtracting(covered)
                .subtracting(parent.places)
            let grown = longer(words, literal.property, rest, base, open, parent, covered)
            if let grown, grown.value > best?.value ?? parent.value { best = grown }
        }
        return best
    }

    /// - Parameters:
    ///   - base: where the other literals hold.
    ///   - open: firing places among these that nothing covers yet.
    private mutating func longer(
        _ words: [String], _ property: TextProperty, _ rest: [TextLiteral], _ base: BitSet,
        _ open: BitSet, _ parent: Candidate, _ covered: BitSet
    ) -> Candidate? {
        var words = words
        var current = parent
        for word in spare(property, at: open) where words.count < WordSet.wordLimit {
            guard let one = WordSet([word]), let set = WordSet(words + [word]) else { continue }
            let places = base.intersection(places(property.with(one))).union(current.places)
            let literals = rest + [TextLiteral(property.with(set))]
            if let longer = candidate(literals, places, beside: covered),
                longer.value > current.value
            {
                current = longer
                words.append(word)
            }
        }
        return current.literals == parent.literals ? nil : current
    }

    /// The words that could join the set of `property` because they stand in its slot at `open`
    /// places, most frequent first.
    private func spare(_ property: TextProperty, at open: BitSet) -> [String] {
        var counts: [String: Int] = [:]
        open.forEach { place in
            let (text, unit) = table.locate(place)
            let slots = Set(
                property.slots(at: unit, in: text).map { text.units[$0].folded })
            for word in slots { counts[word, default: 0] += 1 }
        }
        let least = min(2, supportNeeded)
        var words = counts.filter { $0.value >= least }.map { (word: $0.key, count: $0.value) }
        words.sort { a, b in a.count == b.count ? a.word < b.word : a.count > b.count }
        return words.prefix(48).map(\.word)
    }
}

extension TextProperty {
    /// The units that could be of the property's set so that it holds at `index`.
    func slots(at index: Int, in text: TextUnits) -> Range<Int> {
        let count = text.units.count
        return switch self {
        case .word: text.units[index].isWordlike ? index..<index + 1 : 0..<0
        case .mark: text.units[index].isWordlike ? 0..<0 : index..<index + 1
        case .previous: max(0, index - 1)..<index
        case .next: index + 1..<max(index + 1, min(count, index + 2))
        case .left(_, let window): max(0, index - window)..<index
        case .right(_, let window): index + 1..<max(index + 1, min(count, index + 1 + window))
        case .contains: 0..<count
        default: 0..<0
        }
    }
}
