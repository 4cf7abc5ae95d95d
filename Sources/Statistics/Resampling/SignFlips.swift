import LinearAlgebra

/// Whether two columns of rests go together, where rows of a group may depend on one another.
public enum SignFlips {
    /// The chance of products Σ uᵢvᵢ at least as far from 0, had the sign of each group's part of the sum
    /// come up at random: (1 + flips that reach it)/(1 + flips), two-sided. Exact where groups' parts are
    /// independent and symmetric about 0, and nearly so for many groups.
    ///
    /// - Parameters:
    ///   - first, second: columns of mean 0, such as what regressions leave of ranks.
    ///   - groups: the group of each row.
    /// - Source: Winkler et al., NeuroImage 92, 2014, for whole blocks under sign flips; Phipson and
    ///   Smyth 2010 for the ones.
    /// - Precondition: counts agree.
    public static func pValue(
        _ first: [Double], _ second: [Double], groups: [Int], flips: Int, seed: UInt64
    ) -> Double {
        precondition(
            first.count == second.count && first.count == groups.count,
            "SignFlips: \(first.count), \(second.count) and \(groups.count) rows")
        var sums: [Int: Double] = [:]
        for (row, group) in groups.enumerated() {
            sums[group, default: 0] += first[row] * second[row]
        }
        let parts = sums.keys.sorted().compactMap { sums[$0] }
        // A hair's breadth, so that the order of a sum decides nothing.
        let observed = abs(parts.reduce(0, +)) * (1 - 1e-12)
        let blocks = Repetitions.map((flips + blockSize - 1) / blockSize) { block -> Int in
            var generator = SeededGenerator(seed: seed, stream: UInt64(block))
            var reached = 0
            for _ in block * blockSize..<min(flips, (block + 1) * blockSize) {
                var sum = 0.0
                var bits: UInt64 = 0
                for (place, part) in parts.enumerated() {
                    if place % 64 == 0 { bits = generator.next() }
                    sum += bits & 1 == 0 ? part : -part
                    bits >>= 1
                }
                if abs(sum) >= observed { reached += 1 }
            }
            return reached
        }
        return Double(1 + blocks.reduce(0, +)) / Double(1 + flips)
    }

    private static let blockSize = 256
}
