import Inquiry
import Statistics

/// How well people decide: how far they agree with one another, and how each does on planted items.
///
/// Only first and uninformed votes count: what somebody decided before they had been shown the verdict or
/// others' votes, whether they took it back or not. A vote on a sheet that has changed since is not
/// counted.
public struct RaterTable: Codable, Hashable, Sendable {
    /// In the order of their names.
    public let raters: [RaterLine]
    /// Agreement on all kinds of items, then on each kind that has votes.
    public let agreement: [RaterAgreement]
    /// Cohen's κ of each pair of raters with an item in common, weakest first.
    public let pairs: [RaterPair]
    /// The coverage of all intervals.
    public let level: Double
    /// Number of the last event of the audit that was counted.
    public let sequence: Int
}

/// One rater.
public struct RaterLine: Codable, Hashable, Sendable {
    public let rater: String
    /// First and uninformed votes, planted items included.
    public let votes: Int
    /// Votes that came after the rater had been shown what is hidden, or after their first one; in no other
    /// figure.
    public let informedVotes: Int
    public let approved: Int
    public let edited: Int
    public let rejected: Int
    /// Half of the votes took less than this many seconds; nil without votes.
    public let medianSeconds: Double?
    /// Of the claims that were planted over another item's evidence, those that the rater rejected:
    /// sensitivity.
    public let shuffled: ControlShare?
    /// Of the claims that are known to be true, those that the rater approved.
    public let known: ControlShare?
    /// Of the items that the rater was shown twice, those decided alike: self-consistency.
    public let duplicates: ControlShare?
}

/// A share of planted items with its interval of Clopper and Pearson.
public struct ControlShare: Codable, Hashable, Sendable {
    public let passed: Int
    public let planted: Int
    public let interval: Interval

    /// Nil where nothing was planted.
    init?(passed: Int, planted: Int, level: Double) {
        guard
            let interval = BinomialInterval.clopperPearson(
                successes: passed, trials: planted, level: level)
        else { return nil }
        self.passed = passed
        self.planted = planted
        self.interval = interval
    }

    public var share: Double { Double(passed) / Double(planted) }
}

/// What raters are compared in.
public enum RatedQuantity: String, Codable, Hashable, Sendable {
    /// Approve, edit or reject: names in no order.
    case decision
    /// 1 to 5.
    case rating
}

/// One figure of agreement.
public struct RaterAgreement: Codable, Hashable, Sendable {
    /// Nil for all kinds of items together.
    public let kind: ApprovalKind?
    public let quantity: RatedQuantity
    /// "percent agreement", "Fleiss' kappa", "Krippendorff's alpha, ordinal".
    public let name: String
    public let figure: AgreementFigure
}

/// Two raters.
public struct RaterPair: Codable, Hashable, Sendable {
    public let first: String
    public let second: String
    public let quantity: RatedQuantity
    /// Cohen's κ, with quadratic weights for ratings.
    public let figure: AgreementFigure
}

/// A figure with its percentile bootstrap interval over items, or why there is none.
public struct AgreementFigure: Codable, Hashable, Sendable {
    /// Items with two votes or more.
    public let items: Int
    /// Nil where the votes do not determine it.
    public let estimate: Estimate?
    /// Why there is no figure.
    public let gap: String?
    /// Resamples, and those in which the figure is undefined; they are left out of the interval.
    public let replicates: Int
    public let undefinedReplicates: Int

    init(
        _ table: RatingTable, _ statistic: AgreementStatistic, replicates: Int, level: Double,
        seed: UInt64
    ) {
        do throws(AgreementGap) {
            let found = try table.agreement(
                statistic, replicates: replicates, level: level, seed: seed)
            items = found.estimate.count
            estimate = found.estimate
            gap = nil
            self.replicates = found.replicates
            undefinedReplicates = found.undefinedReplicates
        } catch {
            items = table.pairedItemCount
            estimate = nil
            gap = "\(error)"
            self.replicates = 0
            undefinedReplicates = 0
        }
    }
}
