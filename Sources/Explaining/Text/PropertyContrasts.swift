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
        var candidates: Set<TextProperty> = []
        for item in firing {
            for index in item.units.units.indices {
                candidates.formUnion(Self.own(index, item.units).prefix(1))
            }
            if let place = item.place { candidates.formUnion(Self.properties(place, item.units)) }
        }
        let high = Self.counts(firing, of: candidates)
        let low = Self.counts(silent, of: candidates)
        let all = candidates.map { property -> Row in
            Row(
                property: property,
                firing: Double(high[property] ?? 0) / Double(max(1, firing.count)),
                silent: Double(low[property] ?? 0) / Double(max(1, silent.count)))
        }
        let ranked = all.map { row in
            (contrast: abs(row.firing - row.silent), formula: row.property.formula, row: row)
        }
        // Formulas break ties, so that the order of a set decides nothing.
        let sorted = ranked.sorted { a, b in
            a.contrast == b.contrast ? a.formula < b.formula : a.contrast > b.contrast
        }
        rows = sorted.prefix(Self.limit).map(\.row)
    }

    /// One line for each property.
    var table: String {
        (["firing\tsilent\tproperty"]
            + rows.map {
                "\(Self.percent($0.firing))\t\(Self.percent($0.silent))\t\($0.property.formula)"
            }).joined(separator: "\n")
    }

    private static func percent(_ share: Double) -> String {
        "\((share * 1_000).rounded() / 10) %"
    }

    /// On how many texts each of the candidates holds at a unit.
    private static func counts(
        _ items: [TextEvidence.Item], of candidates: Set<TextProperty>
    ) -> [TextProperty: Int] {
        var counts: [TextProperty: Int] = [:]
        for item in items {
            var held: Set<TextProperty> = []
            for index in item.units.units.indices {
                held.formUnion(properties(index, item.units))
            }
            for property in held where candidates.contains(property) {
                counts[property, default: 0] += 1
            }
        }
        return counts
    }

    private static func properties(_ index: Int, _ text: TextUnits) -> [TextProperty] {
        var result = own(index, text)
        let unit = text.units[index]
        if unit.isWordlike {
            result += WordClasses(containing: unit.folded).members.map { .word(.named($0)) }
        }
        if unit.kind == .number { result.append(.kind(.number)) }
        for flag in [TextProperty.capitalised, .allCaps, .sentenceStart, .insideQuotes]
        where flag.holds(at: index, in: text) { result.append(flag) }
        if index > 0, let set = WordSet([text.units[index - 1].folded]) {
            result.append(.previous(set))
        }
        if index + 1 < text.units.count, let set = WordSet([text.units[index + 1].folded]) {
            result.append(.next(set))
        }
        return result
    }

    /// The word or mark itself; nothing for one too long to be named.
    private static func own(_ index: Int, _ text: TextUnits) -> [TextProperty] {
        let unit = text.units[index]
        guard let set = WordSet([unit.folded]) else { return [] }
        return [unit.isWordlike ? .word(set) : .mark(set)]
    }
}
