import LinearAlgebra
import Subjects

/// Activations in memory, given out in random order; when they are spent, the corpus's next ones follow.
///
/// A corpus whose activations fit is measured once, and only shuffled again.
final class ActivationPool {
    /// What the first activations are like.
    struct Statistics: Hashable, Sendable {
        /// √d / mean ‖x‖: what brings rows to the length that a step of Adam is made for.
        let scale: Float
        /// The mean of x · scale.
        let mean: [Float]
        /// The mean of ‖x · scale − mean‖².
        let variance: Float
    }

    /// How much memory activations may take, in bytes.
    static let byteLimit = 256 << 20

    private let source: ActivationSource
    private let rows: Scratch
    private var generator: SeededGenerator
    private var count = 0
    private var order: [Int] = []
    private var next = 0
    private var contexts: [Int]
    private var nextContext: Int

    /// - Parameter width: of a row.
    init(
        _ source: ActivationSource, width: Int, byteLimit: Int = byteLimit, seed: UInt64
    ) throws(DictionaryError) {
        self.source = source
        let longest = (0..<source.training.count).reduce(0) { max($0, source.training[$1].count) }
        let most = max(longest, byteLimit / (4 * PackedMatrix.padded(width)))
        rows = Scratch(rows: min(source.training.tokenCount, most), width: width)
        generator = SeededGenerator(seed: seed, stream: 1)
        contexts = Array(0..<source.training.count)
        nextContext = contexts.count
        try fill()
    }

    private var holdsAll: Bool { rows.capacity == source.training.tokenCount }

    /// Puts the next rows, times a factor, into a batch.
    func take(_ target: RowView, scale: Float) throws(DictionaryError) {
        for row in 0..<target.count {
            if next == count { try fill() }
            let from = rows.view(count).row(order[next])
            let to = target.row(row)
            for c in 0..<target.width { to[c] = scale * from[c] }
            next += 1
        }
    }

    private func fill() throws(DictionaryError) {
        if count == 0 || !holdsAll { try measure() }
        order = generator.sample(count, of: count)
        next = 0
    }

    /// Takes as many contexts as fit; at the end of the corpus they are shuffled and begin again.
    private func measure() throws(DictionaryError) {
        if nextContext == contexts.count {
            contexts.shuffle(using: &generator)
            nextContext = 0
        }
        let first = nextContext
        var size = 0
        while nextContext < contexts.count,
            size + source.training[contexts[nextContext]].count <= rows.capacity
        {
            size += source.training[contexts[nextContext]].count
            nextContext += 1
        }
        let (view, width) = (rows.view(size), rows.width)
        var row = 0
        var isFinite = true
        try source.forEachRow(of: source.training, contexts[first..<nextContext]) { values in
            guard let base = values.baseAddress else { return }
            isFinite = isFinite && RowKernels.dot(base, base, count: width).isFinite
            view.row(row).update(from: base, count: width)
            row += 1
        }
        guard isFinite else {
            throw .uselessActivations(hook: "\(source.hook)", reason: "some are no finite numbers")
        }
        count = size
    }

    /// Of the rows that are held now.
    func statistics() throws(DictionaryError) -> Statistics {
        let (view, width) = (rows.view(count), rows.width)
        var sums = [Double](repeating: 0, count: width)
        var (norms, squares) = (0.0, 0.0)
        for r in 0..<count {
            let row = view.row(r)
            var square = 0.0
            for c in 0..<width {
                sums[c] += Double(row[c])
                square += Double(row[c]) * Double(row[c])
            }
            norms += square.squareRoot()
            squares += square
        }
        let rowCount = Double(count)
        let scale = Double(width).squareRoot() * rowCount / norms
        let mean = sums.map { $0 / rowCount }
        let variance = squares / rowCount - mean.reduce(0) { $0 + $1 * $1 }
        guard norms > 0, variance > 1e-9 * squares / rowCount else {
            throw .uselessActivations(hook: "\(source.hook)", reason: "they are all the same")
        }
        return Statistics(
            scale: Float(scale), mean: mean.map { Float($0 * scale) },
            variance: Float(variance * scale * scale))
    }
}
