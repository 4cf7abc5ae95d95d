import LinearAlgebra
import Subjects

/// Shortens gradients so that those of all parameters together, as one vector, have a limited norm.
///
/// - Source: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training Recurrent Neural Networks",
///   algorithm 1; with the 1e-6 that PyTorch's `clip_grad_norm_` adds to the norm.
enum GradientClipping {
    /// Rows that are summed together; the sum's bits depend on it, and not on threads.
    private static let chunk = 64

    /// What gradients must be multiplied with, for ``AdamStep``: at most 1.
    ///
    /// - Parameter limit: of the norm, or nil for none, which gives 1 and looks at nothing.
    static func scale(of blocks: [ParameterBlock], limit: Double?, threads: Int) -> Float {
        guard let limit else { return 1 }
        return Float(min(1, limit / (norm(of: blocks, threads: threads) + 1e-6)))
    }

    /// The norm of all gradients.
    static func norm(of blocks: [ParameterBlock], threads: Int) -> Double {
        blocks.reduce(0) { $0 + square(of: $1, threads: threads) }.squareRoot()
    }

    private static func square(of block: ParameterBlock, threads: Int) -> Double {
        let rowCount = block.gradient.count
        let count = (rowCount + chunk - 1) / chunk
        let sums = Scratch(rows: 1, width: count)
        inParallel(count, threads: threads) { part in
            let rows = part * chunk..<min(rowCount, (part + 1) * chunk)
            sums.view(1).base[part] = rows.reduce(0) {
                let row = block.gradient.row($1)
                return $0 + RowKernels.dot(row, row, count: block.gradient.width)
            }
        }
        return (0..<count).reduce(0) { $0 + Double(sums.view(1).base[$1]) }
    }
}
