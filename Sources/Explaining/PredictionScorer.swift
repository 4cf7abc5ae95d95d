import Inquiry
import LinearAlgebra
import Statistics

/// Scores predictions against a feature's activations on held-out inputs. Intervals are percentile
/// bootstraps over groups of inputs (a game's positions, a text), which are what is independent.
struct PredictionScorer {
    /// Where each group begins among the inputs, and at the end how many inputs there are.
    let starts: [Int]
    /// The inputs that count.
    let usable: BitSet
    let activations: [Float]
    let threshold: FiringThreshold
    let replicates: Int
    let seed: UInt64

    private var groupCount: Int { starts.count - 1 }

    /// How many inputs the feature fires on.
    var firing: Int { firingInputs.population }

    /// The inputs that the feature fires on.
    var firingInputs: BitSet {
        let limit = Float(threshold.value)
        var result = BitSet(count: usable.count)
        usable.forEach { if activations[$0] >= limit { result.insert($0) } }
        return result
    }

    /// The same over some of the inputs.
    func over(_ inputs: BitSet) -> PredictionScorer {
        PredictionScorer(
            starts: starts, usable: usable.intersection(inputs), activations: activations,
            threshold: threshold, replicates: replicates, seed: seed)
    }

    /// - Parameter mask: the inputs on which something says that the feature fires.
    func f1(_ mask: BitSet) -> Estimate {
        var generator = SeededGenerator(seed: seed, stream: 0xF1)
        return Bootstrap.interval(
            groups: summaries(mask), replicates: replicates, level: 0.95, generator: &generator
        ) { Self.counts($0[0..<4]).f1 } ?? Estimate(value: 0, interval: nil, count: 0)
    }

    static func counts(
        _ mask: BitSet, _ activations: [Float], usable: BitSet, threshold: Float
    ) -> ConfusionCounts {
        var cells = [0.0, 0, 0, 0]
        for input in usable.members {
            cells[cell(mask[input], activations[input] >= threshold)] += 1
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

    /// - Parameter mask: the inputs on which a hypothesis says that the feature fires.
    func score(_ mask: BitSet, _ hypothesis: Int) -> HeldOutScore {
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
                mask, activations, usable: usable, threshold: Float(threshold.ofMaximum)
            ).balancedAccuracy)
    }

    /// For each group the four cells, the activation mass where the hypothesis holds, and all of it.
    private func summaries(_ mask: BitSet) -> [[Double]] {
        let limit = Float(threshold.value)
        return (0..<groupCount).map { group in
            var sums = [0.0, 0, 0, 0, 0, 0]
            for input in starts[group]..<starts[group + 1] where usable[input] {
                let value = activations[input]
                sums[Self.cell(mask[input], value >= limit)] += 1
                if mask[input] { sums[4] += Double(value) }
                sums[5] += Double(value)
            }
            return sums
        }
    }

    /// The chance that the activation is higher where the hypothesis holds than where it does not,
    /// ties counting half. Weighted by how often a bootstrap replicate drew each group.
    private func auroc(_ mask: BitSet, _ generator: inout SeededGenerator) -> Estimate {
        var zeros = [(inside: Double, outside: Double)](repeating: (0, 0), count: groupCount)
        var entries: [(value: Float, group: Int, inside: Bool)] = []
        for group in 0..<groupCount {
            for input in starts[group]..<starts[group + 1] where usable[input] {
                let value = activations[input]
                if value > 0 {
                    entries.append((value, group, mask[input]))
                } else if mask[input] {
                    zeros[group].inside += 1
                } else {
                    zeros[group].outside += 1
                }
            }
        }
        entries.sort { $0.value < $1.value }
        let all = [Double](repeating: 1, count: groupCount)
        let value = Self.auroc(entries, zeros, weights: all)
        var draws: [Double] = []
        for _ in 0..<min(replicates, 200) {
            var weights = [Double](repeating: 0, count: groupCount)
            for _ in 0..<groupCount { weights[generator.below(groupCount)] += 1 }
            if let draw = Self.auroc(entries, zeros, weights: weights) { draws.append(draw) }
        }
        draws.sort()
        guard let value, draws.count >= 40 else {
            return Estimate(value: value ?? 0.5, interval: nil, count: groupCount)
        }
        let low = draws[Int(0.025 * Double(draws.count))]
        let high = draws[Int(0.975 * Double(draws.count))]
        return Estimate(
            value: value, interval: Interval(low: low, high: high, level: 0.95),
            count: groupCount)
    }

    private static func auroc(
        _ entries: [(value: Float, group: Int, inside: Bool)],
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
                let weight = weights[entries[index].group]
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

    /// Each facet's share of the activation mass, an input counting for the first that holds, and
    /// the share of its inputs on which the feature fires.
    func shares(of facets: [BitSet]) -> [(mass: Double, precision: Double?)] {
        let limit = Float(threshold.value)
        let members = usable.members
        let total = members.reduce(0) { $0 + Double(activations[$1]) }
        var left = usable
        return facets.map { holds in
            var own = holds
            own.formIntersection(left)
            left.subtract(holds)
            let mass = own.members.reduce(0) { $0 + Double(activations[$1]) }
            let inputs = members.filter { holds[$0] }
            let firing = inputs.count { activations[$0] >= limit }
            return (
                total > 0 ? mass / total : 0,
                inputs.isEmpty ? nil : Double(firing) / Double(inputs.count)
            )
        }
    }
}
