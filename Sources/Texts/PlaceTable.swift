import LinearAlgebra

/// Evidence laid out as places, so that a property becomes a set of bits and a rule a few passes
/// over words.
///
/// A place counts when it is the unit where a text fires, any unit of a firing text whose place is
/// not known, or any unit of a silent text. The other units of firing texts say nothing: the feature
/// may fire there too.
struct PlaceTable: Sendable {
    let items: [TextEvidence.Item]
    /// Where each item's places start; one more for the end.
    let starts: [Int]
    /// The item of each place.
    let itemOfPlace: [Int32]
    /// The places that count.
    let relevant: BitSet
    /// Those of firing items.
    let firing: BitSet
    /// Those of silent items.
    let silent: BitSet
    let firingItemCount: Int
    /// Each item's weight as a share of all firing or all silent weight.
    let weights: [Double]
    let silentPlaceCount: Int
    /// Words of a set after which there is no firing item.
    let firingWords: Int
    /// Where each folded text occurs.
    private let occurrences: [String: [Int32]]

    /// The most places of all items together; items past it are left out.
    static let placeLimit = 1_000_000

    init(_ evidence: TextEvidence) {
        var starts = [0]
        var owners: [Int32] = []
        var occurrences: [String: [Int32]] = [:]
        var items: [TextEvidence.Item] = []
        for item in Self.ordered(evidence.items) {
            guard owners.count + item.units.units.count <= Self.placeLimit else { break }
            for unit in item.units.units {
                occurrences[unit.folded, default: []].append(Int32(owners.count))
                owners.append(Int32(items.count))
            }
            items.append(item)
            starts.append(owners.count)
        }
        var firing = BitSet(count: owners.count)
        var silent = firing
        for (index, item) in items.enumerated() {
            let range = starts[index]..<starts[index + 1]
            if !item.fires {
                silent.insert(range)
            } else if let place = item.place {
                firing.insert(range.lowerBound + place)
            } else {
                firing.insert(range)
            }
        }
        self.items = items
        self.starts = starts
        self.occurrences = occurrences
        self.firing = firing
        self.silent = silent
        itemOfPlace = owners
        relevant = firing.union(silent)
        firingItemCount = items.count { $0.fires }
        let fired = items.reduce(0) { $0 + ($1.fires ? $1.weight : 0) }
        let stayed = items.reduce(0) { $0 + ($1.fires ? 0 : $1.weight) }
        weights = items.map { $0.weight / max(.leastNormalMagnitude, $0.fires ? fired : stayed) }
        firingWords = (starts[firingItemCount] + 63) / 64
        silentPlaceCount = silent.population
    }

    /// The items in an order that does not depend on how they came.
    private static func ordered(_ items: [TextEvidence.Item]) -> [TextEvidence.Item] {
        items.sorted { a, b in
            if a.fires != b.fires { return a.fires }
            if a.units.text != b.units.text { return a.units.text < b.units.text }
            return (a.place ?? -1, a.weight) < (b.place ?? -1, b.weight)
        }
    }

    var count: Int { itemOfPlace.count }

    /// The text and unit of a place.
    func locate(_ place: Int) -> (text: TextUnits, unit: Int) {
        let item = Int(itemOfPlace[place])
        return (items[item].units, place - starts[item])
    }

    /// What a set of relevant places explains.
    struct Tally {
        /// Weighted share of firing items with a place in the set.
        var sensitivity = 0.0
        /// Weighted share of silent items with a place in the set.
        var falseShare = 0.0
        /// Firing items with a place in the set.
        var support = 0

        var balancedAccuracy: Double { 0.5 * sensitivity + 0.5 * (1 - falseShare) }
    }

    /// - Parameter places: only relevant ones.
    func tally(_ places: BitSet) -> Tally {
        var tally = Tally()
        var last: Int32 = -1
        places.forEach { place in
            let owner = itemOfPlace[place]
            guard owner != last else { return }
            last = owner
            let item = Int(owner)
            if item < firingItemCount {
                tally.sensitivity += weights[item]
                tally.support += 1
            } else {
                tally.falseShare += weights[item]
            }
        }
        // Shares are sums of fractions and may end a rounding error above 1.
        tally.sensitivity = min(1, tally.sensitivity)
        tally.falseShare = min(1, tally.falseShare)
        return tally
    }

    /// How well a set separates single units: its share of firing items less its share of silent
    /// units. It tells dense properties apart that hold somewhere in every text.
    func contrast(_ places: BitSet, _ tally: Tally) -> Double {
        var count = 0
        for index in places.words.indices {
            count += (places.words[index] & silent.words[index]).nonzeroBitCount
        }
        return tally.sensitivity - Double(count) / Double(max(1, silentPlaceCount))
    }
}

extension PlaceTable {
    /// The relevant places where a rule holds.
    func places(_ rule: TextRule) -> BitSet {
        rule.facets.reduce(into: BitSet(count: count)) { $0.formUnion(places($1)) }
    }

    func places(_ facet: TextRule.Facet) -> BitSet {
        facet.literals.reduce(relevant) { set, literal in
            let places = places(literal.property)
            return literal.negated ? set.subtracting(places) : set.intersection(places)
        }
    }

    /// The relevant places where a property holds.
    func places(_ property: TextProperty) -> BitSet {
        var result = BitSet(count: count)
        switch property {
        case .word(let set): add(set, to: &result) { place, _ in place..<place + 1 }
        case .mark(let set): add(set, to: &result) { place, _ in place..<place + 1 }
        case .previous(let set):
            add(set, to: &result) { place, item in place + 1..<min(place + 2, item.upperBound) }
        case .next(let set):
            add(set, to: &result) { place, item in max(place - 1, item.lowerBound)..<place }
        case .left(let set, let window):
            add(set, to: &result) { place, item in
                place + 1..<min(place + 1 + window, item.upperBound)
            }
        case .right(let set, let window):
            add(set, to: &result) { place, item in max(place - window, item.lowerBound)..<place }
        case .contains(let set): add(set, to: &result) { _, item in item }
        case .prefix(let affix): add(&result) { $0.hasPrefix(affix) }
        case .suffix(let affix): add(&result) { $0.hasSuffix(affix) }
        default: return scan(property)
        }
        result.formIntersection(relevant)
        switch property {
        case .word, .mark, .prefix, .suffix: return check(result, property)
        default: return result
        }
    }

    /// Adds, for each occurrence of a word of `set`, the places that `reach` names.
    private func add(
        _ set: WordSet, to result: inout BitSet, reach: (Int, Range<Int>) -> Range<Int>
    ) {
        for word in set.members {
            for occurrence in occurrences[word] ?? [] {
                let place = Int(occurrence)
                if case .named(let name) = set {
                    let (text, unit) = locate(place)
                    guard text.facts[unit].classes.contains(WordClasses(name)) else { continue }
                }
                let item = Int(itemOfPlace[place])
                let range = starts[item]..<starts[item + 1]
                result.insert(reach(place, range))
            }
        }
    }

    private func add(_ result: inout BitSet, where matches: (String) -> Bool) {
        for (word, places) in occurrences where matches(word) {
            for place in places { result.insert(Int(place)) }
        }
    }

    private func check(_ candidates: BitSet, _ property: TextProperty) -> BitSet {
        var result = BitSet(count: count)
        candidates.forEach { place in
            let (text, unit) = locate(place)
            if property.holds(at: unit, in: text) { result.insert(place) }
        }
        return result
    }

    private func scan(_ property: TextProperty) -> BitSet { check(relevant, property) }
}
