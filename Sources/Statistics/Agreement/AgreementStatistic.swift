/// A figure of how far raters agree. Those corrected for chance are 1 for raters who always agree
/// and about 0 for raters who agree as often as chance has it.
public enum AgreementStatistic: Hashable, Sendable {
    /// The share of pairs of ratings of one item that are equal; not corrected for chance.
    case percentAgreement
    /// For two raters; see ``CohenKappa``.
    case cohenKappa(CohenKappa.Weights)
    /// For items with equally many ratings, by whomever; see ``FleissKappa``.
    case fleissKappa
    /// For any number of raters and missing ratings; see ``KrippendorffAlpha``.
    case krippendorffAlpha(KrippendorffAlpha.Metric)

    /// Whether a table has what the figure needs.
    ///
    /// - Throws: the reason why it has not.
    func check(_ table: RatingTable) throws(AgreementGap) {
        guard table.raterCount >= 2 else { throw .tooFewRaters(table.raterCount) }
        switch self {
        case .percentAgreement: break
        case .cohenKappa(let weights): try CohenKappa.check(table, weights)
        case .fleissKappa: try FleissKappa.check(table)
        case .krippendorffAlpha(let metric): try KrippendorffAlpha.check(table, metric)
        }
    }

    /// The figure of some items of a table that passed ``check(_:)``.
    ///
    /// - Parameter items: those with two ratings or more, repeated where they count again.
    func value(_ table: RatingTable, items: [Int]) throws(AgreementGap) -> Double {
        guard !items.isEmpty else { throw .noPairs }
        return switch self {
        case .percentAgreement: PercentAgreement.value(table, items: items)
        case .cohenKappa(let weights):
            try CohenKappa.value(table, items: items, weights: weights)
        case .fleissKappa: try FleissKappa.value(table, items: items)
        case .krippendorffAlpha(let metric):
            try KrippendorffAlpha.value(table, items: items, metric: metric)
        }
    }
}

extension RatingTable {
    /// How far the raters agree.
    ///
    /// - Throws: why the ratings do not determine the figure.
    public func agreement(_ statistic: AgreementStatistic) throws(AgreementGap) -> Double {
        try statistic.check(self)
        return try statistic.value(self, items: pairedItems)
    }

    /// How many items have two ratings or more.
    public var pairedItemCount: Int { pairedItems.count }

    /// The items with two ratings or more; the others say nothing of agreement.
    var pairedItems: [Int] { (0..<itemCount).filter { given[$0].count >= 2 } }
}
