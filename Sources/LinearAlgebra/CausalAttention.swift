import COpenBLAS

/// Causal attention of one head over one sequence, with its scratch space.
///
/// Scores and mixtures are products like ``PackedMatrix``'s, over blocks of queries. The result of
/// a position depends on the positions up to it and on nothing else.
public struct CausalAttention: ~Copyable {
    /// The dimensions of a head.
    public let headWidth: Int
    /// The longest sequence it can take.
    public let capacity: Int
    private let paddedWidth: Int
    private let paddedLength: Int
    /// Keys in panels of 16: [panel][dimension][key].
    private let keys: UnsafeMutablePointer<Float>
    /// Values in panels of 16 dimensions: [panel][position][dimension].
    private let values: UnsafeMutablePointer<Float>
    /// Of one block of queries, [query][key].
    private let scores: UnsafeMutablePointer<Float>
    /// Of one block of queries, [query][dimension].
    private let mixtures: UnsafeMutablePointer<Float>
    private let zeros: UnsafeMutablePointer<Float>

    /// How many queries are scored together: whole tiles of 6 and whole panels of 16.
    private static let block = 48

    /// Reserves scratch space, about `capacity · (2 · headWidth + 48)` floats.
    ///
    /// - Precondition: both are above 0.
    public init(headWidth: Int, capacity: Int) {
        precondition(headWidth > 0 && capacity > 0, "attention \(headWidth) × \(capacity)")
        self.headWidth = headWidth
        self.capacity = capacity
        paddedWidth = PackedMatrix.padded(headWidth)
        paddedLength = PackedMatrix.padded(capacity)
        keys = Self.zeros(headWidth * paddedLength)
        values = Self.zeros(capacity * paddedWidth)
        scores = Self.zeros(Self.block * paddedLength)
        mixtures = Self.zeros(Self.block * paddedWidth)
        zeros = Self.zeros(max(paddedLength, paddedWidth))
    }

    deinit {
        for pointer in [keys, values, scores, mixtures, zeros] { pointer.deallocate() }
    }

    private static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
        let pointer = UnsafeMutablePointer<Float>.allocate(capacity: count)
        pointer.initialize(repeating: 0, count: count)
        return pointer
    }

    /// output[i] = Σ over j ≤ i of softmax(query[i] · key[j] / √headWidth) · value[j].
    ///
    /// - Parameters: query, key, value and output have the same number of rows, at most
    ///   `capacity`, each `headWidth` wide.
    /// - Complexity: about 2 · length² · headWidth flop.
    public mutating func run(query: RowView, key: RowView, value: RowView, into output: RowView) {
        let length = query.count
        precondition(
            length <= capacity && query.width == headWidth && key.width == headWidth
                && value.width == headWidth && output.width == headWidth
                && key.count == length && value.count == length && output.count == length,
            "attention: \(length) rows of \(query.width), space for \(capacity) of \(headWidth)")
        pack(key, value)
        var first = 0
        while first < length {
            let reach = min(first + Self.block, length)
            attend(query.rows(first..<reach), from: first, length, output.rows(first..<reach))
            first = reach
        }
    }

    private func pack(_ key: RowView, _ value: RowView) {
        let scale = 1 / Float(headWidth).squareRoot()
        for j in 0..<key.count {
            let k = key.row(j)
            let panel = keys + (j >> 4) * headWidth * 16 + (j & 15)
            for c in 0..<headWidth { panel[c * 16] = k[c] * scale }
        }
        for j in 0..<value.count {
            let v = value.row(j)
            var c = 0
            while c + 16 <= headWidth {
                store(load(v + c), values + (c * value.count + j * 16))
                c += 16
            }
            let panel = values + (c * value.count + j * 16)
            for rest in 0..<headWidth - c { panel[rest] = v[c + rest] }
        }
    }

    /// The queries at the places `first...` against the keys up to the last of them.
    private func attend(_ query: RowView, from first: Int, _ length: Int, _ output: RowView) {
        let reach = first + query.count
        let panels = (reach + 15) / 16
        cj_row_product(
            query.count, headWidth, panels, query.base, query.stride, keys, 0, zeros, scores,
            paddedLength, 0)
        for r in 0..<query.count {
            let row = scores + r * paddedLength
            let scale = 1 / RowKernels.paddedExponentials(row, count: first + r + 1, panels)
            for panel in 0..<panels { store(load(row + panel * 16) * scale, row + panel * 16) }
        }
        for c in stride(from: 0, to: paddedWidth, by: 16) {
            cj_row_product(
                query.count, reach, 1, scores, paddedLength, values + c * length, 0, zeros,
                mixtures + c, paddedWidth, 0)
        }
        for r in 0..<query.count {
            output.row(r).update(from: mixtures + r * paddedWidth, count: headWidth)
        }
    }
}
