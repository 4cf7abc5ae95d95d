/// A set of numbers below a fixed count, one bit each.
@frozen public struct BitSet: Hashable, Sendable {
    /// Members are below it.
    public let count: Int
    /// The bits, 64 to a word, the lowest member first. Bits past ``count`` are 0.
    public var words: [UInt64]

    /// The empty set.
    @inlinable public init(count: Int) {
        self.count = count
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
    }

    /// Holds all of `0..<count`.
    @inlinable public init(allOf count: Int) {
        self.init(count: count)
        for index in words.indices { words[index] = .max }
        if count % 64 != 0, !words.isEmpty {
            words[words.count - 1] = (1 << UInt64(count % 64)) - 1
        }
    }

    @inlinable public subscript(member: Int) -> Bool {
        get { words[member >> 6] >> UInt64(member & 63) & 1 == 1 }
        set {
            let bit: UInt64 = 1 << UInt64(member & 63)
            if newValue { words[member >> 6] |= bit } else { words[member >> 6] &= ~bit }
        }
    }

    @inlinable public mutating func insert(_ member: Int) {
        words[member >> 6] |= 1 << UInt64(member & 63)
    }

    @inlinable public mutating func insert(_ members: Range<Int>) {
        for member in members { insert(member) }
    }

    @inlinable public func contains(_ member: Int) -> Bool { self[member] }

    @inlinable public mutating func formUnion(_ other: BitSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    @inlinable public mutating func formIntersection(_ other: BitSet) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    @inlinable public mutating func subtract(_ other: BitSet) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    @inlinable public func union(_ other: BitSet) -> BitSet {
        var result = self
        result.formUnion(other)
        return result
    }

    @inlinable public func intersection(_ other: BitSet) -> BitSet {
        var result = self
        result.formIntersection(other)
        return result
    }

    @inlinable public func subtracting(_ other: BitSet) -> BitSet {
        var result = self
        result.subtract(other)
        return result
    }

    /// Members in ascending order.
    @inlinable public func forEach(_ body: (Int) -> Void) {
        for (index, word) in words.enumerated() {
            var left = word
            while left != 0 {
                body(index << 6 + left.trailingZeroBitCount)
                left &= left &- 1
            }
        }
    }

    /// Members in ascending order.
    @inlinable public var members: [Int] {
        var result: [Int] = []
        forEach { result.append($0) }
        return result
    }

    /// How many members there are.
    @inlinable public var population: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
