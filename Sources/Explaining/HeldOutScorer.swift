import Games
import Inquiry
import LinearAlgebra
import Statistics

/// Scores predicates against a feature's activations on held-out games. Intervals are percentile
/// bootstraps over games, because positions of one game are not independent.
struct HeldOutScorer {
    let pool: GamePool
    let activations: [Float]
    let threshold: FiringThreshold
    let replicates: Int
    let seed: UInt64

    func card(_ explanation: Hypothesis, oneShot: Hypothesis) throws -> ScoreCard {
        let predicate = try BoardPredicate.parse(explanation.formula, on: pool.rules)
        let control = try BoardPredicate.parse(oneShot.formula, on: pool.rules)
        let limit = Float(threshold.value)
        return ScoreCard(
            explanation: try score(predicate, explanation.id),
            oneShot: try score(control, oneShot.id),
            facets: facets(of: predicate),
            firing: pool.usable.members.count { activations[$0] >= limit })
    }

    static func counts(
        _ mask: BitSet, _ activations: [Float], usable: BitSet, threshold: Float
    ) -> ConfusionCounts {
        var cells = [0.0, 0, 0, 0]
        for position in usable.members {
            cells[cell(mask[position], activations[position] >= threshold)] += 1
        }
        return counts(cells)
    }

    /// Cells: true positive, false positive, true negative, false negative.
    @inline(__always)
    private static func cell(_ predicted: Bool, _ fires: Bool) -> Int {
        predicted ? (fires ? 0 : 1) : (fires ? 3 : 2)
    }

    private static func counts(_ cells: some Collection<Double>) -> ConfusionCounts {
        let values = Array(cells)
        return ConfusionCounts(
            truePositives: values[0], falsePositives: values[1], trueNegatives: values[2],
            falseNegatives: values[3])
    }

    private func score(_ predicate: BoardPredicate, _ hypothesis: Int) throws -> HeldOutScore {
        let mask = pool.table.evaluate(predicate)
        let groups = summaries(mask)
        let total = groups.reduce([0, 0, 0, 0, 0, 0]) { sum, group in
            zip(sum, group).map { $0 + $1 }
        }
        var generator = SeededGenerator(seed: seed, stream: 0xB007)
        func estimate(_ statistic: ([Double]) -> Double?) -> Estimate {
            Bootstrap.interval(
                groups: groups, replicates: replicates, level: 0.95, generator: &generator,
                statistic: statistic) ?? Estimate(value: 0, interval: nil, count: 0)
        }
        return HeldOutScore(
            hypothesis: hypothesis, counts: Self.counts(total[0..<4]),
            balancedAccuracy: estimate { Self.counts($0[0..<4]).balancedAccuracy },
            f1: estimate { Self.counts($0[0..<4]).f1 },
            auroc: auroc(mask, &generator),
            massExplained: estimate { $0[5] > 0 ? $0[4] / $0[5] : nil },
            balancedAccuracyOfMaximum: Self.counts(
                mask, activations, usable: pool.usable, threshold: Float(threshold.ofMaximum)
            ).balancedAccuracy)
    }

    /// For each game the four cells, the activation mass where the predicate holds, and all of it.
    private func summaries(_ mask: BitSet) -> [[Double]] {
        let limit = Float(threshold.value)
        return pool.games.indices.map { game in
            var sums = [0.0, 0, 0, 0, 0, 0]
            for position in pool.starts[game]..<pool.starts[game + 1] where pool.usable[position] {
                let value = activations[position]
                sums[Self.cell(mask[position], value >= limit)] += 1
                if mask[position] { sums[4] += Double(value) }
                sums[5] += Double(value)
            }
            return sums
        }
    }

    /// The chance that the activation is higher where the predicate holds than where it does not,
    /// ties counting half. Weighted by how often a bootstrap replicate drew each game.
    private func auroc(_ mask: BitSet, _ generator: inout SeededGenerator) -> Estimate {
        var zeros = [(inside: Double, outside: Double)](
            repeating: (0, 0), count: pool.games.count)
        var entries: [(value: Float, game: Int, inside: Bool)] = []
        for game in pool.games.indices {
            for position in pool.starts[game]..<pool.starts[game + 1] where pool.usable[position] {
                let value = activations[position]
                if value > 0 {
                    entries.append((value, game, mask[position]))
                } else if mask[position] {
                    zeros[game].inside += 1
                } else {
                    zeros[game].outside += 1
                }
            }
        }
        entries.sort { $0.value < $1.value }
        let all = [Double](repeating: 1, count: pool.games.count)
        let value = Self.auroc(entries, zeros, weights: all)
        var draws: [Double] = []
        for _ in 0..<min(replicates, 200) {
            var weights = [Double](repeating: 0, count: pool.games.count)
            for _ in pool.games.indices { weights[generator.below(pool.games.count)] += 1 }
            if let draw = Self.auroc(entries, zeros, weights: weights) { draws.append(draw) }
        }
        draws.sort()
        guard let value, draws.count >= 40 else {
            return Estimate(value: value ?? 0.5, interval: nil, count: pool.games.count)
        }
        let low = draws[Int(0.025 * Double(draws.count))]
        let high = draws[Int(0.975 * Double(draws.count))]
        return Estimate(
            value: value, interval: Interval(low: low, high: high, level: 0.95),
            count: pool.games.count)
    }

    private static func auroc(
        _ entries: [(value: Float, game: Int, inside: Bool)],
        _ zeros: [(inside: Double, outside: Double)], weights: [Double]
    ) -> Double? {
        var below = 0.0
        var inside = 0.0
        for (zero, weight) in zip(zeros, weights) {
            below += zero.outside * weight
            inside += zero.inside * weight
        }
        var wins = inside * below / 2
        var index = 0
        while index < entries.count {
            var tiedInside = 0.0
            var tiedOutside = 0.0
            let value = entries[index].value
            while index < entries.count, entries[index].value == value {
                let weight = weights[entries[index].game]
                if entries[index].inside { tiedInside += weight } else { tiedOutside += weight }
                index += 1
            }
            wins += tiedInside * (below + tiedOutside / 2)
            inside += tiedInside
            below += tiedOutside
        }
        guard inside > 0, below > 0 else { return nil }
        return wins / (inside * below)
    }

    /// Every facet's share of the activation mass, a position counting for the first that holds.
    private func facets(of predicate: BoardPredicate) -> [FacetShare] {
        let limit = Float(threshold.value)
        let members = pool.usable.members
        let total = members.reduce(0) { $0 + Double(activations[$1]) }
        var left = pool.usable
        return predicate.facets.map { facet in
            let holds = pool.table.evaluate(facet)
            var own = holds
            own.formIntersection(left)
            left.subtract(holds)
            let mass = own.members.reduce(0) { $0 + Double(activations[$1]) }
            let positions = members.filter { holds[$0] }
            let firing = positions.count { activations[$0] >= limit }
            return FacetShare(
                formula: facet.formula(on: pool.rules), statement: facet.sentence(on: pool.rules),
                massShare: total > 0 ? mass / total : 0,
                precision: positions.isEmpty
                    ? nil : Double(firing) / Double(positions.count))
        }
    }
}
