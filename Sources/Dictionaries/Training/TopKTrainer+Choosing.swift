import LinearAlgebra
import Subjects

extension TopKTrainer {
    /// How many candidates above the floor there should be, as a share of what is chosen: the floor is the
    /// last batch's smallest choice, times this.
    private static let margin: Float = 0.8

    /// Encodes ``batch``, chooses the latents that act on each row and explains the rows with them.
    func choose() {
        pack()
        guard let candidates else {
            inRowChunks { rows in
                self.encode(rows) { row, pre, worker in
                    self.chooseOfRow(row, pre, worker)
                    self.chooseDead(row, pre, worker)
                }
                self.explain(rows)
            }
            return
        }
        let quota = setting.k * setting.batchSize
        collect(candidates)
        if candidates.count < quota, floor > 0 {
            floor = 0
            collect(candidates)
        }
        var chosen = choose(quota, of: candidates)
        if !chosen.isFull, floor > 0 {
            // Enough candidates, but too many of them are masked.
            floor = 0
            collect(candidates)
            chosen = choose(quota, of: candidates)
        }
        floor = chosen.isFull ? Self.margin * chosen.smallest : 0
        threshold.note(chosen.smallest, step: steps)
        inRowChunks { self.explain($0) }
    }

    private func choose(_ quota: Int, of candidates: BatchCandidates) -> BatchCandidates.Choice {
        let mask = mask
        return candidates.choose(
            quota, leavingOut: mask.map { mask in { mask.isMasked($0) } }, into: choice)
    }

    /// Brings the encoder into the form in which it is multiplied. What is masked never acts on a row; among
    /// a batch it is left out later, as the threshold must know of it.
    private func pack() {
        let bias = packedBias.view(1).base
        bias.update(from: encoderBias.values.base, count: setting.latentCount)
        if let mask, candidates == nil {
            for latent in 0..<setting.latentCount where mask.isMasked(latent) {
                bias[latent] = -.infinity
            }
        }
        inLatentChunks {
            self.panels.pack(
                $0, of: self.encoder.values,
                bias: UnsafePointer(self.packedBias.view(1).base))
        }
    }

    private func collect(_ candidates: BatchCandidates) {
        let floor = floor
        inRowChunks { rows in
            let list = candidates.lists[rows.lowerBound / Self.chunk]
            list.begin()
            self.encode(rows) { row, pre, worker in
                list.add(pre, count: self.setting.latentCount, above: floor)
                self.chooseDead(row, pre, worker)
            }
        }
    }

    /// Calls `body` with the pre-activations of some rows.
    private func encode(
        _ rows: Range<Int>, _ body: (Int, UnsafeMutablePointer<Float>, TopKWorker) -> Void
    ) {
        let d = setting.width
        let (batch, centred) = (batch.view(setting.batchSize), centred.view(setting.batchSize))
        for row in rows {
            centred.row(row).update(from: batch.row(row), count: d)
            RowKernels.addScaled(-1, decoderBias.values.base, to: centred.row(row), count: d)
        }
        workers.use { worker in
            let pre = worker.pre.view(rows.count)
            panels.multiply(centred.rows(rows), into: pre)
            for row in rows { body(row, pre.row(row - rows.lowerBound), worker) }
        }
    }

    private func chooseOfRow(
        _ row: Int, _ pre: UnsafeMutablePointer<Float>, _ worker: TopKWorker
    ) {
        worker.selection.select(
            setting.k, of: UnsafeBufferPointer(start: pre, count: setting.latentCount),
            into: &worker.indices)
        choice.clear(row: row)
        for latent in worker.indices where pre[Int(latent)] > 0 {
            choice.add(latent, pre[Int(latent)], to: row)
        }
    }

    private func chooseDead(
        _ row: Int, _ pre: UnsafeMutablePointer<Float>, _ worker: TopKWorker
    ) {
        deadChoice.clear(row: row)
        guard !dead.isEmpty else { return }
        let values = worker.deadPre.view(1).base
        for (place, latent) in dead.enumerated() { values[place] = pre[Int(latent)] }
        worker.selection.select(
            setting.deadCount, of: UnsafeBufferPointer(start: values, count: dead.count),
            into: &worker.indices)
        for place in worker.indices where values[Int(place)] > 0 {
            deadChoice.add(dead[Int(place)], values[Int(place)], to: row)
        }
    }
}
