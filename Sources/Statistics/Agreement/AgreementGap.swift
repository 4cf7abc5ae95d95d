/// Why ratings do not determine a figure of agreement.
public enum AgreementGap: Error, Hashable, Sendable {
    /// Fewer than two raters.
    case tooFewRaters(Int)
    /// More raters than the figure is for.
    case tooManyRaters(Int)
    /// No item has two ratings.
    case noPairs
    /// All ratings say the same, so that chance alone would agree as often.
    case oneCategory
    /// Items with different numbers of ratings.
    case unequalCounts(least: Int, most: Int)
    /// Names in no order, where the figure weighs how far apart two are.
    case needsOrder
    /// Names, where the figure needs numbers.
    case needsNumbers
    /// A number below 0, where the figure takes ratios.
    case negative(Double)
}

extension AgreementGap: CustomStringConvertible {
    /// The reason and the cure.
    public var description: String {
        switch self {
        case .tooFewRaters(let found): "\(found) rater(s), where agreement needs two"
        case .tooManyRaters(let found):
            "\(found) raters, where Cohen's kappa compares two: take them in pairs"
        case .noPairs: "no item has two ratings"
        case .oneCategory:
            "all ratings are in one category, so that agreement by chance would be complete too"
        case .unequalCounts(let least, let most):
            "items have \(least) to \(most) ratings, where Fleiss' kappa needs equally many: "
                + "take Krippendorff's alpha"
        case .needsOrder: "the categories have no order: name them from low to high"
        case .needsNumbers: "the categories are names, where the figure needs numbers"
        case .negative(let value): "a rating is \(value), where ratios need numbers from 0 up"
        }
    }
}
