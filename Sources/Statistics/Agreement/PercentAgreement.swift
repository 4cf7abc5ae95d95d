/// The share of pairs of ratings of one item that are equal, all pairs of all items counting alike.
/// For two raters this is the share of items that both rated and rated alike.
enum PercentAgreement {
    static func value(_ table: RatingTable, items: [Int]) -> Double {
        var (equal, pairs) = (0, 0)
        for item in items {
            let given = table.given[item]
            pairs += given.count * (given.count - 1) / 2
            for (place, category) in given.enumerated() {
                equal += given[..<place].count { $0 == category }
            }
        }
        return Double(equal) / Double(pairs)
    }
}
