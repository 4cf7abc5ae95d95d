import Games
import LinearAlgebra

/// The proposer that ships: finds the predicate that best separates where a feature fires from where
/// it is silent. It is deterministic, costs nothing, and is the baseline for a language model.
///
/// Facets are found one after the other, as in rule learning by sequential covering (Fürnkranz 1999):
/// each is a beam search over conjunctions for the highest balanced accuracy of the union, less a
/// penalty for every literal.
struct RuleInducer: Sendable {
    struct Settings: Sendable, Hashable {
        var beam = 6
        var literals = 7
        var facets = 3
        /// Balanced accuracy that one more literal must earn.
        var literalPenalty = 0.002
        /// Balanced accuracy that one more facet must earn, beside its literals.
        var facetPenalty = 0.006
    }

    let evidence: EvidenceTable
    let settings: Settings

    /// The best predicate, or nil when nothing beats saying nothing.
    ///
    /// - Parameter banned: properties that may not occur, to find a rival.
    func induce(banned: Set<BoardProperty> = []) -> BoardPredicate? {
        var facets: [Conjunction] = []
        var covered = BitSet(count: evidence.table.count)
        var best = 0.5
        while facets.count < settings.facets {
            guard let (facet, value) = searchFacet(beside: covered, banned: banned),
                value - settings.facetPenalty > best
            else { break }
            facets.append(facet)
            var mask = evidence.table.evaluate(facet)
            mask.formIntersection(evidence.everything)
            covered.formUnion(mask)
            best = value - settings.facetPenalty
        }
        return BoardPredicate(facets)
    }

    /// The predicate's balanced accuracy on the evidence less its penalties.
    func value(_ predicate: BoardPredicate) -> Double {
        evidence.score(predicate)
            - settings.literalPenalty * Double(predicate.complexity)
            - settings.facetPenalty * Double(predicate.facets.count)
    }

    private struct Candidate {
        let choices: [Choice]
        let mask: [UInt64]
        let value: Double
    }

    private struct Choice: Hashable {
        let property: Int
        let negated: Bool
    }

    /// The conjunction whose union with `covered` is worth most, and that worth.
    private func searchFacet(
        beside covered: BitSet, banned: Set<BoardProperty>
    ) -> (Conjunction, Double)? {
        var beam = [Candidate(choices: [], mask: evidence.everything.words, value: -1)]
        var best: Candidate?
        for depth in 1...settings.literals {
            var next: [Candidate] = []
            var seen: Set<Set<Choice>> = []
            for parent in beam {
                extend(parent, depth, covered, banned, &next, &seen)
            }
            beam = next
            guard let top = beam.first else { break }
            if top.value > best?.value ?? 0 { best = top }
        }
        guard let best else { return nil }
        let literals = best.choices.map {
            Literal(evidence.table.properties[$0.property], negated: $0.negated)
        }
        return (Conjunction(literals), best.value)
    }

    /// Adds the children of `parent` that belong among the best `beam` to `next`, best first.
    private func extend(
        _ parent: Candidate, _ depth: Int, _ covered: BitSet, _ banned: Set<BoardProperty>,
        _ next: inout [Candidate], _ seen: inout Set<Set<Choice>>
    ) {
        let words = evidence.table.words
        var mask = [UInt64](repeating: 0, count: words)
        var union = mask
        let penalty = settings.literalPenalty * Double(depth)
        for (property, meaning) in evidence.table.properties.enumerated()
        where !banned.contains(meaning) {
            for negated in [false, true] {
                let choice = Choice(property: property, negated: negated)
                let value = parent.mask.withUnsafeBufferPointer { from in
                    mask.withUnsafeMutableBufferPointer { to in
                        union.withUnsafeMutableBufferPointer { joined -> Double in
                            guard let from = from.baseAddress, let to = to.baseAddress,
                                let joined = joined.baseAddress
                            else { return -1 }
                            evidence.table.intersect(
                                from, property: property, negated: negated, into: to)
                            for word in 0..<words { joined[word] = to[word] | covered.words[word] }
                            return evidence.score(joined) - penalty
                        }
                    }
                }
                if next.count == settings.beam, let last = next.last, value <= last.value {
                    continue
                }
                if parent.choices.contains(where: { $0.property == property }) { continue }
                let choices = parent.choices + [choice]
                guard seen.insert(Set(choices)).inserted else { continue }
                let place = next.firstIndex { value > $0.value } ?? next.count
                next.insert(Candidate(choices: choices, mask: mask, value: value), at: place)
                if next.count > settings.beam { next.removeLast() }
            }
        }
    }
}
