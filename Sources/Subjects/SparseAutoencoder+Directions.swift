import LinearAlgebra

extension SparseAutoencoder {
    /// W_dec, a row for each latent, [F × e].
    public var decoderRows: Matrix { decoder }

    /// What an activation of 1 adds to a reconstruction, before a normalisation is undone, [F × e].
    public var actingDecoderRows: Matrix {
        guard rescalesByDecoderNorm else { return decoder }
        var rows = decoder
        for latent in 0..<latentCount {
            for c in 0..<outputWidth { rows[latent, c] /= decoderNorms[latent] }
        }
        return rows
    }

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
