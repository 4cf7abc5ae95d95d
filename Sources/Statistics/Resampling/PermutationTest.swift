import LinearAlgebra

/// P-values by exchanging what the null hypothesis says may be exchanged.
public enum PermutationTest {
    /// Which correlations speak against the null hypothesis.
    public enum Side: String, Hashable, Sendable, Codable {
        case twoSided, greater, less
    }

    /// The chance of a Spearman correlation at least as extreme, had the targets been dealt to the
    /// rows at random: (1 + permutations that reach it) / (1 + permutations), never 0 and valid for
    /// any number of permutations.
    ///
    /// - Parameter strata: targets are exchanged within a stratum only; nil for one of all.
    /// - Returns: nil when the correlation is undefined.
    /// - Complexity: O(n log n + permutations · n), on all cores.
    /// - Source: Phipson and Smyth, Statistical Applications in Genetics and Molecular Biology
    ///   9(1), 2010.
    public static func spearman(
        _ x: [Double], _ y: [Double], strata: [Int]? = nil, side: Side = .twoSided,
        permutations: Int, seed: UInt64
    ) -> Double? {
        precondition(permutations >= 1, "PermutationTest: \(permutations) permutations")
        guard let real = RankStatistics.spearman(x, y),
            let left = RankStatistics.standardisedRanks(x),
            let right = RankStatistics.standardisedRanks(y)
        else { return nil }
        let shuffling = Shuffling(count: x.count, strata: strata)
        // What only rounding tells apart counts as reached.
        let slack = 1e-12
        let reached = Repetitions.map(permutations) { repetition in
            var generator = SeededGenerator(seed: seed, stream: UInt64(repetition))
            let order = shuffling.order(&generator)
            var sum = 0.0
            for (row, source) in order.enumerated() { sum += left[row] * right[source] }
            let r = sum / Double(order.count)
            return switch side {
            case .twoSided: abs(r) >= abs(real) - slack
            case .greater: r >= real - slack
            case .less: r <= real + slack
            }
        }
        return Double(1 + reached.count { $0 }) / Double(1 + permutations)
    }
}
