import LinearAlgebra

/// What one worker needs to encode; allocated once and used again.
final class EncoderScratch: @unchecked Sendable {
    // Sendable because the pool lends it to one worker at a time, with a lock between one use and
    // the next.
    /// How many rows are encoded at a time: their pre-activations stay in a core's own cache.
    static let rowCount = 48
    let centred: Scratch
    let latents: Scratch
    var selection = TopSelection()
    var indices: [UInt32] = []
    var values: [Float] = []

    init(inputWidth: Int, latentCount: Int) {
        centred = Scratch(rows: Self.rowCount, width: inputWidth)
        latents = Scratch(rows: Self.rowCount, width: latentCount)
    }
}

extension SparseAutoencoder {
    /// The latents of each row that are not zero.
    ///
    /// - Parameter rows: residual stream at the dictionary's place, [n × d], unscaled.
    /// - Throws: ``SubjectError/widthMismatch(of:width:model:modelWidth:)``.
    /// - Complexity: 2 · n · d · F flop.
    public func encode(_ rows: Matrix) throws(SubjectError) -> [SparseRow] {
        guard rows.columns == inputWidth else {
            throw .widthMismatch(
                of: "dictionary \(name)", width: inputWidth, model: "the batch of rows",
                modelWidth: rows.columns)
        }
        return rows.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return [] }
            // The view is only read.
            let view = RowView(
                UnsafeMutablePointer(mutating: base), count: rows.rows, width: rows.columns)
            return encode(view)
        }
    }

    /// As ``encode(_:)``, of rows that are only read.
    func encode(_ rows: RowView) -> [SparseRow] {
        var result: [SparseRow] = []
        result.reserveCapacity(rows.count)
        scratch.use { scratch in
            var first = 0
            while first < rows.count {
                let part = rows.rows(first..<min(first + EncoderScratch.rowCount, rows.count))
                let latents = scratch.latents.view(part.count)
                encoder.multiply(prepared(part, scratch), into: latents)
                for r in 0..<part.count { result.append(sparse(latents.row(r), scratch)) }
                first += part.count
            }
        }
        return result
    }

    /// x̃ − b of each row, in the scratch if it differs from x.
    private func prepared(_ rows: RowView, _ scratch: EncoderScratch) -> RowView {
        guard !inputBias.isEmpty || preparation != Preparation() else { return rows }
        let target = scratch.centred.view(rows.count)
        for r in 0..<rows.count {
            target.row(r).update(from: rows.row(r), count: inputWidth)
            if preparation != Preparation() {
                _ = preparation.apply(
                    to: UnsafeMutableBufferPointer(start: target.row(r), count: inputWidth))
            }
        }
        guard !inputBias.isEmpty else { return target }
        inputBias.withUnsafeBufferPointer { bias in
            for r in 0..<rows.count {
                let row = target.row(r)
                for c in 0..<inputWidth { row[c] -= bias[c] }
            }
        }
        return target
    }

    /// Applies σ to one row of pre-activations, which it may change.
    private func sparse(
        _ row: UnsafeMutablePointer<Float>, _ scratch: EncoderScratch
    ) -> SparseRow {
        if rescalesByDecoderNorm {
            for latent in 0..<latentCount { row[latent] *= decoderNorms[latent] }
        }
        scratch.values.removeAll(keepingCapacity: true)
        switch architecture {
        case .standard:
            keep(row, scratch) { _ in 0 }
        case .jumpReLU(let threshold):
            threshold.withUnsafeBufferPointer { threshold in
                keep(row, scratch) { threshold[$0] }
            }
        case .topK(let k):
            let buffer = UnsafeBufferPointer(start: row, count: latentCount)
            scratch.selection.select(k, of: buffer, into: &scratch.indices)
            scratch.indices.removeAll { !(row[Int($0)] > 0) }
            for index in scratch.indices { scratch.values.append(row[Int(index)]) }
        case .groupMax(let groups): keepGreatest(row, scratch, groups)
        case .gated(let gate):
            for latent in 0..<latentCount {
                let open = row[latent] + gate.bias[latent] > 0
                row[latent] =
                    open ? gateScales[latent] * row[latent] + gate.magnitudeBias[latent] : 0
            }
            keep(row, scratch) { _ in 0 }
        }
        return SparseRow(indices: scratch.indices, values: scratch.values)
    }

    private func keepGreatest(
        _ row: UnsafeMutablePointer<Float>, _ scratch: EncoderScratch, _ groups: Int
    ) {
        scratch.indices.removeAll(keepingCapacity: true)
        let size = latentCount / groups
        for group in 0..<groups {
            var best = group * size
            for latent in group * size..<(group + 1) * size where row[latent] > row[best] {
                best = latent
            }
            guard row[best] > 0 else { continue }
            scratch.indices.append(UInt32(best))
            scratch.values.append(row[best])
        }
    }

    @inline(__always)
    private func keep(
        _ row: UnsafeMutablePointer<Float>, _ scratch: EncoderScratch, above floor: (Int) -> Float
    ) {
        scratch.indices.removeAll(keepingCapacity: true)
        for latent in 0..<latentCount where row[latent] > 0 && row[latent] > floor(latent) {
            scratch.indices.append(UInt32(latent))
            scratch.values.append(row[latent])
        }
    }

    /// The rows that the latents stand for: b_dec + Σ activation · decoder row, in the order of the
    /// latents. Neither is a normalisation undone nor a skip connection added: both need x, see
    /// ``reconstruct(_:)``.
    ///
    /// - Precondition: every index is below `latentCount`.
    /// - Returns: [rows × e].
    public func decode(_ rows: [SparseRow]) -> Matrix {
        var result = Matrix(rows: rows.count, columns: outputWidth)
        result.withUnsafeMutableBufferPointer { output in
            decoder.withUnsafeBufferPointer { decoder in
                for (r, row) in rows.enumerated() {
                    let start = r * outputWidth
                    for c in 0..<outputWidth { output[start + c] = decoderBias[c] }
                    for (index, value) in zip(row.indices, row.values) {
                        let latent = Int(index)
                        precondition(latent < latentCount, "latent \(latent) of \(latentCount)")
                        let weight = rescalesByDecoderNorm ? value / decoderNorms[latent] : value
                        for c in 0..<outputWidth {
                            output[start + c] += weight * decoder[latent * outputWidth + c]
                        }
                    }
                }
            }
        }
        return result
    }
}
