import LinearAlgebra

/// Random orders of rows, within strata where there are any.
struct Shuffling: Sendable {
    /// The rows of each stratum; rows are exchanged within one only.
    private let members: [[Int]]
    private let count: Int

    /// - Parameter strata: the stratum of each row; nil for one of all.
    init(count: Int, strata: [Int]?) {
        precondition(strata.map { $0.count == count } ?? true, "strata for \(count) rows")
        self.count = count
        if let strata {
            let rows = Dictionary(grouping: 0..<count) { strata[$0] }
            members = rows.keys.sorted().compactMap { rows[$0] }
        } else {
            members = [Array(0..<count)]
        }
    }

    /// For each row the row whose value it gets.
    func order(_ generator: inout SeededGenerator) -> [Int] {
        var order = [Int](repeating: 0, count: count)
        for rows in members {
            for (place, source) in generator.sample(rows.count, of: rows.count).enumerated() {
                order[rows[place]] = rows[source]
            }
        }
        return order
    }
}
