import Foundation
import LinearAlgebra
import Statistics
import Subjects

/// A logistic regression for each of many properties on the same rows: how much of them a line can
/// read, the ceiling for a dictionary's single latents.
///
/// Rows are centred and every column divided by its standard deviation; all properties are fitted at
/// once, from 0, by
///
///     V ← W + β (W − W₋),  W ← V − (¼ X'ᵀX' + λ)⁻¹ (X'ᵀ(σ(X'V) − Y) + λV),
///
/// with a fixed upper bound of the Hessian in the place of each step's own, and Nesterov's β, begun anew
/// for a property whose step goes uphill. Weights do not depend on the number of threads.
///
/// - Source: Böhning and Lindsay, "Monotonicity of quadratic-approximation algorithms", 1988;
///   O'Donoghue and Candès, "Adaptive restart for accelerated gradient schemes", 2015.
public struct LinearProbe: Sendable {
    /// How the probes are fitted.
    public struct Settings: Sendable, Hashable {
        /// λ, per property, for columns of variance 1.
        public var penalty = 1.0
        /// At most so many steps.
        public var stepLimit = 200
        /// The greatest change of a weight, relative to the greatest weight, below which it is done.
        public var precision = 1e-3

        public init() {}
    }

    /// A column for each property, [d × properties], for rows as they are.
    let weights: Matrix
    let biases: [Float]

    public init(
        _ rows: Matrix, _ properties: PropertyBits, settings: Settings = Settings(),
        threads: Int = 1
    ) {
        precondition(
            rows.rows == properties.rowCount && rows.rows > 0,
            "LinearProbe: \(rows.rows) rows, \(properties.rowCount) of properties")
        let scaled = ScaledRows(rows)
        let fit = ProbeFit(scaled, properties, settings, threads: threads)
        (weights, biases) = scaled.restored(fit.weights)
    }

    private init(weights: Matrix, biases: [Float]) {
        self.weights = weights
        self.biases = biases
    }

    /// The probes of some properties, in that order.
    func taking(_ properties: [Int]) -> LinearProbe {
        var chosen = Matrix(rows: weights.rows, columns: properties.count)
        for c in 0..<weights.rows {
            for (column, property) in properties.enumerated() {
                chosen[c, column] = weights[c, property]
            }
        }
        return LinearProbe(weights: chosen, biases: properties.map { biases[$0] })
    }

    /// The log odds of each property, [rows × properties].
    public func logOdds(_ rows: Matrix, threads: Int = 1) -> Matrix {
        RowProduct.product(rows, PackedMatrix(weights, bias: biases), threads: threads)
    }

    /// Log odds above 0, counted by group, for chosen properties.
    func predictions(
        _ rows: Matrix, _ truth: PropertyBits, properties: [Int], groups: [Int], groupCount: Int,
        threads: Int
    ) -> GroupedPredictions {
        let odds = logOdds(rows, threads: threads)
        var result = GroupedPredictions(
            predictionCount: properties.count, groupCount: groupCount)
        for (number, property) in properties.enumerated() {
            for row in 0..<odds.rows {
                result.add(
                    number, group: groups[row], predicted: odds[row, property] > 0,
                    holds: truth.bits[property][row])
            }
        }
        return result
    }
}

/// Products of many rows, shared by threads, whose bits do not depend on them.
enum RowProduct {
    static func product(_ rows: Matrix, _ matrix: PackedMatrix, threads: Int) -> Matrix {
        var result = Matrix(rows: rows.rows, columns: matrix.columns)
        let size = 256
        let chunks = (rows.rows + size - 1) / size
        rows.withUnsafeBufferPointer { input in
            result.withUnsafeMutableBufferPointer { output in
                guard let x = input.baseAddress, let y = output.baseAddress else { return }
                // Each worker writes to rows of its own; the others are only read.
                nonisolated(unsafe) let all = RowView(
                    UnsafeMutablePointer(mutating: x), count: rows.rows, width: rows.columns)
                nonisolated(unsafe) let target = RowView(
                    y, count: rows.rows, width: matrix.columns)
                inParallel(chunks, threads: threads) { chunk in
                    let range = chunk * size..<min(rows.rows, (chunk + 1) * size)
                    let scratch = Scratch(rows: range.count, width: matrix.columns)
                    withExtendedLifetime(scratch) {
                        let products = scratch.view(range.count)
                        matrix.multiply(all.rows(range), into: products)
                        for (place, row) in range.enumerated() {
                            target.row(row).update(
                                from: products.row(place), count: matrix.columns)
                        }
                    }
                }
            }
        }
        return result
    }
}

/// Rows centred and scaled, with a last column of ones for the bias.
struct ScaledRows {
    let values: Matrix
    private let mean: [Double]
    private let scale: [Double]

    init(_ rows: Matrix) {
        let mean = ReconstructionQuality.mean(rows)
        let width = rows.columns
        var squares = [Double](repeating: 0, count: width)
        rows.withUnsafeBufferPointer { values in
            for row in 0..<rows.rows {
                for c in 0..<width {
                    let difference = Double(values[row * width + c]) - mean[c]
                    squares[c] += difference * difference
                }
            }
        }
        // A constant column is 0 then, and gets no weight.
        let scale = squares.map { $0 > 0 ? ($0 / Double(rows.rows)).squareRoot() : 1 }
        var values = Matrix(rows: rows.rows, columns: width + 1, repeating: 1)
        values.withUnsafeMutableBufferPointer { output in
            rows.withUnsafeBufferPointer { input in
                for row in 0..<rows.rows {
                    for c in 0..<width {
                        output[row * (width + 1) + c] = Float(
                            (Double(input[row * width + c]) - mean[c]) / scale[c])
                    }
                }
            }
        }
        self.values = values
        self.mean = mean
        self.scale = scale
    }

    /// Weights and biases for rows as they were.
    ///
    /// - Parameter fitted: [d + 1][properties].
    func restored(_ fitted: [[Double]]) -> (Matrix, [Float]) {
        let width = mean.count
        let weights = (0..<width).flatMap { c in fitted[c].map { Float($0 / scale[c]) } }
        let count = fitted[0].count
        let biases = (0..<count).map { property in
            (0..<width).reduce(fitted[width][property]) {
                $0 - fitted[$1][property] * mean[$1] / scale[$1]
            }
        }
        return (Matrix(rows: width, columns: count, storage: weights), biases.map { Float($0) })
    }
}
