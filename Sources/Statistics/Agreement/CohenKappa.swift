/// Cohen's κ of two raters, 1 − Σ w o/Σ w e over pairs of categories: o the share of items that the
/// first rater put in one and the second in the other, e the product of the raters' own shares, and
/// w how much such a pair disagrees.
///
/// Items that one of them did not rate are left out.
///
/// - Source: Cohen, Educational and Psychological Measurement 20, 1960; Cohen, Psychological
///   Bulletin 70, 1968. Parity: statsmodels' `cohens_kappa`.
public enum CohenKappa {
    /// How much two categories at the numbers a and b disagree. Ordered names are numbered from 0.
    public enum Weights: String, Hashable, Sendable, CaseIterable, Codable {
        /// 1 unless they are equal; the κ of 1960.
        case none
        /// |a − b|.
        case linear
        /// (a − b)².
        case quadratic

        func weight(_ a: Double, _ b: Double) -> Double {
            switch self {
            case .none: a == b ? 0 : 1
            case .linear: abs(a - b)
            case .quadratic: (a - b) * (a - b)
            }
        }
    }

    static func check(_ table: RatingTable, _ weights: Weights) throws(AgreementGap) {
        guard table.raterCount == 2 else { throw .tooManyRaters(table.raterCount) }
        guard weights == .none || table.scale != .named else { throw .needsOrder }
    }

    static func value(
        _ table: RatingTable, items: [Int], weights: Weights
    ) throws(AgreementGap) -> Double {
        let categories = table.values
        var first = [Double](repeating: 0, count: categories.count)
        var second = first
        var observed = 0.0
        for item in items {
            let given = table.given[item]
            first[given[0]] += 1
            second[given[1]] += 1
            observed += weights.weight(categories[given[0]], categories[given[1]])
        }
        var expected = 0.0
        for (a, count) in first.enumerated() where count > 0 {
            for (b, other) in second.enumerated() where other > 0 {
                expected += count * other * weights.weight(categories[a], categories[b])
            }
        }
        guard expected > 0 else { throw .oneCategory }
        return 1 - observed * Double(items.count) / expected
    }
}
