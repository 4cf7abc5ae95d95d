/// Picks the greatest elements of rows; keeps its heap between rows.
///
/// Of equal elements the one with the lower index is greater, so the choice is unique. −0 equals
/// +0, and NaN counts by its bits (a positive NaN above +∞).
public struct TopSelection {
    private var heap: [UInt64] = []

    public init() {}

    /// The indices of the `count` greatest elements, ascending by index.
    ///
    /// - Parameters:
    ///   - row: the elements, fewer than 2³².
    ///   - count: how many to pick; if the row has fewer, all are.
    ///   - indices: replaced by the result, so that its memory can be used again.
    /// - Complexity: O(n + r log count), where r counts the elements that enter the selection;
    ///   about count · log(n / count) of them if the order is random.
    public mutating func select(
        _ count: Int, of row: UnsafeBufferPointer<Float>, into indices: inout [UInt32]
    ) {
        indices.removeAll(keepingCapacity: true)
        let count = min(count, row.count)
        guard count > 0, let base = row.baseAddress else { return }
        heap.removeAll(keepingCapacity: true)
        for i in 0..<count { heap.append(Self.key(base[i], i)) }
        for i in stride(from: count / 2 - 1, through: 0, by: -1) { sink(i) }
        var i = count
        while i < row.count {
            if i + 16 <= row.count {
                let floor = SIMD16<Float>(repeating: Self.value(heap[0]).nextUp)
                // "Not below" lets a NaN through, to be judged by its key.
                if any(.!(load(base + i) .< floor)) == false {
                    i += 16
                    continue
                }
            }
            let stop = min(i + 16, row.count)
            while i < stop {
                let key = Self.key(base[i], i)
                if key > heap[0] {
                    heap[0] = key
                    sink(0)
                }
                i += 1
            }
        }
        for key in heap { indices.append(~UInt32(truncatingIfNeeded: key)) }
        indices.sort()
    }

    /// The order of floats as an order of integers, then the lower index first.
    @inline(__always)
    private static func key(_ value: Float, _ index: Int) -> UInt64 {
        let bits = (value + 0).bitPattern  // −0 counts as +0
        let ordered = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
        return UInt64(ordered) << 32 | UInt64(~UInt32(truncatingIfNeeded: index))
    }

    @inline(__always)
    private static func value(_ key: UInt64) -> Float {
        let ordered = UInt32(truncatingIfNeeded: key >> 32)
        return Float(bitPattern: ordered & 0x8000_0000 != 0 ? ordered & 0x7FFF_FFFF : ~ordered)
    }

    /// Moves the key at `start` down until no child is smaller.
    @inline(__always)
    private mutating func sink(_ start: Int) {
        var i = start
        let key = heap[i]
        while true {
            var child = 2 * i + 1
            if child >= heap.count { break }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            if heap[child] >= key { break }
            heap[i] = heap[child]
            i = child
        }
        heap[i] = key
    }
}
