/// Krippendorff's α = 1 − Dₒ/Dₑ for any number of raters and missing ratings: Dₒ the mean distance
/// δ² of two ratings of one item, each item's pairs weighing 1/(m − 1) with m its ratings, and Dₑ the
/// mean distance of any two ratings that have a pair.
///
/// - Source: Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011; Hayes and
///   Krippendorff, Communication Methods and Measures 1, 2007. Parity: the Python package
///   `krippendorff`.
public enum KrippendorffAlpha {
    /// The distance δ² of two categories a and b.
    public enum Metric: String, Hashable, Sendable, CaseIterable, Codable {
        /// 1 unless they are equal.
        case nominal
        /// The square of the number of ratings from a to b, those of a and b themselves counting
        /// half.
        case ordinal
        /// (a − b)².
        case interval
        /// ((a − b)/(a + b))², 0 for two zeros.
        case ratio
    }

    static func check(_ table: RatingTable, _ metric: Metric) throws(AgreementGap) {
        switch metric {
        case .nominal: return
        case .ordinal: guard table.scale != .named else { throw .needsOrder }
        case .interval: guard table.scale == .numeric else { throw .needsNumbers }
        case .ratio:
            guard table.scale == .numeric else { throw .needsNumbers }
            if let least = table.values.first, least < 0 { throw .negative(least) }
        }
    }

    static func value(
        _ table: RatingTable, items: [Int], metric: Metric
    ) throws(AgreementGap) -> Double {
        var counts = [Double](repeating: 0, count: table.values.count)
        let given = items.map { table.given[$0] }
        for category in given.joined() { counts[category] += 1 }
        let distance = Distance(metric: metric, values: table.values, counts: counts)
        var observed = 0.0
        for categories in given {
            var sum = 0.0
            for (place, a) in categories.enumerated() {
                for b in categories[..<place] { sum += distance(a, b) }
            }
            observed += sum / Double(categories.count - 1)
        }
        let used = counts.indices.filter { counts[$0] > 0 }
        var expected = 0.0
        for (place, a) in used.enumerated() {
            for b in used[..<place] { expected += counts[a] * counts[b] * distance(a, b) }
        }
        guard expected > 0 else { throw .oneCategory }
        return 1 - (counts.reduce(0, +) - 1) * observed / expected
    }

    /// The distance under the counts of the ratings at hand.
    private struct Distance {
        let metric: Metric
        let values: [Double]
        let counts: [Double]
        /// The number of ratings up to and with each category.
        let upTo: [Double]

        init(metric: Metric, values: [Double], counts: [Double]) {
            self.metric = metric
            self.values = values
            self.counts = counts
            var sum = 0.0
            upTo = counts.map {
                sum += $0
                return sum
            }
        }

        func callAsFunction(_ a: Int, _ b: Int) -> Double {
            guard a != b else { return 0 }
            switch metric {
            case .nominal: return 1
            case .ordinal:
                let (low, high) = (min(a, b), max(a, b))
                let between = upTo[high] - upTo[low] + (counts[low] - counts[high]) / 2
                return between * between
            case .interval: return (values[a] - values[b]) * (values[a] - values[b])
            case .ratio:
                let share = (values[a] - values[b]) / (values[a] + values[b])
                return share * share
            }
        }
    }
}
