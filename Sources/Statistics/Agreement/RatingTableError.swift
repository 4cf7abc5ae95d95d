/// Why ratings make no table.
public enum RatingTableError: Error, Hashable, Sendable {
    /// A rater's row is longer or shorter than that of the first rater.
    case ragged(rater: Int, found: Int, expected: Int)
    /// A rating that is no finite number.
    case notFinite(Double)
    /// A category that the order names twice.
    case repeatedCategory(String)
    /// A rating that the order does not name.
    case unknownCategory(String, known: [String])
}
