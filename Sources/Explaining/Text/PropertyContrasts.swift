import Texts

/// How often plain properties hold on firing and on silent texts, those first that differ most.
///
/// Only what is seen at a glance is counted: words anywhere in a firing text, and at the unit where the
/// feature fires its neighbours, its classes and how it is written.
struct PropertyContrasts {
    struct Row: Hashable {
        let property: TextProperty
        let firing: Double
        let silent: Double
    }

    let rows: [Row]
    private static let limit = 40

    init(evidence: TextEvidence) {
        let firing = evidence.items.filter(\.fires)
        let silent = evidence.items.filter { !$0.fires }
        let candidates = Candidates(firing)
        let high = candidates.counts(firing)
        let low = candidates.counts(silent)
        let all = candidates.properties.indices.map { number in
            Row(
                property: candidates.properties[number],
                firing: Double(high[number]) / Double(max(1, firing.count)),
                silent: Double(low[number]) / Double(max(1, silent.count)))
        }
        // Candidates come in the order of their formulas, which breaks ties.
        let ranked = all.enumerated().sorted { a, b in
            let (first, second) = (a.element.contrast, b.element.contrast)
            return first == second ? a.offset < b.offset : first > second
        }
        rows = ranked.prefix(Self.limit).map(\.element)
    }

    /// One line for each property.
    var table: String {
        let lines = rows.map { row in
            "\(Self.percent(row.firing))\t\(Self.percent(row.silent))\t\(row.property.formula)"
        }
        return (["firing\tsilent\tproperty"] + lines).joined(separator: "\n")
    }

    private static func percent(_ share: Double) -> String {
        "\((share * 1_000).rounded() / 10) %"
    }
}

extension PropertyContrasts.Row {
    fileprivate var contrast: Double { abs(firing - silent) }
}

/// Properties to be counted, found by the word that they ask for: a background is long.
private struct Candidates {
    let properties: [TextProperty]
    private var own: [String: Int] = [:]
    private var before: [String: Int] = [:]
    private var after: [String: Int] = [:]
    private var others: [Int] = []

    init(_ firing: [TextEvidence.Item]) {
        var found: Set<TextProperty> = []
        for item in firing {
            let units = item.units.units
            for unit in units { found.formUnion(Self.own(unit)) }
            if let place = item.place { found.formUnion(Self.around(place, item.units)) }
        }
        properties = found.map { ($0.formula, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
        for (number, property) in properties.enumerated() {
            switch property {
            case .word(.words(let words)), .mark(.words(let words)): own[words[0]] = number
            case .previous(.words(let words)): before[words[0]] = number
            case .next(.words(let words)): after[words[0]] = number
            default: others.append(number)
            }
        }
    }

    /// The word or mark itself; nothing for one too long to be named.
    private static func own(_ unit: TextUnits.Unit) -> [TextProperty] {
        guard let set = WordSet([unit.folded]) else { return [] }
        return [unit.isWordlike ? .word(set) : .mark(set)]
    }

    private static func around(_ index: Int, _ text: TextUnits) -> [TextProperty] {
        let units = text.units
        var result: [TextProperty] = []
        if units[index].isWordlike {
            result += WordClasses(containing: units[index].folded).members
                .map { .word(.named($0)) }
        }
        let flags: [TextProperty] = [
            .kind(.number), .capitalised, .allCaps, .sentenceStart, .insideQuotes,
        ]
        result += flags.filter { $0.holds(at: index, in: text) }
        if index > 0, let set = WordSet([units[index - 1].folded]) {
            result.append(.previous(set))
        }
        if index + 1 < units.count, let set = WordSet([units[index + 1].folded]) {
            result.append(.next(set))
        }
        return result
    }

    /// On how many texts each property holds at a unit.
    func counts(_ items: [TextEvidence.Item]) -> [Int] {
        var counts = [Int](repeating: 0, count: properties.count)
        var last = [Int](repeating: -1, count: properties.count)
        for (number, item) in items.enumerated() {
            let units = item.units.units
            for index in units.indices {
                let neighbours = [
                    own[units[index].folded],
                    index > 0 ? before[units[index - 1].folded] : nil,
                    index + 1 < units.count ? after[units[index + 1].folded] : nil,
                ]
                let held = others.filter { properties[$0].holds(at: index, in: item.units) }
                for property in neighbours.compactMap(\.self) + held
                where last[property] != number {
                    last[property] = number
                    counts[property] += 1
                }
            }
        }
        return counts
    }
}
