/// Values by pairs of numbers, in an open hash.
struct PairTable: Sendable {
    struct Value: Hashable, Sendable {
        var first: Int32
        var second: Int32
    }

    private var keys: [UInt64]
    private var values: [Value]
    private var count = 0

    private static let free = UInt64.max

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        keys = Array(repeating: Self.free, count: size)
        values = Array(repeating: Value(first: 0, second: 0), count: size)
    }

    @inline(__always)
    private static func key(_ a: Int32, _ b: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: a)) << 32 | UInt64(UInt32(bitPattern: b))
    }

    @inline(__always)
    private func slot(_ key: UInt64) -> Int {
        let mask = keys.count - 1
        let hash = key &* 0x9E37_79B9_7F4A_7C15
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while keys[slot] != key, keys[slot] != Self.free { slot = (slot + 1) & mask }
        return slot
    }

    @inline(__always)
    subscript(a: Int32, b: Int32) -> Value? {
        let key = Self.key(a, b)
        let slot = slot(key)
        return keys[slot] == key ? values[slot] : nil
    }

    /// - Precondition: not both numbers are −1.
    mutating func insert(_ a: Int32, _ b: Int32, _ value: Value) {
        if count * 2 >= keys.count { grow() }
        let key = Self.key(a, b)
        precondition(key != Self.free, "the pair (\(a), \(b)) marks a free slot")
        let slot = slot(key)
        if keys[slot] == Self.free { count += 1 }
        keys[slot] = key
        values[slot] = value
    }

    private mutating func grow() {
        let old = zip(keys, values).filter { $0.0 != Self.free }
        keys = Array(repeating: Self.free, count: keys.count * 2)
        values = Array(repeating: Value(first: 0, second: 0), count: keys.count)
        for (key, value) in old {
            let slot = slot(key)
            keys[slot] = key
            values[slot] = value
        }
    }
}
