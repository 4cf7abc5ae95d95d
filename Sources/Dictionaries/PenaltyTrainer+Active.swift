import LinearAlgebra
import Subjects

extension PenaltyTrainer {
    /// Visits active latents alone.
    func differentiateActive() {
        inChunks(0..<setting.batchSize, of: Self.chunk) { self.visit($0) }
        active.order()
        inLatentChunks { for latent in $0 { self.gather(latent) } }
    }

    /// Finds what acts on some rows, what it makes of them, and each activation's slope.
    private func visit(_ rows: Range<Int>) {
        let part = active.parts[rows.lowerBound / Self.chunk]
        part.clear()
        prepare(rows)
        workers.use { worker in
            let pre = worker.pre.view(rows.count)
            panels.multiply(inputs.view(setting.batchSize).rows(rows), into: pre)
            for row in rows {
                let values = pre.row(row - rows.lowerBound)
                for latent in masked { values[latent] = -.infinity }
                rule.choose(values, into: part)
                part.endRow()
                let place = row - rows.lowerBound
                decode(row, part, place, memos: false)
                if rule.decodesMemos { decode(row, part, place, memos: true) }
                let run = part.run(ofRow: place)
                count(run, of: row)
                var activeCount = 0
                for i in 0..<run.count where run.codes[i * run.stride] != 0 { activeCount += 1 }
                put(Double(activeCount), as: .active, of: row)
            }
        }
    }

    /// What a row's codes, or memos, decode to, and the derivatives by them.
    private func decode(_ row: Int, _ part: ActivePart, _ place: Int, memos: Bool) {
        let d = setting.width
        let errors = memos ? memoErrors : errors
        let run = part.run(ofRow: place)
        let latents = part.latents + part.starts[place]
        let (values, slopes) = memos ? (run.memos, run.memoSlopes) : (run.codes, run.slopes)
        beginError(row, in: errors)
        let error = errors.view(setting.batchSize).row(row)
        for i in 0..<run.count where values[i * run.stride] != 0 {
            RowKernels.addScaled(
                values[i * run.stride], decoder.values.row(Int(latents[i])), to: error, count: d)
        }
        endError(row, in: errors, as: memos ? .memoError : .error)
        for i in 0..<run.count {
            slopes[i * run.stride] = RowKernels.dot(
                error, decoder.values.row(Int(latents[i])), count: d)
        }
    }

    /// Sums a latent's derivatives over the rows on which it acts.
    private func gather(_ latent: Int) {
        let (d, rows) = (setting.width, setting.batchSize)
        let (run, places) = active.run(of: latent)
        rule.settle(run, tally)
        let (encoderSlope, decoderSlope) = (
            encoder.gradient.row(latent), decoder.gradient.row(latent)
        )
        encoderSlope.update(repeating: 0, count: d)
        decoderSlope.update(repeating: 0, count: d)
        let (errors, inputs) = (errors.view(rows), inputs.view(rows))
        for i in 0..<run.count {
            let (at, row) = (i * run.stride, Int(places[i]))
            if run.codes[at] != 0 {
                RowKernels.addScaled(run.codes[at], errors.row(row), to: decoderSlope, count: d)
            }
            if run.slopes[at] != 0 {
                RowKernels.addScaled(run.slopes[at], inputs.row(row), to: encoderSlope, count: d)
            }
        }
    }
}
