/// How often each word of a text occurs, by hash: an open table that is reused from text to text.
struct Vocabulary {
    private var hashes: [UInt64] = []
    private var counts: [UInt32] = []
    private(set) var distinctCount = 0
    private(set) var singleCount = 0

    mutating func clear(forWordCount count: Int) {
        var capacity = 64
        while capacity < 2 * count { capacity *= 2 }
        if capacity == counts.count {
            for i in counts.indices { counts[i] = 0 }
        } else {
            hashes = [UInt64](repeating: 0, count: capacity)
            counts = [UInt32](repeating: 0, count: capacity)
        }
        (distinctCount, singleCount) = (0, 0)
    }

    mutating func insert(_ hash: UInt64) {
        let mask = counts.count - 1
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
        while counts[slot] > 0, hashes[slot] != hash { slot = (slot + 1) & mask }
        hashes[slot] = hash
        counts[slot] += 1
        if counts[slot] == 1 {
            distinctCount += 1
            singleCount += 1
        } else if counts[slot] == 2 {
            singleCount -= 1
        }
    }
}
