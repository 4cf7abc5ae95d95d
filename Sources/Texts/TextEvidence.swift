/// Texts with what a feature did on them: all that an inducer knows.
public struct TextEvidence: Sendable {
    public struct Item: Hashable, Sendable {
        public let units: TextUnits
        public let fires: Bool
        /// The unit where it fires, or nil when that is not known.
        public let place: Int?
        /// How much the item counts among those that fire, or among those that are silent.
        public let weight: Double

        /// - Parameter place: ignored on a silent item, and when it is no unit of the text.
        public init(units: TextUnits, fires: Bool, place: Int? = nil, weight: Double = 1) {
            self.units = units
            self.fires = fires
            self.place = place.flatMap { fires && units.units.indices.contains($0) ? $0 : nil }
            self.weight = weight.isFinite ? max(0, weight) : 0
        }
    }

    public private(set) var items: [Item]

    public init(_ items: [Item] = []) { self.items = items }

    public mutating func add(_ item: Item) { items.append(item) }
}
