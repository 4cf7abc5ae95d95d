import LinearAlgebra

extension SparseAutoencoder {
    /// How the length of x is brought to what the weights expect.
    ///
    /// The names in parentheses are those of SAELens, whose arithmetic this is.
    public enum Normalisation: Hashable, Sendable, CustomStringConvertible {
        /// x̃ = x ("none").
        case none
        /// x̃ = x √d / ‖x‖, undone by ‖x‖ / √d ("constant_norm_rescale"). A row of zeros stays.
        case constantNorm
        /// x̃ = (x − μ) / (s + 1e-5) with the row's mean μ and deviation s (divisor d − 1), undone
        /// by s and μ ("layer_norm", and OpenAI's). A row of width 1 has no deviation and becomes 0.
        case layerNorm
        /// x̃ = x · input, undone by 1 / output: factors measured over a data set, √d / mean ‖x‖
        /// ("expected_average_only_in" and Llama Scope's).
        case scaled(input: Float, output: Float)

        public var description: String {
            switch self {
            case .none: "none"
            case .constantNorm: "each row scaled to length √d"
            case .layerNorm: "each row centred and divided by its deviation"
            case .scaled(let input, let output):
                "rows multiplied by \(input), reconstructions divided by \(output)"
            }
        }
    }

    /// normIn and normOut.
    public struct Preparation: Hashable, Sendable {
        /// How lengths are brought to what the weights expect.
        public var normalisation: Normalisation
        /// Whether each row's mean over d is taken from it first. The dictionary was trained on a
        /// model whose writing weights were centred ("center_writing_weights"), and this is the
        /// same. It is not undone: the reconstruction is that of the centred row.
        public var centresRows: Bool

        public init(normalisation: Normalisation = .none, centresRows: Bool = false) {
            self.normalisation = normalisation
            self.centresRows = centresRows
        }

        /// Replaces x by x̃, and says how to go back: x ≈ x̃ · scale + shift.
        func apply(to row: UnsafeMutableBufferPointer<Float>) -> (scale: Float, shift: Float) {
            let width = Double(row.count)
            if centresRows {
                let mean = Float(row.reduce(0.0) { $0 + Double($1) } / width)
                for c in row.indices { row[c] -= mean }
            }
            switch normalisation {
            case .none: return (1, 0)
            case .constantNorm:
                let norm = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                guard norm > 0 else { return (1, 0) }
                let factor = Float(width.squareRoot() / norm)
                for c in row.indices { row[c] *= factor }
                return (Float(norm / width.squareRoot()), 0)
            case .layerNorm:
                let mean = row.reduce(0.0) { $0 + Double($1) } / width
                let squares = row.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
                let deviation = (squares / max(1, width - 1)).squareRoot()
                for c in row.indices {
                    row[c] = Float((Double(row[c]) - mean) / (deviation + 1e-5))
                }
                return (Float(deviation), Float(mean))
            case .scaled(let input, let output):
                for c in row.indices { row[c] *= input }
                return (1 / output, 0)
            }
        }
    }

    /// x̂ = normOut(f W_dec + b_dec) [+ x W_skip] of each row.
    ///
    /// - Parameter rows: what the dictionary reads, [n × d], unscaled.
    /// - Returns: [n × e], in the units of what the dictionary was trained to write.
    /// - Throws: ``SubjectError/widthMismatch(of:width:model:modelWidth:)``.
    public func reconstruct(_ rows: Matrix) throws(SubjectError) -> Matrix {
        var result = decode(try encode(rows))
        let width = outputWidth
        if preparation.normalisation != .none {
            var x = rows
            result.withUnsafeMutableBufferPointer { output in
                x.withUnsafeMutableBufferPointer { x in
                    for r in 0..<rows.rows {
                        let row = x[r * inputWidth..<(r + 1) * inputWidth]
                        let back = preparation.apply(
                            to: UnsafeMutableBufferPointer(rebasing: row))
                        for c in r * width..<(r + 1) * width {
                            output[c] = output[c] * back.scale + back.shift
                        }
                    }
                }
            }
        }
        if let skip { addSkip(skip, of: rows, to: &result) }
        return result
    }

    private func addSkip(_ skip: PackedMatrix, of rows: Matrix, to result: inout Matrix) {
        let products = Scratch(rows: rows.rows, width: outputWidth)
        let view = products.view(rows.rows)
        rows.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            // The view is only read.
            skip.multiply(
                RowView(
                    UnsafeMutablePointer(mutating: base), count: rows.rows, width: rows.columns),
                into: view)
        }
        result.withUnsafeMutableBufferPointer { output in
            for r in 0..<rows.rows {
                for c in 0..<outputWidth { output[r * outputWidth + c] += view.row(r)[c] }
            }
        }
    }
}
