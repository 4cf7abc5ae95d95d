/// How well one ordering agrees with another.
public enum RankStatistics {
    /// The area under the ROC curve: the chance that a positive scores above a negative, ties
    /// counting half,
    ///
    ///     AUROC = (R₊ − n₊(n₊ + 1)/2) / (n₊ n₋),   R₊ = Σ midranks of the positives.
    ///
    /// - Returns: nil when one of the classes is empty or a score is not a number.
    /// - Complexity: O(n log n).
    /// - Source: Mann and Whitney 1947; Hanley and McNeil, Radiology 143, 1982.
    /// - Precondition: as many labels as scores.
    public static func auroc(scores: [Double], labels: [Bool]) -> Double? {
        requireSameCount(scores.count, labels.count)
        let positiveCount = labels.count { $0 }
        let negativeCount = labels.count - positiveCount
        guard positiveCount > 0, negativeCount > 0, let ranks = midranks(scores) else { return nil }
        let rankSum = zip(ranks, labels).reduce(0) { $1.1 ? $0 + $1.0 : $0 }
        let positives = Double(positiveCount)
        return (rankSum - positives * (positives + 1) / 2) / (positives * Double(negativeCount))
    }

    /// Spearman's ρ: Pearson's correlation of the midranks.
    ///
    /// - Returns: nil for fewer than two pairs, a constant side or a value that is not a number.
    /// - Complexity: O(n log n).
    /// - Source: Spearman 1904.
    /// - Precondition: both sides have the same count.
    public static func spearman(_ x: [Double], _ y: [Double]) -> Double? {
        requireSameCount(x.count, y.count)
        guard let x = midranks(x), let y = midranks(y) else { return nil }
        return pearson(x, y)
    }

    /// Pearson's r = Σ(xᵢ − x̄)(yᵢ − ȳ) / √(Σ(xᵢ − x̄)² Σ(yᵢ − ȳ)²), with the means taken first.
    ///
    /// - Returns: nil for fewer than two pairs, a constant side or a value that is not finite.
    /// - Source: Pearson 1895.
    /// - Precondition: both sides have the same count.
    public static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
        requireSameCount(x.count, y.count)
        guard x.min() != x.max(), y.min() != y.max() else { return nil }
        let count = Double(x.count)
        let meanX = x.reduce(0, +) / count
        let meanY = y.reduce(0, +) / count
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for (a, b) in zip(x, y) {
            xx += (a - meanX) * (a - meanX)
            yy += (b - meanY) * (b - meanY)
            xy += (a - meanX) * (b - meanY)
        }
        let r = xy / (xx.squareRoot() * yy.squareRoot())
        return r.isFinite ? min(1, max(-1, r)) : nil
    }

    /// The rank of each value from 1, equal values sharing the mean of their ranks; nil when a
    /// value is not a number, as it has no rank.
    ///
    /// - Complexity: O(n log n).
    public static func midranks(_ values: [Double]) -> [Double]? {
        guard !values.contains(where: \.isNaN) else { return nil }
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for i in start..<end { ranks[order[i]] = Double(start + 1 + end) / 2 }
            start = end
        }
        return ranks
    }

    private static func requireSameCount(_ a: Int, _ b: Int) {
        precondition(a == b, "RankStatistics: counts must agree, found \(a) and \(b)")
    }

    /// Midranks with mean 0 and mean square 1; zeros for a constant column, and nil when a value is not a
    /// number.
    public static func standardisedRanks(_ values: [Double]) -> [Double]? {
        guard let ranks = midranks(values) else { return nil }
        // Midranks add up to n(n + 1)/2 whatever the ties.
        let mean = Double(values.count + 1) / 2
        let square = ranks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        guard square > 0 else { return [Double](repeating: 0, count: values.count) }
        let scale = 1 / square.squareRoot()
        return ranks.map { ($0 - mean) * scale }
    }
}
