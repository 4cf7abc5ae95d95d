import LinearAlgebra

/// Two numbers measured on the same rows, and how much the first is above the second.
public struct PairedEstimate: Hashable, Sendable, Codable {
    public let first: Estimate
    public let second: Estimate
    /// First less second, over the same resampled rows.
    public let difference: Estimate
}

extension Bootstrap {
    /// Any statistic of rows, with the percentile interval over resampled groups of rows.
    ///
    /// - Parameters:
    ///   - groups: the group of each row; rows of a group are drawn together.
    ///   - level: the interval's coverage, above 0 and below 1.
    ///   - statistic: from row indices, repeated where a group was drawn again, to a number; nil or
    ///     a non-finite number where it is undefined. Called on several threads.
    /// - Returns: as ``interval(groups:replicates:level:generator:statistic:)``.
    /// - Source: Field and Welsh, "Bootstrapping clustered data", JRSS B 69(3), 2007.
    public static func grouped(
        groups: [Int], replicates: Int, level: Double, seed: UInt64,
        statistic: @Sendable ([Int]) -> Double?
    ) -> Estimate? {
        multiple(
            count: 1, groups: groups, replicates: replicates, level: level, seed: seed
        ) { rows in statistic(rows).map { [$0] } }?.first
    }

    /// Two statistics of the same rows and their difference.
    ///
    /// - Parameter statistics: from row indices to both; nil where one is undefined.
    /// - Returns: nil when they are undefined on all rows.
    public static func paired(
        groups: [Int], replicates: Int, level: Double, seed: UInt64,
        statistics: @Sendable ([Int]) -> (Double, Double)?
    ) -> PairedEstimate? {
        let estimates = multiple(
            count: 3, groups: groups, replicates: replicates, level: level, seed: seed
        ) { rows in statistics(rows).map { [$0.0, $0.1, $0.0 - $0.1] } }
        guard let estimates else { return nil }
        return PairedEstimate(
            first: estimates[0], second: estimates[1], difference: estimates[2])
    }

    /// The Spearman correlation of two predictions with one target and their difference.
    public static func pairedSpearman(
        _ first: [Double], _ second: [Double], target: [Double], groups: [Int], replicates: Int,
        level: Double, seed: UInt64
    ) -> PairedEstimate? {
        paired(groups: groups, replicates: replicates, level: level, seed: seed) { rows in
            let targets = rows.map { target[$0] }
            guard let a = RankStatistics.spearman(rows.map { first[$0] }, targets),
                let b = RankStatistics.spearman(rows.map { second[$0] }, targets)
            else { return nil }
            return (a, b)
        }
    }

    /// Several statistics over the same resampled rows.
    ///
    /// - Parameter statistics: from row indices to `count` numbers; nil where one is undefined.
    /// - Returns: `count` estimates; nil when the numbers of all rows are undefined.
    public static func multiple(
        count: Int, groups: [Int], replicates: Int, level: Double, seed: UInt64,
        statistics: @Sendable ([Int]) -> [Double]?
    ) -> [Estimate]? {
        requireUsable(replicates, level)
        let byGroup = Dictionary(grouping: groups.indices) { groups[$0] }
        let members = byGroup.keys.sorted().compactMap { byGroup[$0] }
        @Sendable func measure(_ rows: [Int]) -> [Double]? {
            guard let values = statistics(rows) else { return nil }
            precondition(values.count == count, "Bootstrap: \(values.count) of \(count) statistics")
            return values.allSatisfy(\.isFinite) ? values : nil
        }
        guard let values = measure(Array(groups.indices)) else { return nil }
        let resampled: [[Double]] =
            members.count < 2
            ? []
            : Repetitions.map(replicates) { repetition -> [Double]? in
                var generator = SeededGenerator(seed: seed, stream: UInt64(repetition))
                return measure(
                    members.indices.flatMap { _ in members[generator.below(members.count)] })
            }.compactMap { $0 }
        let enough = Double(resampled.count) >= 0.95 * Double(replicates)
        let tail = (1 - level) / 2
        return values.indices.map { place in
            let sorted = resampled.map { $0[place] }.sorted()
            return Estimate(
                value: values[place],
                interval: enough ? range(sorted, tails: (tail, 1 - tail), level: level) : nil,
                count: members.count)
        }
    }
}
