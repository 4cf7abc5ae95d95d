/// A set of places: one bit for each unit of each text of the evidence.
struct PlaceSet: Sendable, Hashable {
    var words: [UInt64]

    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    @inline(__always)
    mutating func insert(_ place: Int) { words[place >> 6] |= 1 << UInt64(place & 63) }

    @inline(__always)
    func contains(_ place: Int) -> Bool { words[place >> 6] >> UInt64(place & 63) & 1 == 1 }

    mutating func insert(_ places: Range<Int>) { for place in places { insert(place) } }

    mutating func formUnion(_ other: PlaceSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    mutating func formIntersection(_ other: PlaceSet) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    mutating func subtract(_ other: PlaceSet) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    func intersection(_ other: PlaceSet) -> PlaceSet {
        var result = self
        result.formIntersection(other)
        return result
    }

    func subtracting(_ other: PlaceSet) -> PlaceSet {
        var result = self
        result.subtract(other)
        return result
    }

    func union(_ other: PlaceSet) -> PlaceSet {
        var result = self
        result.formUnion(other)
        return result
    }

    /// The places in order.
    func forEach(_ body: (Int) -> Void) {
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                body(index << 6 + rest.trailingZeroBitCount)
                rest &= rest &- 1
            }
        }
    }

    var members: [Int] {
        var result: [Int] = []
        forEach { result.append($0) }
        return result
    }
}
