import LinearAlgebra

extension SparseAutoencoder {
    /// What one unit of a latent's activation adds to the stream that the dictionary writes, e floats:
    /// its decoder row, back in the stream's own units where a fixed factor was taken out.
    ///
    /// - Precondition: the latent exists.
    public func direction(of latent: Int) -> [Float] {
        precondition((0..<latentCount).contains(latent), "latent \(latent) of \(latentCount)")
        var row = Array(decoder.storage[latent * outputWidth..<(latent + 1) * outputWidth])
        var scale: Float = rescalesByDecoderNorm ? 1 / decoderNorms[latent] : 1
        if case .scaled(_, let output) = preparation.normalisation { scale /= output }
        if scale != 1 { for c in row.indices { row[c] *= scale } }
        return row
    }
}

extension Transformer {
    /// What a direction of the stream adds to the logits by itself, `vocabularySize` floats: through
    /// the last norm's factors (and its centring, if it is a layer norm) and the unembedding, without
    /// the norm's division and without a soft cap, neither of which is linear.
    ///
    /// - Throws: ``SubjectError`` if the direction is not `width` long or not finite, or weights
    ///   cannot be read.
    /// - Source: nostalgebraist 2020, "interpreting GPT: the logit lens".
    public func logits(along direction: [Float]) throws(SubjectError) -> [Float] {
        let c = configuration
        try check([Intervention(at: .finalNorm, .add(direction: direction, scale: 1))])
        let end = try weights.end(withHead: true)
        guard let head = end.head else { preconditionFailure("an end without its head") }
        let mean = c.usesRMSNorm ? 0 : direction.reduce(0, +) / Float(direction.count)
        var row = zip(direction, end.norm.gain).map { ($0 - mean) * $1 }
        var logits = [Float](repeating: 0, count: head.stride)
        row.withUnsafeMutableBufferPointer { row in
            logits.withUnsafeMutableBufferPointer { logits in
                guard let from = row.baseAddress, let to = logits.baseAddress else { return }
                head.multiply(
                    RowView(from, count: 1, width: c.width),
                    into: RowView(to, count: 1, width: head.columns, stride: head.stride))
            }
        }
        return Array(logits.prefix(c.vocabularySize))
    }
}
