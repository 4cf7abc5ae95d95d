import LinearAlgebra

/// Where properties hold in a table, kept as they are asked for again and again. Not for sharing.
final class KnownPlaces {
    let table: PlaceTable
    private var known: [TextProperty: BitSet] = [:]
    /// How many are kept; then all are forgotten.
    private static let limit = 2_000

    init(_ table: PlaceTable) { self.table = table }

    /// The relevant places where a rule holds.
    func places(_ rule: TextRule) -> BitSet {
        rule.facets.reduce(into: BitSet(count: table.count)) { union, facet in
            var places = table.relevant
            for literal in facet.literals {
                let own = self.places(literal.property)
                if literal.negated { places.subtract(own) } else { places.formIntersection(own) }
            }
            union.formUnion(places)
        }
    }

    private func places(_ property: TextProperty) -> BitSet {
        if let places = known[property] { return places }
        let places = table.places(property)
        if known.count >= Self.limit { known.removeAll() }
        known[property] = places
        return places
    }
}
