import Synchronization

/// The properties at each place that was looked at, numbered, so that they are worked out and hashed
/// once however often they are counted.
final class PropertyCatalogue: Sendable {
    private let source: LiteralSource
    private let known = Mutex(Known())

    init(source: LiteralSource) { self.source = source }

    /// Properties that at least `least` of the places have, most frequent first and then by formula.
    func common(at places: [Int], least: Int, table: PlaceTable) -> [TextProperty] {
        counted(at: places, least: least, table: table).map(\.property)
    }

    /// The same, each with how many of the places have it.
    func counted(
        at places: [Int], least: Int, table: PlaceTable
    ) -> [(property: TextProperty, count: Int)] {
        known.withLock { $0.counted(at: places, least: least, table, source) }
    }

    /// Places that are kept; then all are forgotten.
    private static let placeLimit = 1 << 15

    private struct Known {
        private var numbers: [TextProperty: Int32] = [:]
        private var properties: [TextProperty] = []
        private var formulas: [String] = []
        private var lists: [Int: [Int32]] = [:]

        mutating func counted(
            at places: [Int], least: Int, _ table: PlaceTable, _ source: LiteralSource
        ) -> [(property: TextProperty, count: Int)] {
            var counts: [Int] = Array(repeating: 0, count: properties.count)
            for place in places {
                let list = numbers(at: place, table, source)
                while counts.count < properties.count { counts.append(0) }
                for number in list { counts[Int(number)] += 1 }
            }
            var frequent = counts.indices.filter { counts[$0] >= least }
            for number in frequent where formulas[number].isEmpty {
                formulas[number] = properties[number].formula
            }
            frequent.sort { a, b in
                counts[a] == counts[b] ? formulas[a] < formulas[b] : counts[a] > counts[b]
            }
            return frequent.map { (properties[$0], counts[$0]) }
        }

        private mutating func numbers(
            at place: Int, _ table: PlaceTable, _ source: LiteralSource
        ) -> [Int32] {
            if let list = lists[place] { return list }
            let (text, unit) = table.locate(place)
            let list = source.properties(at: unit, in: text).map { property -> Int32 in
                if let number = numbers[property] { return number }
                let number = Int32(properties.count)
                numbers[property] = number
                properties.append(property)
                formulas.append("")
                return number
            }
            if lists.count >= PropertyCatalogue.placeLimit { lists.removeAll() }
            lists[place] = list
            return list
        }
    }
}
