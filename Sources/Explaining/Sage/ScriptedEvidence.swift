import LinearAlgebra
import Texts

/// What the scripted model has read of a feature: texts, where it fires on them, and what could be
/// written with their words.
struct ScriptedEvidence {
    private(set) var firing: [TextUnits] = []
    private(set) var silent: [TextUnits] = []
    /// The words on which it fires, each as often as it was seen.
    private(set) var peaks: [String] = []
    /// Of properties that were counted for the model over more texts than it was shown: the shares of
    /// firing and of silent texts in which they hold.
    var shares: [(rule: TextRule, firing: Double, silent: Double)] = []
    private var evidence = TextEvidence()

    /// - Parameter byte: where the strongest token begins, where that is known.
    mutating func add(_ text: String, fires: Bool, byte: Int? = nil, weight: Double = 1) {
        let units = TextUnits(text)
        guard !units.units.isEmpty else { return }
        let place = fires ? byte.flatMap(units.unit(atByte:)) : nil
        evidence.add(.init(units: units, fires: fires, place: place, weight: weight))
        if fires { firing.append(units) } else { silent.append(units) }
        if let place { peaks.append(units.units[place].folded) }
    }

    var inducer: TextInducer { TextInducer(evidence: evidence) }

    /// The best rule, its rivals, then the single words on which the feature fires.
    func ideas(by inducer: TextInducer) -> [TextRule] {
        var result: [TextRule] = []
        let candidates = [inducer.induce()].compactMap(\.self) + counted
        if let leading = best(of: candidates, by: inducer) {
            result = [leading] + inducer.rivals(of: leading)
        }
        result += Self.ranked(peaks).compactMap { WordSet([$0]).map { TextRule(.word($0)) } }
        var seen: Set<TextRule> = []
        return result.filter { Self.isAllowed($0) && seen.insert($0).inserted }
    }

    /// A better rule than `old` that is not among `tried`, if there is one.
    func better(than old: TextRule?, tried: Set<String>) -> TextRule? {
        let inducer = inducer
        var candidates = counted
        if let old { candidates += [inducer.improve(old)] + narrowed(old) }
        if let fresh = inducer.induce() { candidates += [fresh, inducer.improve(fresh)] }
        let new = candidates.filter { Self.isAllowed($0) && !tried.contains($0.formula) }
        return best(of: new, by: inducer)
    }

    /// A formula with more parts than the inducer's own limits would be refused.
    static func isAllowed(_ rule: TextRule) -> Bool {
        let limits = TextInducer.Settings()
        return rule.facets.count <= limits.facets
            && rule.facets.allSatisfy { $0.literals.count <= limits.literals }
    }

    /// The properties that were counted, as far as they go with firing.
    private var counted: [TextRule] {
        shares.filter { $0.firing > $0.silent }.prefix(12).map(\.rule)
    }

    /// The rule with one counted property more, or with one that goes with silence forbidden.
    private func narrowed(_ rule: TextRule) -> [TextRule] {
        let limit = TextInducer.Settings().literals
        return shares.prefix(24).flatMap { row in
            rule.facets.indices.filter { rule.facets[$0].literals.count < limit }.compactMap {
                rule.adding(
                    TextLiteral(
                        row.rule.facets[0].literals[0].property, negated: row.silent > row.firing),
                    toFacet: $0)
            }
        }
    }

    private func best(of rules: [TextRule], by inducer: TextInducer) -> TextRule? {
        rules.map { ($0, worth($0, by: inducer)) }.max { $0.1 < $1.1 }?.0
    }

    /// What a rule is worth on what is shown and, where that is known, on what was counted.
    func worth(_ rule: TextRule, by inducer: TextInducer) -> Double {
        guard !shares.isEmpty else { return inducer.value(rule) }
        let penalty = inducer.balancedAccuracy(rule) - inducer.value(rule)
        let hits = firing.count(where: rule.holds(in:))
        let alarms = silent.count(where: rule.holds(in:))
        var sensitivity = Double(hits) / Double(max(1, firing.count))
        var errors = silent.isEmpty ? 1 : Double(alarms) / Double(silent.count)
        let known = rule.facets.map { facet in
            facet.literals.compactMap { literal in
                literal.negated ? nil : shares.first { $0.rule == TextRule(literal.property) }
            }
        }
        if known.allSatisfy({ !$0.isEmpty }) {
            let most = known.reduce(0) { $0 + ($1.map(\.silent).min() ?? 1) }
            let isCounted = rule.facets.allSatisfy { $0.literals.count == 1 }
            errors = isCounted || silent.isEmpty ? min(1, most) : min(errors, most)
            sensitivity = min(
                sensitivity, known.reduce(0) { $0 + ($1.map(\.firing).min() ?? 1) })
        }
        return 0.5 * sensitivity + 0.5 * (1 - errors) - penalty
    }

    /// The commonest word of silent texts on which the feature was not seen to fire.
    var harmlessWord: String? {
        let known = Set(peaks)
        let words = silent.flatMap(\.units).filter {
            $0.kind == .word && !known.contains($0.folded)
        }
        return Self.ranked(words.map(\.folded)).first
    }

    private static func ranked(_ words: [String]) -> [String] {
        var counts: [String: Int] = [:]
        for word in words { counts[word, default: 0] += 1 }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }
}

extension ScriptedEvidence {
    /// A text written with the words of those that were read, on which the rule holds or fails.
    ///
    /// - Parameter accept: what else it must satisfy.
    func text(
        where rule: TextRule, holds: Bool, _ generator: inout SeededGenerator,
        accept: (String) -> Bool
    ) -> String? {
        let edits = TextEdits(vocabulary: .init(from: firing + silent, seed: 0))
        let having = firing.filter(rule.holds(in:)).shuffled(using: &generator).prefix(8)
        let lacking = silent.filter { !rule.holds(in: $0) }.shuffled(using: &generator).prefix(8)
        var found: String?
        func isGood(_ text: String?) -> Bool {
            guard let text, accept(text), rule.holds(in: TextUnits(text)) == holds else {
                return false
            }
            found = text
            return true
        }
        for text in having {
            guard let place = rule.places(in: text).first else { continue }
            let edit =
                holds
                ? edits.paraphrase(of: text, place: place, rule: rule, &generator)
                : edits.nearMiss(of: text, rule: rule, &generator)
            if isGood(edit?.text) { return found }
        }
        for text in lacking where holds {
            if isGood(edits.satisfying(text, rule: rule, &generator)?.text) { return found }
        }
        return (firing + silent).first { isGood($0.text) }?.text
    }
}
