/// How often each property was met, listed in an order that does not depend on hashing.
struct PropertyCounts {
    private(set) var counts: [TextProperty: Int] = [:]

    mutating func add(_ property: TextProperty) { counts[property, default: 0] += 1 }

    /// Those for which `isWanted` says yes, most frequent first and then by formula.
    func ranked(where isWanted: (TextProperty, Int) -> Bool) -> [TextProperty] {
        var list: [(property: TextProperty, count: Int, formula: String)] = []
        for (property, count) in counts where isWanted(property, count) {
            list.append((property: property, count: count, formula: property.formula))
        }
        list.sort { a, b in
            if a.count != b.count { return a.count > b.count }
            return a.formula < b.formula
        }
        return list.map(\.property)
    }
}
