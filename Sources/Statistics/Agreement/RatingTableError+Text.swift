extension RatingTableError: CustomStringConvertible {
    /// The place, the reason and the cure.
    public var description: String {
        switch self {
        case .ragged(let rater, let found, let expected):
            "ratings: rater \(rater) has \(found) items, the first has \(expected). "
                + "Give one rating per item, missing ones as nil."
        case .notFinite(let value):
            "ratings: \(value) is no finite number. Give a missing rating as nil."
        case .repeatedCategory(let label):
            "ratings: the order names the category \"\(label)\" twice. Name each once."
        case .unknownCategory(let label, let known):
            "ratings: \"\(label)\" is none of the categories \(known.joined(separator: ", ")). "
                + "Name all categories in the order."
        }
    }
}
