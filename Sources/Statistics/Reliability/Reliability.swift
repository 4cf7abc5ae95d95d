/// Whether measuring twice gives the same.
public struct Reliability: Hashable, Sendable, Codable {
    /// The intraclass correlation of both measurements; nil where all of them agree.
    public let intraclass: IntraclassCorrelation?
    /// The Spearman correlation of both; nil where one is constant.
    public let spearman: Double?
    /// The share of rows whose two measurements are equal.
    public let unchanged: Double
    /// The mean distance between the two measurements.
    public let meanChange: Double

    /// - Returns: nil for no rows or a measurement that is not finite.
    /// - Precondition: both sides have the same count.
    public init?(first: [Double], second: [Double], level: Double = 0.95) {
        precondition(first.count == second.count, "Reliability: counts must agree")
        guard !first.isEmpty, (first + second).allSatisfy(\.isFinite) else { return nil }
        let count = Double(first.count)
        intraclass = IntraclassCorrelation(
            ColumnMatrix(rows: first.count, columns: [first, second]), level: level)
        spearman = RankStatistics.spearman(first, second)
        unchanged = Double(zip(first, second).count { $0 == $1 }) / count
        meanChange = zip(first, second).reduce(0) { $0 + abs($1.0 - $1.1) } / count
    }

    /// The correlation that a feature without measurement error would have, r/√reliability, within
    /// −1…1.
    ///
    /// - Returns: nil unless the reliability is above 0 and at most 1.
    /// - Source: Spearman, American Journal of Psychology 15, 1904.
    public static func disattenuated(_ correlation: Double, reliability: Double) -> Double? {
        guard reliability > 0, reliability <= 1 else { return nil }
        return min(1, max(-1, correlation / reliability.squareRoot()))
    }
}
