import Games
import LinearAlgebra

/// For every property of a catalogue, on which of a list of observations it holds: one bit each.
///
/// Evaluating a predicate over all of them is a few passes over words, and so is counting.
struct PropertyTable: Sendable {
    let properties: [BoardProperty]
    /// Observations.
    let count: Int
    /// Words per property: ⌈count / 64⌉.
    let words: Int
    /// Property-major; bits past `count` are 0.
    private let bits: [UInt64]
    private let index: [BoardProperty: Int]

    /// - Complexity: properties × observations.
    init(_ observations: [Observation], properties: [BoardProperty]) {
        self.properties = properties
        count = observations.count
        words = (observations.count + 63) / 64
        index = Dictionary(
            properties.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let words = words
        bits = [UInt64](unsafeUninitializedCapacity: properties.count * words) { buffer, filled in
            for (row, property) in properties.enumerated() {
                for word in 0..<words {
                    let start = word * 64
                    var value: UInt64 = 0
                    for i in start..<min(start + 64, observations.count)
                    where property.holds(in: observations[i]) {
                        value |= 1 << UInt64(i - start)
                    }
                    buffer.initializeElement(at: row * words + word, to: value)
                }
            }
            filled = properties.count * words
        }
    }

    /// `mask` narrowed to where the literal of property number `property` holds, written to `result`.
    @inline(__always)
    func intersect(
        _ mask: UnsafePointer<UInt64>, property: Int, negated: Bool,
        into result: UnsafeMutablePointer<UInt64>
    ) {
        bits.withUnsafeBufferPointer { all in
            let flip: UInt64 = negated ? .max : 0
            let row = property * words
            for word in 0..<words { result[word] = mask[word] & (all[row + word] ^ flip) }
        }
    }

    /// A bit for every observation on which `conjunction` holds.
    ///
    /// - Precondition: its properties are in the catalogue.
    func evaluate(_ conjunction: Conjunction) -> BitSet {
        var result = BitSet(allOf: count)
        for literal in conjunction.literals {
            guard let row = index[literal.property] else {
                preconditionFailure("property \(literal.property) is not in the catalogue")
            }
            let flip: UInt64 = literal.negated ? .max : 0
            for word in 0..<words { result.words[word] &= bits[row * words + word] ^ flip }
        }
        return result
    }

    func evaluate(_ predicate: BoardPredicate) -> BitSet {
        predicate.facets.reduce(into: BitSet(count: count)) { $0.formUnion(evaluate($1)) }
    }

    func contains(_ property: BoardProperty) -> Bool { index[property] != nil }
}
