import LinearAlgebra

/// How often each candidate is chosen on random halves of the groups.
///
/// - Source: Meinshausen and Bühlmann, JRSS B 72(4), 2010; complementary pairs and their bounds,
///   Shah and Samworth, JRSS B 75(1), 2013.
public struct StabilitySelection: Hashable, Sendable, Codable {
    /// Pairs of halves that share no group, B.
    public let pairCount: Int
    /// The share of the 2B halves on which each candidate was chosen.
    public let frequencies: [Double]
    /// The share of the B pairs on both halves of which it was chosen.
    public let pairFrequencies: [Double]
    /// How many candidates were chosen on a half, on average, q.
    public let averageCount: Double

    /// Selects on both halves of each pair.
    ///
    /// - Complexity: 2 · `pairCount` selections of half the rows, on all cores.
    public init(
        _ selection: FeatureSelection, _ problem: SelectionProblem, pairCount: Int = 50,
        seed: UInt64
    ) {
        precondition(pairCount >= 1, "StabilitySelection: \(pairCount) pairs")
        let run = SelectionRun(selection, problem, seed: seed)
        let byGroup = Dictionary(grouping: problem.groups.indices) { problem.groups[$0] }
        let members = byGroup.keys.sorted().compactMap { byGroup[$0] }
        let chosen = Repetitions.map(2 * pairCount) { half -> [Int] in
            var generator = SeededGenerator(seed: seed, stream: UInt64(half / 2))
            let order = generator.sample(members.count, of: members.count)
            let groups =
                half % 2 == 0
                ? order.prefix(members.count / 2) : order.suffix(members.count / 2)
            let rows = groups.flatMap { members[$0] }.sorted()
            return run.path(rows: rows, target: run.columns.target).selected
        }
        self.init(chosen, candidates: problem.candidates.columns)
    }

    /// - Parameter chosen: for each half what was chosen, the halves of a pair next to each other.
    init(_ chosen: [[Int]], candidates: Int) {
        var counts = [Double](repeating: 0, count: candidates)
        var pairs = counts
        for first in stride(from: 0, to: chosen.count, by: 2) {
            for feature in chosen[first] + chosen[first + 1] { counts[feature] += 1 }
            for feature in Set(chosen[first]).intersection(chosen[first + 1]) {
                pairs[feature] += 1
            }
        }
        pairCount = chosen.count / 2
        frequencies = counts.map { $0 / Double(chosen.count) }
        pairFrequencies = pairs.map { $0 / Double(chosen.count / 2) }
        averageCount = counts.reduce(0, +) / Double(chosen.count)
    }

    /// The candidates chosen on at least a share of the halves, most often chosen first.
    public func stable(threshold: Double) -> [Int] {
        frequencies.indices.filter { frequencies[$0] >= threshold }
            .sorted { (frequencies[$1], $0) < (frequencies[$0], $1) }
    }

    /// A bound on the expected number of candidates at or above a threshold among those that one
    /// half chooses with a chance of at most q/p, where q of p are chosen on average, as noise does
    /// when no noise feature is chosen more often than another.
    ///
    /// With θ = q/p, C(τ) θ q, where C is 1/(2(2τ − 1 − 1/2B)) up to τ = 3/4 and
    /// 4(1 − τ + 1/2B)/(1 + 1/B) above, if the share of pairs that choose a candidate on both halves
    /// is unimodal; where that form does not apply, θ q/(2τ − 1), which needs nothing. Above 1/2
    /// only, else nil.
    ///
    /// - Source: Shah and Samworth 2013, theorems 1 and 2.
    public func errorBound(threshold: Double) -> Double? {
        guard threshold > 0.5, threshold <= 1, !frequencies.isEmpty else { return nil }
        let b = Double(pairCount)
        let share = averageCount / Double(frequencies.count)
        let plain = share * averageCount / (2 * threshold - 1)
        let least = min(0.5 + share * share, 0.5 + 1 / (2 * b) + 0.75 * share * share)
        guard threshold > least, 2 * threshold - 1 > 1 / (2 * b), share <= 1 / 3.0.squareRoot()
        else { return plain }
        let factor =
            threshold <= 0.75
            ? 1 / (2 * (2 * threshold - 1 - 1 / (2 * b)))
            : 4 * (1 - threshold + 1 / (2 * b)) / (1 + 1 / b)
        return min(plain, factor * share * averageCount)
    }
}
