/// Where in a text's bytes its scalars begin, both ways.
struct ScalarPlaces: Sendable {
    /// Of each byte, the scalar it belongs to; empty when all are ASCII and both counts agree.
    private var scalars: [Int32] = []
    /// Of each scalar, its first byte.
    private var starts: [Int32] = []
    private let count: Int

    init(_ text: [UInt8]) {
        count = text.count
        guard text.contains(where: { $0 >= 0x80 }) else { return }
        scalars.reserveCapacity(text.count)
        for (at, byte) in text.enumerated() {
            if byte & 0xC0 != 0x80 { starts.append(Int32(at)) }
            scalars.append(Int32(starts.count - 1))
        }
    }

    private var scalarCount: Int { scalars.isEmpty ? count : starts.count }

    /// The scalars that a range of bytes covers, as the reference counts them: one that begins
    /// outside the text is left as it is.
    func scalarRange(_ start: Int, _ end: Int) -> (Int, Int) {
        guard start < count else { return (start, end) }
        let first = scalars.isEmpty ? start : Int(scalars[start])
        guard end < count else { return (first, scalarCount) }
        return (first, scalars.isEmpty ? end : Int(scalars[end]))
    }

    /// The first byte of a scalar.
    func byte(_ scalar: Int) -> Int {
        guard !scalars.isEmpty else { return min(scalar, count) }
        return scalar < starts.count ? Int(starts[scalar]) : count
    }
}
