/// What several raters said of the same items: a table of raters × items in which ratings may be
/// missing.
///
/// Agreement on it is measured by ``AgreementStatistic``, which says what each figure needs: labels
/// are enough for agreement by chance corrected counts, an order for weights, numbers for
/// distances.
public struct RatingTable: Hashable, Sendable {
    /// What the categories are to one another.
    public enum Scale: String, Hashable, Sendable, Codable {
        /// Names in no order.
        case named
        /// Names in the order they were given in, equal steps apart where a figure needs steps.
        case ordered
        /// Numbers.
        case numeric
    }

    public let scale: Scale
    public let raterCount: Int
    public let itemCount: Int
    /// The numbers of the categories, ascending; positions from 0 for named and ordered ones.
    public let values: [Double]
    /// The category of each rating, one row of `raterCount` per item; nil where it is missing.
    private let ratings: [Int?]
    /// The categories that each item was given, missing ratings left out.
    let given: [[Int]]

    /// Names in no order.
    ///
    /// - Parameter labels: [raters × items]; nil where a rating is missing.
    /// - Throws: `ragged`.
    public init(labels: [[String?]]) throws(RatingTableError) {
        try self.init(labels, Set(labels.joined().compactMap { $0 }).sorted(), .named)
    }

    /// Names in an order.
    ///
    /// - Parameters:
    ///   - labels: [raters × items]; nil where a rating is missing.
    ///   - order: all categories from low to high, used or not.
    /// - Throws: `ragged`, `repeatedCategory`, `unknownCategory`.
    public init(labels: [[String?]], order: [String]) throws(RatingTableError) {
        try self.init(labels, order, .ordered)
    }

    /// Numbers.
    ///
    /// - Parameter numbers: [raters × items]; nil where a rating is missing.
    /// - Throws: `ragged`, `notFinite`.
    public init(numbers: [[Double?]]) throws(RatingTableError) {
        let known = numbers.joined().compactMap { $0 }
        if let value = known.first(where: { !$0.isFinite }) { throw .notFinite(value) }
        let values = Set(known).sorted()
        let places = Dictionary(uniqueKeysWithValues: zip(values, 0...))
        self.init(
            try Self.byItem(numbers).map { $0.flatMap { places[$0] } }, raterCount: numbers.count,
            values: values, scale: .numeric)
    }

    private init(
        _ labels: [[String?]], _ order: [String], _ scale: Scale
    ) throws(RatingTableError) {
        var places: [String: Int] = [:]
        for (place, label) in order.enumerated() {
            guard places.updateValue(place, forKey: label) == nil else {
                throw .repeatedCategory(label)
            }
        }
        if let label = labels.joined().compactMap({ $0 }).first(where: { places[$0] == nil }) {
            throw .unknownCategory(label, known: order)
        }
        self.init(
            try Self.byItem(labels).map { $0.flatMap { places[$0] } }, raterCount: labels.count,
            values: order.indices.map(Double.init), scale: scale)
    }

    private init(_ ratings: [Int?], raterCount: Int, values: [Double], scale: Scale) {
        self.scale = scale
        self.raterCount = raterCount
        itemCount = raterCount == 0 ? 0 : ratings.count / raterCount
        self.values = values
        self.ratings = ratings
        given = (0..<itemCount).map { item in
            ratings[item * raterCount..<(item + 1) * raterCount].compactMap { $0 }
        }
    }

    /// The rows of raters as rows of items.
    private static func byItem<Rating>(
        _ rows: [[Rating?]]
    ) throws(RatingTableError) -> [Rating?] {
        let count = rows.first?.count ?? 0
        if let rater = rows.firstIndex(where: { $0.count != count }) {
            throw .ragged(rater: rater, found: rows[rater].count, expected: count)
        }
        return (0..<count).flatMap { item in rows.map { $0[item] } }
    }

    /// The same items by some of the raters.
    ///
    /// - Precondition: the raters are within the table.
    public func keeping(raters: [Int]) -> RatingTable {
        precondition(
            raters.allSatisfy { (0..<raterCount).contains($0) },
            "RatingTable: raters \(raters) must be within 0..<\(raterCount)")
        let kept = (0..<itemCount).flatMap { item in
            raters.map { ratings[item * raterCount + $0] }
        }
        return RatingTable(kept, raterCount: raters.count, values: values, scale: scale)
    }
}
