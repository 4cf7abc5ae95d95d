import LinearAlgebra
import Subjects

extension TopKTrainer {
    /// The loss of ``batch`` and its derivative by every parameter.
    func differentiate() -> TrainingLoss {
        let d = setting.width
        findDead()
        inLatentChunks {
            self.panels.pack(
                $0, of: self.encoder.values, bias: UnsafePointer(self.encoderBias.values.base))
        }
        inRowChunks { self.encode($0) }
        let rows = setting.batchSize
        let (error, deadError) = (total(squares.view(2).row(0)), total(squares.view(2).row(1)))
        let scale = 2 / (Float(rows) * setting.variance)
        let weight = error > 0 && !dead.isEmpty ? setting.deadWeight / Float(error) : 0
        inRowChunks {
            self.differentiate($0, self.choice, self.errors, scale: scale)
            if weight > 0 {
                self.differentiate($0, self.deadChoice, self.deadErrors, scale: 2 * weight)
            }
        }
        choice.order()
        if weight == 0 { deadChoice.clear() }
        deadChoice.order()
        inLatentChunks { for latent in $0 { self.gather(latent) } }
        let slope = decoderBias.gradient.base
        slope.update(repeating: 0, count: d)
        for row in 0..<rows {
            RowKernels.addScaled(1, errors.view(rows).row(row), to: slope, count: d)
        }
        for latent in 0..<setting.latentCount {
            RowKernels.addScaled(
                -encoderBias.gradient.base[latent], encoder.values.row(latent), to: slope, count: d)
        }
        countSilence()
        return TrainingLoss(
            unexplained: error / (Double(rows) * Double(setting.variance)),
            auxiliary: Double(weight) * deadError,
            activeLatents: Double(choice.starts[setting.latentCount]) / Double(rows),
            deadLatents: dead.count)
    }

    private func findDead() {
        dead.removeAll(keepingCapacity: true)
        for latent in 0..<setting.latentCount where silence[latent] >= setting.deadAfter {
            dead.append(UInt32(latent))
        }
    }

    private func countSilence() {
        for latent in 0..<setting.latentCount {
            silence[latent] =
                choice.useCount(of: latent) > 0 ? 0 : silence[latent] + setting.batchSize
        }
    }

    private func total(_ values: UnsafeMutablePointer<Float>) -> Double {
        (0..<setting.batchSize).reduce(0) { $0 + Double(values[$1]) }
    }

    private func inRowChunks(_ body: @escaping @Sendable (Range<Int>) -> Void) {
        let (size, count) = (Self.chunk, setting.batchSize)
        inParallel((count + size - 1) / size, threads: setting.threads) { chunk in
            body(chunk * size..<min(count, (chunk + 1) * size))
        }
    }

    /// Chooses the latents of some rows, and what they leave.
    private func encode(_ rows: Range<Int>) {
        let d = setting.width
        let (batch, centred) = (batch.view(setting.batchSize), centred.view(setting.batchSize))
        for row in rows {
            centred.row(row).update(from: batch.row(row), count: d)
            RowKernels.addScaled(-1, decoderBias.values.base, to: centred.row(row), count: d)
        }
        workers.use { worker in
            let pre = worker.pre.view(rows.count)
            panels.multiply(centred.rows(rows), into: pre)
            for row in rows {
                let values = pre.row(row - rows.lowerBound)
                chooseLive(row, values, worker)
                if !dead.isEmpty { chooseDead(row, values, worker) }
            }
        }
    }

    private func chooseLive(
        _ row: Int, _ pre: UnsafeMutablePointer<Float>, _ worker: TopKWorker
    ) {
        let error = errors.view(setting.batchSize).row(row)
        let x = centred.view(setting.batchSize).row(row)
        worker.selection.select(
            setting.k, of: UnsafeBufferPointer(start: pre, count: setting.latentCount),
            into: &worker.indices)
        for c in 0..<setting.width { error[c] = -x[c] }
        for (place, latent) in worker.indices.enumerated() {
            put(latent, pre[Int(latent)], at: row * setting.k + place, of: choice, into: error)
        }
        squares.view(2).row(0)[row] = RowKernels.dot(error, error, count: setting.width)
    }

    private func chooseDead(
        _ row: Int, _ pre: UnsafeMutablePointer<Float>, _ worker: TopKWorker
    ) {
        let values = worker.deadPre.view(1).base
        for (place, latent) in dead.enumerated() { values[place] = pre[Int(latent)] }
        worker.selection.select(
            setting.deadCount, of: UnsafeBufferPointer(start: values, count: dead.count),
            into: &worker.indices)
        let error = deadErrors.view(setting.batchSize).row(row)
        // ê − e = ê + (x̂ − x)
        error.update(from: errors.view(setting.batchSize).row(row), count: setting.width)
        let first = row * setting.deadCount
        for place in 0..<setting.deadCount {
            guard place < worker.indices.count else {
                deadChoice.activations[first + place] = 0
                continue
            }
            let latent = dead[Int(worker.indices[place])]
            put(latent, pre[Int(latent)], at: first + place, of: deadChoice, into: error)
        }
        squares.view(2).row(1)[row] = RowKernels.dot(error, error, count: setting.width)
    }

    private func put(
        _ latent: UInt32, _ pre: Float, at place: Int, of choice: LatentChoice,
        into sum: UnsafeMutablePointer<Float>
    ) {
        choice.latents[place] = latent
        choice.activations[place] = pre > 0 ? pre : 0
        guard pre > 0 else { return }
        RowKernels.addScaled(
            pre, decoder.values.row(Int(latent)), to: sum, count: setting.width)
    }

    /// The derivative by what some rows' latents make together, and by each pre-activation.
    private func differentiate(
        _ rows: Range<Int>, _ choice: LatentChoice, _ errors: Scratch, scale: Float
    ) {
        let d = setting.width
        for row in rows {
            let slope = errors.view(setting.batchSize).row(row)
            RowKernels.scale(slope, by: scale, count: d)
            for place in row * choice.count..<(row + 1) * choice.count
            where choice.activations[place] > 0 {
                choice.slopes[place] = RowKernels.dot(
                    slope, decoder.values.row(Int(choice.latents[place])), count: d)
            }
        }
    }

    /// Sums a latent's derivatives over the rows on which it acts.
    private func gather(_ latent: Int) {
        encoder.gradient.row(latent).update(repeating: 0, count: setting.width)
        decoder.gradient.row(latent).update(repeating: 0, count: setting.width)
        encoderBias.gradient.base[latent] = 0
        gather(latent, choice, errors)
        gather(latent, deadChoice, deadErrors)
    }

    private func gather(_ latent: Int, _ choice: LatentChoice, _ slopes: Scratch) {
        let (d, rows) = (setting.width, setting.batchSize)
        for index in choice.starts[latent]..<choice.starts[latent + 1] {
            let place = Int(choice.places[index])
            let row = place / choice.count
            RowKernels.addScaled(
                choice.activations[place], slopes.view(rows).row(row),
                to: decoder.gradient.row(latent), count: d)
            RowKernels.addScaled(
                choice.slopes[place], centred.view(rows).row(row),
                to: encoder.gradient.row(latent), count: d)
            encoderBias.gradient.base[latent] += choice.slopes[place]
        }
    }
}
