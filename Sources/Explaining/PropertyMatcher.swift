import Games
import Inquiry
import LinearAlgebra
import Statistics

/// Finds the properties of a catalogue that come nearest to a feature and to its explanation.
struct PropertyMatcher {
    let pool: GamePool
    let scorer: PredictionScorer

    /// - Parameter predicate: the positions where the explanation says that the feature fires.
    /// - Returns: nil for a catalogue without properties.
    func truth(of predicate: BitSet) -> GroundTruth? {
        let table = pool.table
        let masks = table.properties.map {
            table.evaluate(Conjunction([Literal($0)])).intersection(pool.usable)
        }
        let predicted = predicate.intersection(pool.usable)
        guard let nearest = best(masks, against: predicted) else { return nil }
        func match(_ index: Int, _ scorer: PredictionScorer) -> PropertyMatch {
            let property = table.properties[index]
            return PropertyMatch(
                formula: property.formula(on: pool.rules),
                statement: property.sentence(on: pool.rules, negated: false),
                explanationF1: f1(masks[index], predicted),
                firingF1: scorer.f1(masks[index]))
        }
        // A property that was chosen for what it says of some games is measured on others.
        let (choosing, measuring) = halves
        let firing = scorer.firingInputs
        let chosen = best(
            masks.map { $0.intersection(choosing) }, against: firing.intersection(choosing))
        let isMeasured = firing.intersection(measuring).population > 0
        return GroundTruth(
            nearest: match(nearest, scorer),
            best: isMeasured ? chosen.map { match($0, scorer.over(measuring)) } : nil,
            properties: table.properties.count)
    }

    /// The first of the masks with the greatest F1.
    private func best(_ masks: [BitSet], against truth: BitSet) -> Int? {
        guard truth.population > 0 else { return nil }
        let scores = masks.map { f1($0, truth) }
        return scores.indices.max { (scores[$0], $1) < (scores[$1], $0) }
    }

    private func f1(_ mask: BitSet, _ truth: BitSet) -> Double {
        let (all, both) = (
            mask.population + truth.population, mask.intersection(truth).population
        )
        return all == 0 ? 0 : 2 * Double(both) / Double(all)
    }

    /// The usable positions of every second game, and those of the others.
    private var halves: (BitSet, BitSet) {
        var result = (BitSet(count: pool.usable.count), BitSet(count: pool.usable.count))
        for game in 0..<pool.starts.count - 1 {
            let positions = pool.starts[game]..<pool.starts[game + 1]
            if game % 2 == 0 { result.0.insert(positions) } else { result.1.insert(positions) }
        }
        result.0.formIntersection(pool.usable)
        result.1.formIntersection(pool.usable)
        return result
    }
}
