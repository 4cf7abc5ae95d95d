/// How much of the variance of ratings lies between what is rated, from the mean squares of
/// n subjects rated k times.
///
/// - Source: Shrout and Fleiss, Psychological Bulletin 86, 1979; McGraw and Wong, Psychological
///   Methods 1, 1996.
public struct IntraclassCorrelation: Hashable, Sendable, Codable {
    /// ICC(1,1), raters being interchangeable: (B − W)/(B + (k − 1) W), with B and W the mean
    /// squares between and within subjects; with its interval from the F distribution.
    public let oneWay: Estimate
    /// ICC(2,1), raters being a sample whose leanings count as disagreement:
    /// (B − E)/(B + (k − 1) E + k (J − E)/n), with J and E the mean squares of raters and the rest.
    public let agreement: Double
    /// ICC(3,1), raters' leanings being set aside: (B − E)/(B + (k − 1) E).
    public let consistency: Double

    /// - Parameters:
    ///   - ratings: [subjects × raters].
    ///   - level: the coverage of the interval.
    /// - Returns: nil for fewer than two subjects or raters, a rating that is not finite, or
    ///   ratings that all agree, of which no share can be told.
    public init?(_ ratings: ColumnMatrix, level: Double = 0.95) {
        let (n, k) = (ratings.rows, ratings.columns)
        guard n >= 2, k >= 2, ratings.storage.allSatisfy(\.isFinite) else { return nil }
        let (subjects, raters) = (Double(n), Double(k))
        let grand = ratings.storage.reduce(0, +) / (subjects * raters)
        let columnMeans = (0..<k).map { ratings.column($0).reduce(0, +) / subjects }
        let rowMeans = (0..<n).map { row in
            (0..<k).reduce(0) { $0 + ratings[row, $1] } / raters
        }
        let (total, between, byRater) = (
            Self.squares(ratings.storage, about: grand),
            raters * Self.squares(rowMeans, about: grand),
            subjects * Self.squares(columnMeans, about: grand)
        )
        guard total > 1e-24 * (1 + grand * grand) else { return nil }
        let b = between / (subjects - 1)
        let w = (total - between) / (subjects * (raters - 1))
        let j = byRater / (raters - 1)
        let e = max(0, total - between - byRater) / ((subjects - 1) * (raters - 1))
        let value = (b - w) / (b + (raters - 1) * w)
        oneWay = Estimate(
            value: value, interval: Self.interval(b, w, subjects, raters, level), count: n)
        agreement = (b - e) / (b + (raters - 1) * e + raters * (j - e) / subjects)
        consistency = b > 0 || e > 0 ? (b - e) / (b + (raters - 1) * e) : 0
    }

    private static func squares(_ values: [Double], about mean: Double) -> Double {
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }

    /// (F/c − 1)/(F/c + k − 1) with F = B/W and c the F quantile of either tail.
    private static func interval(
        _ b: Double, _ w: Double, _ n: Double, _ k: Double, _ level: Double
    ) -> Interval? {
        let tail = (1 - level) / 2
        guard w > 0,
            let high = fQuantile(1 - tail, n - 1, n * (k - 1)),
            let low = fQuantile(tail, n - 1, n * (k - 1))
        else { return nil }
        func end(_ quantile: Double) -> Double {
            (b / w / quantile - 1) / (b / w / quantile + k - 1)
        }
        return Interval(low: end(high), high: end(low), level: level)
    }

    /// The quantile of F(d₁, d₂): d₂ x/(d₁ (1 − x)) with x that of Beta(d₁/2, d₂/2).
    private static func fQuantile(_ chance: Double, _ d1: Double, _ d2: Double) -> Double? {
        IncompleteBeta.inverse(chance, a: d1 / 2, b: d2 / 2).map { d2 * $0 / (d1 * (1 - $0)) }
    }
}
