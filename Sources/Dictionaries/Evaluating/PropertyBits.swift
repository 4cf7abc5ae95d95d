import LinearAlgebra

/// Which of a catalogue of Boolean properties hold on each of a list of rows: the truth that a
/// dictionary is measured against, whatever the rows are of.
public struct PropertyBits: Sendable, Hashable {
    /// What the properties are called, each once.
    public let names: [String]
    /// How many rows there are.
    public let rowCount: Int
    /// For each property the rows on which it holds.
    public let bits: [BitSet]

    /// - Precondition: one set per name, each of the same count.
    public init(names: [String], rowCount: Int, bits: [BitSet]) {
        precondition(
            names.count == bits.count && bits.allSatisfy { $0.count == rowCount },
            "PropertyBits: \(names.count) names, \(bits.count) sets for \(rowCount) rows")
        self.names = names
        self.rowCount = rowCount
        self.bits = bits
    }

    /// Asks of each property and row.
    public init(names: [String], rowCount: Int, holds: (_ property: Int, _ row: Int) -> Bool) {
        let bits = names.indices.map { property in
            var set = BitSet(count: rowCount)
            for row in 0..<rowCount where holds(property, row) { set.insert(row) }
            return set
        }
        self.init(names: names, rowCount: rowCount, bits: bits)
    }

    /// How many properties there are.
    public var count: Int { names.count }

    /// The rows in another order, or some of them.
    ///
    /// - Parameter order: for each new row the old one.
    public func reordered(_ order: [Int]) -> PropertyBits {
        let bits = bits.map { set in
            var result = BitSet(count: order.count)
            for (row, old) in order.enumerated() where set[old] { result.insert(row) }
            return result
        }
        return PropertyBits(names: names, rowCount: order.count, bits: bits)
    }

    /// Some of the properties, in that order.
    public func taking(_ properties: [Int]) -> PropertyBits {
        PropertyBits(
            names: properties.map { names[$0] }, rowCount: rowCount,
            bits: properties.map { bits[$0] })
    }
}

/// The same bits row by row: for each row the properties that hold, ascending.
struct PropertyLists: Sendable {
    let propertyCount: Int
    /// How many rows each property holds on.
    let counts: [Int]
    /// Where each row's properties begin, and at the end how many there are.
    let starts: [Int]
    let properties: [UInt32]

    init(_ bits: PropertyBits) {
        propertyCount = bits.count
        counts = bits.bits.map(\.population)
        var starts = [Int](repeating: 0, count: bits.rowCount + 1)
        for set in bits.bits { set.forEach { starts[$0 + 1] += 1 } }
        for row in 0..<bits.rowCount { starts[row + 1] += starts[row] }
        var next = starts
        var properties = [UInt32](repeating: 0, count: starts[bits.rowCount])
        for (property, set) in bits.bits.enumerated() {
            set.forEach { row in
                properties[next[row]] = UInt32(property)
                next[row] += 1
            }
        }
        self.starts = starts
        self.properties = properties
    }
}
