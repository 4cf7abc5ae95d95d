import LinearAlgebra
import Subjects

/// The sums that a covariance is made of, row after row.
struct WhiteningFit {
    /// So many rows for each dimension make a covariance that can be relied on.
    static let rowsPerDimension = 50
    /// ε as a share of the mean variance.
    static let share = 1e-3

    private let width: Int
    /// What is taken from every row first, near enough to the mean that sums of squares lose nothing.
    private var origin: [Double] = []
    private var sums: [Double]
    /// Σ (x − origin)ᵀ(x − origin), its lower half.
    private var products: [Double]
    private(set) var count = 0

    init(width: Int) {
        self.width = width
        sums = [Double](repeating: 0, count: width)
        products = [Double](repeating: 0, count: width * width)
    }

    /// Adds rows in their order.
    mutating func add(_ rows: RowView, threads: Int) {
        guard rows.count > 0 else { return }
        if origin.isEmpty { origin = Self.mean(rows) }
        for first in stride(from: 0, to: rows.count, by: 256) {
            addChunk(rows.rows(first..<min(first + 256, rows.count)), threads: threads)
        }
        count += rows.count
    }

    private static func mean(_ rows: RowView) -> [Double] {
        var sums = [Double](repeating: 0, count: rows.width)
        for r in 0..<rows.count { for c in 0..<rows.width { sums[c] += Double(rows.row(r)[c]) } }
        return sums.map { $0 / Double(rows.count) }
    }

    private mutating func addChunk(_ rows: RowView, threads: Int) {
        let (d, n) = (width, rows.count)
        var centred = [Double](repeating: 0, count: n * d)
        for r in 0..<n {
            for c in 0..<d {
                let value = Double(rows.row(r)[c]) - origin[c]
                centred[r * d + c] = value
                sums[c] += value
            }
        }
        products.withUnsafeMutableBufferPointer { products in
            centred.withUnsafeBufferPointer { centred in
                // Each worker writes to rows of its own, and adds samples in their order.
                nonisolated(unsafe) let products = products
                nonisolated(unsafe) let centred = centred
                let size = 16
                inParallel((d + size - 1) / size, threads: threads) { block in
                    for r in 0..<n {
                        for i in block * size..<min(d, (block + 1) * size) {
                            let factor = centred[r * d + i]
                            for j in 0...i {
                                products[i * d + j] += factor * centred[r * d + j]
                            }
                        }
                    }
                }
            }
        }
    }

    /// - Throws: ``DictionaryError/uselessActivations(hook:reason:)`` if the rows do not vary.
    func whitening(hook: String) throws(DictionaryError) -> Whitening {
        let (d, n) = (width, Double(count))
        guard count > 1 else {
            throw .uselessActivations(hook: hook, reason: "there are too few to whiten them")
        }
        var covariance = products
        for i in 0..<d {
            for j in 0...i {
                covariance[i * d + j] = (products[i * d + j] - sums[i] * sums[j] / n) / (n - 1)
            }
        }
        let eigen = SymmetricEigen(covariance, size: d)
        let mean = eigen.values.reduce(0) { $0 + max(0, $1) } / Double(d)
        guard mean > 0, mean.isFinite else {
            throw .uselessActivations(hook: hook, reason: "they are all the same")
        }
        return Whitening(
            mean: (0..<d).map { origin[$0] + sums[$0] / n },
            variances: eigen.values.reversed().map { max(0, $0) + Self.share * mean },
            directions: (0..<d).reversed().flatMap { eigen.vectors[$0 * d..<($0 + 1) * d] })
    }
}
