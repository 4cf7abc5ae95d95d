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
        let errors = memos ? memoErrors : errors
        let run = part.run(ofRow: place)
        let latents = part.latents + part.starts[place]
        let (values, slopes) = memos ? (run.memos, run.memoSlopes) : (run.codes, run.slopes)
        beginError(row, in: errors)
        let error = errors.view(setting.batchSize).row(row)
        RowKernels.addRows(
            values, step: run.stride, latents, count: run.count, of: decoder.values, to: error)
        endError(row, in: errors, as: memos ? .memoError : .error)
        RowKernels.dotRows(
            error, latents, count: run.count, of: decoder.values, into: slopes, step: run.stride)
    }

    /// Sums a latent's derivatives over the rows on which it acts.
    private func gather(_ latent: Int) {
        let (run, places) = active.run(of: latent)
        rule.settle(run, tally)
        func add(
            _ factors: UnsafeMutablePointer<Float>, _ rows: Scratch, to gradient: RowView
        ) {
            let sum = gradient.row(latent)
            sum.update(repeating: 0, count: setting.width)
            RowKernels.addRows(
                factors, step: run.stride, places, count: run.count,
                of: rows.view(setting.batchSize), to: sum)
        }
        add(run.codes, errors, to: decoder.gradient)
        add(run.slopes, inputs, to: encoder.gradient)
    }
}
