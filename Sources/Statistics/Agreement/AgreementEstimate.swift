import LinearAlgebra

/// A figure of agreement with its percentile bootstrap interval over items.
public struct AgreementEstimate: Hashable, Sendable {
    /// The figure; `count` is the number of items with two ratings or more. The interval is nil for
    /// fewer than two such items, or when the figure is undefined in over 5 % of the resamples.
    public let estimate: Estimate
    /// How many resamples were drawn.
    public let replicates: Int
    /// In how many of them the figure is undefined, for instance because all ratings that were
    /// drawn are in one category. They are left out of the interval, never filled in.
    public let undefinedReplicates: Int
}

extension RatingTable {
    /// How far the raters agree, with an interval from items drawn anew with replacement.
    ///
    /// Items with fewer than two ratings say nothing of agreement and are not drawn.
    ///
    /// - Parameters:
    ///   - replicates: at least 0; with 0 there is no interval.
    ///   - level: the interval's coverage, above 0 and below 1.
    /// - Throws: why the ratings do not determine the figure.
    /// - Complexity: O(replicates · (items · raters² + categories²)), on all cores; the same seed
    ///   gives the same interval whatever their number.
    /// - Source: Efron, Annals of Statistics 7(1), 1979.
    public func agreement(
        _ statistic: AgreementStatistic, replicates: Int, level: Double = 0.95, seed: UInt64
    ) throws(AgreementGap) -> AgreementEstimate {
        Bootstrap.requireUsable(replicates, level)
        try statistic.check(self)
        let items = pairedItems
        let value = try statistic.value(self, items: items)
        let drawn = items.count < 2 ? 0 : replicates
        let values = Repetitions.map(drawn) { repetition -> Double? in
            var generator = SeededGenerator(seed: seed, stream: UInt64(repetition))
            let sample = items.map { _ in items[generator.below(items.count)] }
            return try? statistic.value(self, items: sample)
        }
        let defined = values.compactMap { $0 }.sorted()
        let tail = (1 - level) / 2
        let interval =
            drawn > 0 && Double(defined.count) >= 0.95 * Double(drawn)
            ? Bootstrap.range(defined, tails: (tail, 1 - tail), level: level) : nil
        return AgreementEstimate(
            estimate: Estimate(value: value, interval: interval, count: items.count),
            replicates: drawn, undefinedReplicates: drawn - defined.count)
    }
}
