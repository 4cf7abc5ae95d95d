import LinearAlgebra

/// Intervals by resampling whole units with replacement.
///
/// The same generator state gives the same interval. Units must be independent of one another;
/// observations that belong together (tokens of a text, positions of a game) form one unit.
///
/// - Important: units that all agree give an interval of width 0, which says nothing about units
///   not seen. For a proportion near 0 or 1 use ``BinomialInterval``.
/// - Source: Efron, "Bootstrap methods", Annals of Statistics 7(1), 1979; Efron and Tibshirani,
///   "An Introduction to the Bootstrap", 1993, sections 13.3 and 14.3.
public enum Bootstrap {
    /// How an interval is read off the replicates.
    public enum Method: String, Hashable, Sendable, Codable {
        /// The quantiles (1 ± level)/2 of the replicates.
        case percentile
        /// Quantiles corrected for bias and for acceleration, which the jackknife measures (BCa).
        case biasCorrectedAccelerated
    }

    /// A statistic of summed group vectors, with the percentile interval over resampled groups.
    ///
    /// - Parameters:
    ///   - groups: one additive summary per group, for instance the four counts of a table; all of
    ///     one width.
    ///   - level: the interval's coverage, above 0 and below 1.
    ///   - statistic: from a sum of group vectors to a number; nil or a non-finite number where it
    ///     is undefined.
    /// - Returns: nil when there are no groups or the statistic of all of them is undefined. The
    ///   interval is nil for fewer than two groups, no replicates, or when more than 5 % of the
    ///   replicates are undefined. `count` is the number of groups.
    /// - Complexity: O(replicates · groups · width).
    public static func interval(
        groups: [[Double]], replicates: Int, level: Double,
        generator: inout SeededGenerator, statistic: ([Double]) -> Double?
    ) -> Estimate? {
        requireUsable(replicates, level)
        guard let width = groups.first?.count else { return nil }
        precondition(
            groups.allSatisfy { $0.count == width }, "Bootstrap: the groups' widths must agree")
        func measure(_ sum: [Double]) -> Double? {
            statistic(sum).flatMap { $0.isFinite ? $0 : nil }
        }
        let table = Table(rows: groups.flatMap { $0 }, width: width, count: groups.count)
        guard let value = measure(table.sum()) else { return nil }
        var interval: Interval?
        if groups.count > 1 && replicates > 0 {
            let values = (0..<replicates).compactMap { _ in
                measure(table.resampledSum(generator: &generator))
            }
            if Double(values.count) >= 0.95 * Double(replicates) {
                let tail = (1 - level) / 2
                interval = range(values.sorted(), tails: (tail, 1 - tail), level: level)
            }
        }
        return Estimate(value: value, interval: interval, count: groups.count)
    }

    /// The mean of paired differences, with an interval over resampled units.
    ///
    /// - Returns: nil when there are no differences or one is not finite. The interval is nil for
    ///   fewer than two units or no replicates; with the corrected method also when all differences
    ///   agree.
    /// - Complexity: O(replicates · units).
    public static func meanInterval(
        _ differences: [Double], replicates: Int, level: Double,
        generator: inout SeededGenerator, method: Method = .percentile
    ) -> Estimate? {
        requireUsable(replicates, level)
        guard !differences.isEmpty, differences.allSatisfy(\.isFinite) else { return nil }
        let count = Double(differences.count)
        let mean = differences.reduce(0, +) / count
        var interval: Interval?
        if differences.count > 1 && replicates > 0 {
            let table = Table(rows: differences, width: 1, count: differences.count)
            let means = (0..<replicates).map { _ in
                table.resampledSum(generator: &generator)[0] / count
            }
            let tail = (1 - level) / 2
            let tails =
                switch method {
                case .percentile: (tail, 1 - tail)
                case .biasCorrectedAccelerated: corrected(tail, differences, mean, means)
                }
            interval = tails.flatMap { range(means.sorted(), tails: $0, level: level) }
        }
        return Estimate(value: mean, interval: interval, count: differences.count)
    }

    /// The tails Φ(z₀ + (z₀ ± z)/(1 − a (z₀ ± z))) with z₀ = Φ⁻¹(share of the replicates below the
    /// mean) and a the jackknife's skewness / 6; nil when either is undefined.
    ///
    /// - Source: Efron, "Better bootstrap confidence intervals", JASA 82, 1987.
    private static func corrected(
        _ tail: Double, _ data: [Double], _ mean: Double, _ means: [Double]
    ) -> (Double, Double)? {
        let (squares, cubes) = data.reduce((0.0, 0.0)) {
            let d = $1 - mean
            return ($0.0 + d * d, $0.1 + d * d * d)
        }
        guard squares > 0 else { return nil }
        let acceleration = cubes / (6 * squares * squares.squareRoot())
        let below = means.reduce(0.0) { $0 + ($1 < mean ? 1 : $1 == mean ? 0.5 : 0) }
        let bias = NormalDistribution.quantile(below / Double(means.count))
        guard bias.isFinite else { return nil }
        func moved(_ tail: Double) -> Double? {
            let z = bias + NormalDistribution.quantile(tail)
            let stretch = 1 - acceleration * z
            return stretch > 0 ? NormalDistribution.cumulative(bias + z / stretch) : nil
        }
        guard let low = moved(tail), let high = moved(1 - tail) else { return nil }
        return (low, high)
    }

    /// The values at two quantiles, interpolated between neighbours (Hyndman and Fan's type 7).
    static func range(
        _ sorted: [Double], tails: (Double, Double), level: Double
    ) -> Interval? {
        guard !sorted.isEmpty else { return nil }
        func value(at quantile: Double) -> Double {
            let place = quantile * Double(sorted.count - 1)
            let index = Int(place)
            let next = min(index + 1, sorted.count - 1)
            return sorted[index] + (place - Double(index)) * (sorted[next] - sorted[index])
        }
        let (low, high) = (value(at: tails.0), value(at: tails.1))
        return low <= high ? Interval(low: low, high: high, level: level) : nil
    }

    static func requireUsable(_ replicates: Int, _ level: Double) {
        precondition(replicates >= 0, "Bootstrap: replicates must be at least 0: \(replicates)")
        precondition(level > 0 && level < 1, "Bootstrap: the level must be within 0…1: \(level)")
    }

    /// Rows of one width in contiguous storage.
    private struct Table {
        let rows: [Double]
        let width: Int
        let count: Int

        /// The sum of all rows.
        func sum() -> [Double] {
            var sum = [Double](repeating: 0, count: width)
            for row in 0..<count { add(row, to: &sum) }
            return sum
        }

        /// The sum of `count` rows drawn with replacement.
        func resampledSum(generator: inout SeededGenerator) -> [Double] {
            var sum = [Double](repeating: 0, count: width)
            for _ in 0..<count { add(generator.below(count), to: &sum) }
            return sum
        }

        private func add(_ row: Int, to sum: inout [Double]) {
            for column in 0..<width { sum[column] += rows[row * width + column] }
        }
    }
}
