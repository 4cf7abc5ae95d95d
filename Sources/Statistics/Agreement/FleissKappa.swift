/// Fleiss' κ, (P̄ − P̄ₑ)/(1 − P̄ₑ), for items with n ratings each, by whomever: P̄ the mean share of
/// an item's pairs of ratings that agree, and P̄ₑ = Σ p² with p the share of each category among all
/// ratings.
///
/// - Source: Fleiss, Psychological Bulletin 76, 1971. Parity: statsmodels' `fleiss_kappa`.
public enum FleissKappa {
    /// Items without any rating do not count.
    static func check(_ table: RatingTable) throws(AgreementGap) {
        let counts = (0..<table.itemCount).map { table.given[$0].count }.filter { $0 > 0 }
        guard let least = counts.min(), let most = counts.max() else { throw .noPairs }
        guard least == most else { throw .unequalCounts(least: least, most: most) }
        guard least >= 2 else { throw .noPairs }
    }

    static func value(_ table: RatingTable, items: [Int]) throws(AgreementGap) -> Double {
        var totals = [Double](repeating: 0, count: table.values.count)
        for item in items {
            for category in table.given[item] { totals[category] += 1 }
        }
        let all = totals.reduce(0, +)
        let byChance = totals.reduce(0) { $0 + $1 / all * ($1 / all) }
        guard totals.count(where: { $0 > 0 }) > 1 else { throw .oneCategory }
        // With equally many ratings an item, the mean over items is the share of all pairs.
        let observed = PercentAgreement.value(table, items: items)
        return (observed - byChance) / (1 - byChance)
    }
}
