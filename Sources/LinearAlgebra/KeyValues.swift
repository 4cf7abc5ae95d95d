/// Keys and values of one head, packed for attention and growing at the end.
///
/// Kept for one sequence after another by a forward pass, or for as long as a text grows by a
/// generator. Not safe for two threads at once.
public final class KeyValues {
    /// The dimensions of a head.
    public let headWidth: Int
    /// How many positions there is space for.
    public let capacity: Int
    /// How many positions are held.
    public private(set) var count = 0
    let paddedWidth: Int
    /// Keys in panels of 16: [panel][dimension][key].
    let keys: UnsafeMutablePointer<Float>
    /// Values in panels of 16 dimensions: [panel][position < capacity][dimension].
    let values: UnsafeMutablePointer<Float>

    /// Reserves about `2 · capacity · headWidth` floats.
    ///
    /// - Precondition: both are above 0.
    public init(headWidth: Int, capacity: Int) {
        precondition(headWidth > 0 && capacity > 0, "KeyValues \(headWidth) × \(capacity)")
        self.headWidth = headWidth
        self.capacity = capacity
        paddedWidth = PackedMatrix.padded(headWidth)
        keys = Self.zeros(headWidth * PackedMatrix.padded(capacity))
        values = Self.zeros(capacity * paddedWidth)
    }

    deinit {
        keys.deallocate()
        values.deallocate()
    }

    static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
        let pointer = UnsafeMutablePointer<Float>.allocate(capacity: count)
        pointer.initialize(repeating: 0, count: count)
        return pointer
    }

    /// Forgets the positions from `length` on.
    ///
    /// - Precondition: `length` is at most ``count``.
    public func truncate(to length: Int) {
        precondition(length >= 0 && length <= count, "truncate \(count) to \(length)")
        count = length
        guard length & 15 != 0 else { return }
        let panel = keys + (length >> 4) * headWidth * 16
        for c in 0..<headWidth {
            for lane in length & 15..<16 { panel[c * 16 + lane] = 0 }
        }
    }

    /// Adds positions at the end.
    ///
    /// - Parameter scale: what keys are multiplied by, for instance 1/√headWidth.
    /// - Precondition: as many keys as values, each `headWidth` wide, and space for them.
    public func append(key: RowView, value: RowView, scale: Float) {
        precondition(
            key.count == value.count && key.width == headWidth && value.width == headWidth
                && count + key.count <= capacity,
            "append \(key.count) × \(key.width) to \(count) of \(capacity) × \(headWidth)")
        for r in 0..<key.count {
            let (j, k, v) = (count + r, key.row(r), value.row(r))
            let panel = keys + (j >> 4) * headWidth * 16 + (j & 15)
            // What an earlier sequence left in a fresh panel might not be finite.
            if j & 15 == 0 { panel.update(repeating: 0, count: headWidth * 16) }
            for c in 0..<headWidth { panel[c * 16] = k[c] * scale }
            var c = 0
            while c + 16 <= headWidth {
                store(load(v + c), values + (c * capacity + j * 16))
                c += 16
            }
            let last = values + (c * capacity + j * 16)
            for rest in 0..<headWidth - c { last[rest] = v[c + rest] }
        }
        count += key.count
    }
}
