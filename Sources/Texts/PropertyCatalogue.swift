import Synchronization

/// The properties at each place that the searches of one inducer have looked at, numbered, so that
/// they are worked out and hashed once however often they are counted.
final class PropertyCatalogue: Sendable {
    private let source: LiteralSource
    private let known = Mutex(Known())

    init(source: LiteralSource) { self.source = source }

    /// Properties that at least `least` of the places have, most frequent first and then by formula.
    func common(at places: [Int], least: Int, table: PlaceTable) -> [TextProperty] {
        known.withLock { $0.common(at: places, least: least, table, source) }
    }

    private struct Known {
        private var numbers: [TextProperty: Int] = [:]
        private var properties: [TextProperty] = []
        private var formulas: [String] = []
        private var lists: [Int: [Int]] = [:]

        mutating func common(
            at places: [Int], least: Int, _ table: PlaceTable, _ source: LiteralSource
        ) -> [TextProperty] {
            var counts: [Int] = Array(repeating: 0, count: properties.count)
            for place in places {
                let list = numbers(at: place, table, source)
                while counts.count < properties.count { counts.append(0) }
                for number in list { counts[number] += 1 }
            }
            var frequent = counts.indices.filter { counts[$0] >= least }
            for number in frequent where formulas[number].isEmpty {
                formulas[number] = properties[number].formula
            }
            frequent.sort { a, b in
                counts[a] == counts[b] ? formulas[a] < formulas[b] : counts[a] > counts[b]
            }
            return frequent.map { properties[$0] }
        }

        private mutating func numbers(
            at place: Int, _ table: PlaceTable, _ source: LiteralSource
        ) -> [Int] {
            if let list = lists[place] { return list }
            let (text, unit) = table.locate(place)
            let list = source.properties(at: unit, in: text).map { property in
                if let number = numbers[property] { return number }
                numbers[property] = properties.count
                properties.append(property)
                formulas.append("")
                return properties.count - 1
            }
            lists[place] = list
            return list
        }
    }
}
