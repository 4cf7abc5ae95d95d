/// Causal attention of one head over one sequence, with its scratch space.
///
/// Lanes run over the keys for the scores and over the head's dimensions for the mixture, so no
/// sum goes across lanes but the softmax's. The result of a position depends on the positions up to
/// it and on nothing else.
public struct CausalAttention: ~Copyable {
    /// The dimensions of a head.
    public let headWidth: Int
    /// The longest sequence it can take.
    public let capacity: Int
    private let paddedWidth: Int
    private let paddedLength: Int
    private let keys: UnsafeMutablePointer<Float>
    private let values: UnsafeMutablePointer<Float>
    private let scores: UnsafeMutablePointer<Float>

    /// Reserves scratch space, about `2 · capacity · headWidth` floats.
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
        scores = Self.zeros(2 * paddedLength)
    }

    deinit {
        keys.deallocate()
        values.deallocate()
        scores.deallocate()
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
    public mutating func run(query: RowView, key: RowView, value: RowView, into output: RowView) {
        let length = query.count
        precondition(
            length <= capacity && query.width == headWidth && key.width == headWidth
                && value.width == headWidth && output.width == headWidth
                && key.count == length && value.count == length && output.count == length,
            "attention: \(length) rows of \(query.width), space for \(capacity) of \(headWidth)")
        for j in 0..<length {
            let k = key.row(j)
            let v = value.row(j)
            for c in 0..<headWidth {
                keys[c * paddedLength + j] = k[c]
                values[j * paddedWidth + c] = v[c]
            }
        }
        var i = 0
        while i < length {
            let second = min(i + 1, length - 1)
            score(query.row(i), query.row(second), upTo: second)
            let sums = (
                RowKernels.exponentials(scores, count: i + 1),
                RowKernels.exponentials(scores + paddedLength, count: second + 1)
            )
            if second > i { scores[second] = 0 }
            mix(upTo: second, 1 / sums.0, 1 / sums.1, output.row(i), output.row(second))
            i += 2
        }
    }

    /// Scores of two queries against the keys 0...last.
    @inline(__always)
    private func score(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, upTo last: Int
    ) {
        let scale = 1 / Float(headWidth).squareRoot()
        var j = 0
        while j <= last {
            var first = SIMD16<Float>.zero
            var second = SIMD16<Float>.zero
            for c in 0..<headWidth {
                let k = load(keys + c * paddedLength + j)
                first += k * a[c]
                second += k * b[c]
            }
            store(first * scale, scores + j)
            store(second * scale, scores + paddedLength + j)
            j += 16
        }
    }

    /// The mixtures of the values 0...last, by the weights in `scores`.
    @inline(__always)
    private func mix(
        upTo last: Int, _ firstScale: Float, _ secondScale: Float,
        _ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>
    ) {
        var c = 0
        while c < headWidth {
            var first = SIMD16<Float>.zero
            var second = SIMD16<Float>.zero
            for j in 0...last {
                let v = load(values + j * paddedWidth + c)
                first += v * scores[j]
                second += v * scores[paddedLength + j]
            }
            let count = min(16, headWidth - c)
            if count == 16 {
                store(first * firstScale, a + c)
                store(second * secondScale, b + c)
            } else {
                store(first * firstScale, a + c, count: count)
                store(second * secondScale, b + c, count: count)
            }
            c += 16
        }
    }
}
