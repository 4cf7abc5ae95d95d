import Games

extension RuleInducer {
    /// Predicates that would make `leading` wrong: one that leaves out its least useful literal (is it
    /// too narrow?), and the best one that does not use its most useful property (is it about
    /// something else that goes with it?).
    func rivals(of leading: BoardPredicate) -> [BoardPredicate] {
        var rivals: [BoardPredicate] = []
        let shortened = shortenings(of: leading)
        if let broader = shortened.max(by: { evidence.score($0.rest) < evidence.score($1.rest) }) {
            rivals.append(broader.rest)
        }
        let strongest =
            shortened.min { evidence.score($0.rest) < evidence.score($1.rest) }?.left
            ?? leading.facets[0].literals[0]
        if let other = induce(banned: [strongest.property]) { rivals.append(other) }
        return rivals.filter { $0 != leading }
    }

    /// `predicate` with one literal left out, for each literal that is not alone in its facet.
    func shortenings(of predicate: BoardPredicate) -> [(left: Literal, rest: BoardPredicate)] {
        var result: [(left: Literal, rest: BoardPredicate)] = []
        for (index, facet) in predicate.facets.enumerated() where facet.literals.count > 1 {
            for literal in facet.literals {
                var facets = predicate.facets
                facets[index] = Conjunction(facet.literals.filter { $0 != literal })
                if let rest = BoardPredicate(facets) { result.append((literal, rest)) }
            }
        }
        return result
    }

    /// Climbs from `start` by leaving out, adding or exchanging one literal, or leaving out a facet,
    /// while that raises ``value(_:)``.
    func improve(_ start: BoardPredicate) -> BoardPredicate {
        var current = start
        var worth = value(current)
        for _ in 0..<12 {
            var best: (predicate: BoardPredicate, value: Double)?
            for candidate in neighbours(of: current) {
                let value = value(candidate)
                if value > best?.value ?? (worth + 1e-9) { best = (candidate, value) }
            }
            guard let best else { break }
            current = best.predicate
            worth = best.value
        }
        return current
    }

    private func neighbours(of predicate: BoardPredicate) -> [BoardPredicate] {
        var result = shortenings(of: predicate).map(\.rest)
        for (index, facet) in predicate.facets.enumerated() {
            var without = predicate.facets
            without.remove(at: index)
            if let rest = BoardPredicate(without) { result.append(rest) }
            guard facet.literals.count < settings.literals else { continue }
            for property in evidence.table.properties {
                for negated in [false, true] {
                    var facets = predicate.facets
                    facets[index] = Conjunction(
                        facet.literals + [Literal(property, negated: negated)])
                    if let longer = BoardPredicate(facets) { result.append(longer) }
                }
            }
        }
        return result
    }
}
