import LinearAlgebra
import Subjects

/// Rows of parameters with their gradient and Adam's two moments.
///
/// - Source: Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1.
final class ParameterBlock: @unchecked Sendable {
    // Sendable by these rules of TopKTrainer: the memory stays for the block's life; in a part that
    // workers share, each writes to rows that are its own, and rows of others are read only in parts in which
    // none are written. Parts end before the next begins.
    let values: RowView
    let gradient: RowView
    private let mean: RowView
    private let variance: RowView
    private let memory: [Scratch]

    /// Zeros.
    init(rows: Int, width: Int) {
        memory = (0..<4).map { _ in Scratch(rows: rows, width: width) }
        values = memory[0].view(rows)
        gradient = memory[1].view(rows)
        mean = memory[2].view(rows)
        variance = memory[3].view(rows)
    }

    /// Takes from the gradient of some rows what only stretches them.
    func projectGradient(_ rows: Range<Int>) {
        for row in rows {
            let (value, slope) = (values.row(row), gradient.row(row))
            RowKernels.addScaled(
                -RowKernels.dot(slope, value, count: values.width), value, to: slope,
                count: values.width)
        }
    }

    /// Gives some rows the length 1; zeros stay.
    func normalise(_ rows: Range<Int>) {
        for row in rows {
            let value = values.row(row)
            let square = RowKernels.dot(value, value, count: values.width)
            guard square > 0 else { continue }
            RowKernels.scale(value, by: 1 / square.squareRoot(), count: values.width)
        }
    }

    /// Takes one step of Adam in some rows.
    func step(_ rows: Range<Int>, _ adam: AdamStep) {
        for row in rows {
            adam.apply(
                to: values.row(row), gradient.row(row), mean.row(row), variance.row(row),
                count: values.stride)
        }
    }

    /// Begins a row's moments anew.
    func forget(row: Int) {
        for moments in [mean, variance] {
            moments.row(row).update(repeating: 0, count: moments.width)
        }
    }

    /// Begins a column's moments anew.
    func forget(column: Int) {
        for moments in [mean, variance] {
            for row in 0..<moments.count { moments.row(row)[column] = 0 }
        }
    }

    /// A copy of the values, [rows × width].
    var matrix: Matrix { Self.copy(values) }

    /// Puts copies of the values and the moments into a state.
    func save(as name: String, in state: inout TrainerState) {
        state.tables[name] = matrix
        state.tables[name + ".mean"] = Self.copy(mean)
        state.tables[name + ".variance"] = Self.copy(variance)
    }

    /// Takes values and moments from a state.
    ///
    /// - Throws: ``DictionaryError/foreignState(reason:)`` if it has none of this name and shape.
    func restore(_ name: String, from state: TrainerState) throws(DictionaryError) {
        for (key, rows) in [(name, values), (name + ".mean", mean), (name + ".variance", variance)]
        {
            guard let table = state.tables[key] else {
                throw .foreignState(reason: "it has no table \(key)")
            }
            guard table.rows == rows.count, table.columns == rows.width else {
                throw .foreignState(
                    reason:
                        "its table \(key) is \(table.rows) × \(table.columns), and \(rows.count) "
                        + "× \(rows.width) is needed")
            }
            for r in 0..<rows.count {
                for c in 0..<rows.width { rows.row(r)[c] = table[r, c] }
            }
        }
    }

    private static func copy(_ rows: RowView) -> Matrix {
        Matrix(
            rows: rows.count, columns: rows.width,
            storage: (0..<rows.count).flatMap {
                UnsafeBufferPointer(start: rows.row($0), count: rows.width)
            })
    }
}

/// What is the same for all parameters in one step of Adam.
struct AdamStep: Sendable {
    /// How fast the moments forget, and what keeps the division from 0.
    struct Setting: Hashable, Sendable {
        var meanDecay: Float = 0.9
        var varianceDecay: Float = 0.999
        /// Small, as gradients of a loss that is averaged over a batch are: the value of Gao et al. 2024.
        var epsilon: Float = 6.25e-10
    }

    private let setting: Setting
    private let size: Float
    private let rest: Float
    private let gradientScale: Float

    /// - Parameters:
    ///   - number: of the step, from 1.
    ///   - gradientScale: is multiplied with every gradient first (``GradientClipping``).
    init(number: Int, rate: Float, gradientScale: Float = 1, setting: Setting = Setting()) {
        self.setting = setting
        self.gradientScale = gradientScale
        size = rate / (1 - Self.power(setting.meanDecay, number))
        rest = 1 / (1 - Self.power(setting.varianceDecay, number))
    }

    /// By squaring, so that no library decides the last bit.
    private static func power(_ base: Float, _ exponent: Int) -> Float {
        var (result, factor, rest) = (1.0, Double(base), exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= factor }
            factor *= factor
            rest >>= 1
        }
        return Float(result)
    }

    func apply(
        to values: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
        _ mean: UnsafeMutablePointer<Float>, _ variance: UnsafeMutablePointer<Float>, count: Int
    ) {
        let (keepMean, keepVariance) = (setting.meanDecay, setting.varianceDecay)
        for i in 0..<count {
            let g = gradientScale * gradient[i]
            let m = keepMean * mean[i] + (1 - keepMean) * g
            let v = keepVariance * variance[i] + (1 - keepVariance) * (g * g)
            mean[i] = m
            variance[i] = v
            values[i] -= size * m / ((v * rest).squareRoot() + setting.epsilon)
        }
    }
}
