import LinearAlgebra
import Subjects

/// What makes rows uncorrelated and of equal variance in all directions: z = (x − mean) M with
/// M = E diag((λ + ε)^-½), the covariance being E diag(λ) Eᵀ.
///
/// Everything but the rows is in double precision, and no sum depends on threads.
///
/// - Source: Saraswatula and Klindt 2025, "Data Whitening Improves Sparse Autoencoder Learning". ε there is
///   not stated; ours is a thousandth of the mean λ, as a smaller one lets directions of almost no variance
///   be blown up a thousandfold.
struct Whitening: Sendable {
    /// d.
    let mean: [Double]
    /// λ + ε in the order of the columns of M, greatest first.
    let variances: [Double]
    /// Row i is the direction (of length 1) of variance i, [d × d]: Eᵀ.
    let directions: [Double]
    private let centre: [Float]
    private let map: PackedMatrix

    var width: Int { mean.count }

    init(mean: [Double], variances: [Double], directions: [Double]) {
        self.mean = mean
        self.variances = variances
        self.directions = directions
        let d = mean.count
        centre = mean.map { Float($0) }
        var columns = Matrix(rows: d, columns: d)
        columns.withUnsafeMutableBufferPointer { columns in
            for i in 0..<d {
                let factor = 1 / variances[i].squareRoot()
                for r in 0..<d { columns[r * d + i] = Float(directions[i * d + r] * factor) }
            }
        }
        map = PackedMatrix(columns)
    }

    /// Whitens rows where they are.
    func apply(to rows: RowView, threads: Int) {
        let size = 96
        // Each worker writes to rows of its own.
        nonisolated(unsafe) let rows = rows
        inParallel((rows.count + size - 1) / size, threads: threads) { chunk in
            let part = rows.rows(chunk * size..<min(rows.count, (chunk + 1) * size))
            let centred = Scratch(rows: part.count, width: width)
            let view = centred.view(part.count)
            for r in 0..<part.count {
                for c in 0..<width { view.row(r)[c] = part.row(r)[c] - centre[c] }
            }
            map.multiply(view, into: part)
        }
    }

    /// The same autoencoder for rows as they were:
    /// W_enc' = M W_enc, W_dec' = W_dec M⁻¹, b_dec' = b_dec M⁻¹ + mean.
    ///
    /// Pre-activations stay what they are, and with them thresholds, gates and the order of latents; the
    /// decoder's rows no longer have length 1.
    func folded(_ form: TrainedForm, threads: Int) -> TrainedForm {
        var form = form
        let weights = form.weights
        let (d, f) = (width, weights.encoder.columns)
        let encoder = whiteningEncoder(weights.encoder, threads: threads)
        form.weights.encoder = Matrix(rows: d, columns: f, storage: encoder.map { Float($0) })
        form.weights.decoder = unwhitened(weights.decoder, threads: threads)
        let bias = unwhitened(
            Matrix(rows: 1, columns: d, storage: weights.decoderBias), plus: mean, threads: 1)
        form.weights.decoderBias = bias.storage
        guard !form.subtractsDecoderBias else { return form }
        for latent in 0..<f {
            let own = (0..<d).reduce(0) { $0 + mean[$1] * encoder[$1 * f + latent] }
            form.weights.encoderBias[latent] = Float(Double(weights.encoderBias[latent]) - own)
        }
        return form
    }

    /// Each row · diag((λ + ε)^½) Eᵀ, plus a row.
    private func unwhitened(_ rows: Matrix, plus start: [Double]? = nil, threads: Int) -> Matrix {
        let d = width
        var result = Matrix(rows: rows.rows, columns: d)
        result.withUnsafeMutableBufferPointer { result in
            // Each worker writes to a row of its own.
            nonisolated(unsafe) let result = result
            inParallel(rows.rows, threads: threads) { r in
                var sums = start ?? [Double](repeating: 0, count: d)
                for (i, value) in rows.row(r).enumerated() {
                    let factor = Double(value) * variances[i].squareRoot()
                    for c in 0..<d { sums[c] += factor * directions[i * d + c] }
                }
                for c in 0..<d { result[r * d + c] = Float(sums[c]) }
            }
        }
        return result
    }

    /// E diag((λ + ε)^-½) W_enc, [d × F].
    private func whiteningEncoder(_ encoder: Matrix, threads: Int) -> [Double] {
        let (d, f) = (width, encoder.columns)
        var result = [Double](repeating: 0, count: d * f)
        result.withUnsafeMutableBufferPointer { result in
            // Each worker writes to a row of its own.
            nonisolated(unsafe) let result = result
            inParallel(d, threads: threads) { r in
                for i in 0..<d {
                    let factor = directions[i * d + r] / variances[i].squareRoot()
                    for (latent, value) in zip(0..<f, encoder.row(i)) {
                        result[r * f + latent] += factor * Double(value)
                    }
                }
            }
        }
        return result
    }
}
