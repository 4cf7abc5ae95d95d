import Foundation
import LinearAlgebra
import Statistics
import Subjects

/// The steps of ``LinearProbe``.
struct ProbeFit {
    /// [d + 1][properties], the last row the biases.
    private(set) var weights: [[Double]]

    private let rows: Matrix
    private let labels: Matrix
    private let blocks: [Range<Int>]
    private let transposed: [Matrix]
    private let threads: Int

    init(
        _ scaled: ScaledRows, _ properties: PropertyBits, _ settings: LinearProbe.Settings,
        threads: Int
    ) {
        rows = scaled.values
        self.threads = threads
        let size = 2048
        let count = scaled.values.rows
        blocks = stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
        let rows = scaled.values
        transposed = blocks.map { block in
            let part = rows.storage[
                block.lowerBound * rows.columns..<block.upperBound * rows.columns]
            return Matrix(rows: block.count, columns: rows.columns, storage: Array(part))
                .transposed()
        }
        var labels = Matrix(rows: count, columns: properties.count)
        for (property, set) in properties.bits.enumerated() {
            set.forEach { labels[$0, property] = 1 }
        }
        self.labels = labels
        weights = Array(
            repeating: Array(repeating: 0, count: properties.count), count: rows.columns)
        descend(settings)
    }

    private mutating func descend(_ settings: LinearProbe.Settings) {
        let inverse = inverseBound(penalty: settings.penalty)
        let (d, count) = (rows.columns, labels.columns)
        var place = weights
        var momentum = [Double](repeating: 1, count: count)
        for _ in 0..<settings.stepLimit {
            let gradient = gradient(at: place, penalty: settings.penalty)
            let step = multiply(inverse, gradient)
            var (change, greatest) = (0.0, 0.0)
            // Where the step goes uphill along the last move, the momentum begins anew.
            var uphill = [Double](repeating: 0, count: count)
            for c in 0..<d {
                for p in 0..<count {
                    let next = place[c][p] - step[c][p]
                    uphill[p] += gradient[c][p] * (next - weights[c][p])
                }
            }
            let next = momentum.map { (1 + (1 + 4 * $0 * $0).squareRoot()) / 2 }
            for p in 0..<count {
                let share = uphill[p] > 0 ? 0 : (momentum[p] - 1) / next[p]
                momentum[p] = uphill[p] > 0 ? 1 : next[p]
                for c in 0..<d {
                    let reached = place[c][p] - step[c][p]
                    let move = reached - weights[c][p]
                    change = max(change, abs(move))
                    greatest = max(greatest, abs(reached))
                    weights[c][p] = reached
                    place[c][p] = reached + share * move
                }
            }
            if change <= settings.precision * greatest { return }
        }
    }

    /// X'ᵀ(σ(X'V) − Y) + λV, the bias without λ, summed over blocks in their order.
    private func gradient(at place: [[Double]], penalty: Double) -> [[Double]] {
        let (d, count) = (rows.columns, labels.columns)
        let packed = PackedMatrix(
            Matrix(rows: d, columns: count, storage: place.flatMap { $0.map { Float($0) } }))
        var parts = [Matrix](repeating: Matrix(rows: 0, columns: 0), count: blocks.count)
        parts.withUnsafeMutableBufferPointer { buffer in
            // Each worker writes to parts of its own.
            nonisolated(unsafe) let parts = buffer
            inParallel(blocks.count, threads: threads) { block in
                let range = blocks[block]
                let part = Matrix(
                    rows: range.count, columns: d,
                    storage: Array(rows.storage[range.lowerBound * d..<range.upperBound * d]))
                var errors = RowProduct.product(part, packed, threads: 1)
                errors.withUnsafeMutableBufferPointer { errors in
                    labels.withUnsafeBufferPointer { labels in
                        for place in errors.indices {
                            errors[place] =
                                1 / (1 + exp(-errors[place]))
                                - labels[range.lowerBound * count + place]
                        }
                    }
                }
                parts[block] = RowProduct.product(
                    transposed[block], PackedMatrix(errors), threads: 1)
            }
        }
        var result = (0..<d).map { c in
            place[c].map { c == d - 1 ? 0 : penalty * $0 }
        }
        for part in parts {
            for c in 0..<d {
                for p in 0..<count { result[c][p] += Double(part.storage[c * count + p]) }
            }
        }
        return result
    }

    /// (¼ X'ᵀX' + λ)⁻¹, [d + 1][d + 1].
    private func inverseBound(penalty: Double) -> [[Double]] {
        let d = rows.columns
        var bound = [Double](repeating: 0, count: d * d)
        for part in transposed {
            let product = RowProduct.product(
                part, PackedMatrix(part.transposed()), threads: threads)
            for place in bound.indices { bound[place] += Double(product.storage[place]) / 4 }
        }
        // Products in 32 bits are not quite symmetric, and may miss being positive by their error.
        let greatest = (0..<d).reduce(0.0) { max($0, bound[$1 * d + $1]) }
        for c in 0..<d {
            bound[c * d + c] += penalty + 1e-6 * greatest
            for other in 0..<c { bound[c * d + other] = bound[other * d + c] }
        }
        guard let factor = CholeskyFactor(bound, order: d) else {
            preconditionFailure("LinearProbe: a bound that is not positive")
        }
        return (0..<d).map { c in
            var unit = [Double](repeating: 0, count: d)
            unit[c] = 1
            return factor.solve(unit)
        }
    }

    private func multiply(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
        let count = labels.columns
        var result = a.map { _ in [Double](repeating: 0, count: count) }
        for (r, row) in a.enumerated() {
            for (c, factor) in row.enumerated() {
                for p in 0..<count { result[r][p] += factor * b[c][p] }
            }
        }
        return result
    }
}
