/// Ids by the bytes of their tokens: an open hash over one store of bytes.
///
/// A `Dictionary` of `String` will not do: "é" and "e" with an accent after it are two tokens.
///
/// - Complexity: O(length) a look-up.
struct TokenTable: Sendable {
    private var store: [UInt8] = []
    private var entries: [Entry] = []
    private var slots: [Int32]
    /// The bytes of the longest token.
    private(set) var longest = 0

    private struct Entry: Sendable {
        var start: Int32
        var end: Int32
        var hash: UInt32
        var id: Int32
    }

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        entries.reserveCapacity(capacity)
    }

    var count: Int { entries.count }

    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        let words = bytes.count & ~7
        let raw = UnsafeRawBufferPointer(bytes)
        var at = 0
        while at < words {
            let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
            hash ^= hash >> 32
            at += 8
        }
        while at < bytes.count {
            hash = (hash ^ UInt64(bytes[at])) &* 0x0000_0100_0000_01B3
            at += 1
        }
        hash = (hash ^ hash >> 29) &* 0xC4CE_B9FE_1A85_EC53
        return UInt32(truncatingIfNeeded: hash >> 32)
    }

    subscript(bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        guard bytes.count <= longest else { return nil }
        let hash = Self.hash(bytes)
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] >= 0 {
            let entry = entries[Int(slots[slot])]
            if entry.hash == hash, isEqual(entry, bytes) { return entry.id }
            slot = (slot + 1) & mask
        }
        return nil
    }

    subscript(text: String) -> Int32? {
        var text = text
        return text.withUTF8 { self[$0] }
    }

    subscript(bytes: [UInt8]) -> Int32? { bytes.withUnsafeBufferPointer { self[$0] } }

    private func isEqual(_ entry: Entry, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard Int(entry.end - entry.start) == bytes.count else { return false }
        for at in 0..<bytes.count where store[Int(entry.start) + at] != bytes[at] { return false }
        return true
    }

    /// Adds a token, or gives a known one a new id.
    mutating func insert(_ bytes: UnsafeBufferPointer<UInt8>, _ id: Int32) {
        let hash = Self.hash(bytes)
        if entries.count * 2 >= slots.count { grow() }
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if entries[index].hash == hash, isEqual(entries[index], bytes) {
                entries[index].id = id
                return
            }
            slot = (slot + 1) & mask
        }
        slots[slot] = Int32(entries.count)
        let start = store.count
        store.append(contentsOf: bytes)
        longest = max(longest, bytes.count)
        entries.append(
            Entry(start: Int32(start), end: Int32(store.count), hash: hash, id: id))
    }

    mutating func insert(_ text: String, _ id: Int32) {
        var text = text
        text.withUTF8 { insert($0, id) }
    }

    mutating func insert(_ bytes: [UInt8], _ id: Int32) {
        bytes.withUnsafeBufferPointer { insert($0, id) }
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        let mask = slots.count - 1
        for (index, entry) in entries.enumerated() {
            var slot = Int(entry.hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(index)
        }
    }
}
