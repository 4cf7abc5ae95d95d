import LinearAlgebra

extension SparseAutoencoder {
    /// W_dec, a row for each latent, [F × e], as it acts: an activation of 1 adds the row, unless
    /// ``rescalesByDecoderNorm``.
    public var decoderRows: Matrix { decoder }

    /// W_encᵀ, a row for each latent, [F × d].
    public var encoderRows: Matrix {
        var rows = Matrix(rows: latentCount, columns: inputWidth)
        rows.withUnsafeMutableBufferPointer { rows in
            encoder.withPanelBytes { bytes in
                // Weights that are given in 32 bits are packed in 32 bits.
                let values = bytes.bindMemory(to: Float.self)
                for latent in 0..<latentCount {
                    let start = latent / 16 * 16 * inputWidth + latent % 16
                    for c in 0..<inputWidth {
                        rows[latent * inputWidth + c] = values[start + 16 * c]
                    }
                }
            }
        }
        return rows
    }
}
