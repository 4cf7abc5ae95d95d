import LinearAlgebra
import Subjects

extension PenaltyTrainer {
    /// Columns that are worked on together: of a table of 4,096 rows they stay in a core's own cache.
    private static let columnCount = 64

    /// Visits active latents alone.
    func differentiateActive() {
        inChunks(0..<setting.batchSize, of: Self.rowChunk) { self.visit($0) }
        active.order()
        inLatentChunks { self.gather($0) }
    }

    /// Finds what acts on some rows, what it makes of them, and each activation's slope.
    private func visit(_ rows: Range<Int>) {
        let part = active.parts[rows.lowerBound / Self.rowChunk]
        part.clear()
        prepare(rows)
        workers.use { worker in
            for first in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.encoderRows) {
                let some = first..<min(rows.upperBound, first + Self.encoderRows)
                let pre = worker.pre.view(some.count)
                panels.multiply(inputs.view(setting.batchSize).rows(some), into: pre)
                for place in 0..<some.count {
                    let values = pre.row(place)
                    for latent in masked { values[latent] = -.infinity }
                    rule.choose(values, into: part)
                    part.endRow()
                }
            }
        }
        for row in rows { count(part.run(ofRow: row - rows.lowerBound).run, of: row) }
        decode(rows, part, \.codes, \.slopes, errors, .error)
        if rule.decodesMemos { decode(rows, part, \.memos, \.memoSlopes, memoErrors, .memoError) }
    }

    /// What rows' codes, or memos, decode to, and the derivatives by them.
    private func decode(
        _ rows: Range<Int>, _ part: ActivePart,
        _ values: KeyPath<LatentRun, UnsafeMutablePointer<Float>>,
        _ slopes: KeyPath<LatentRun, UnsafeMutablePointer<Float>>, _ errors: Scratch,
        _ sum: RowSum
    ) {
        let view = errors.view(setting.batchSize)
        for row in rows { beginError(row, in: errors) }
        inColumns { columns in
            let table = decoder.values.columns(columns.lowerBound, width: columns.count)
            for row in rows {
                let (run, latents) = part.run(ofRow: row - rows.lowerBound)
                RowKernels.addRows(
                    run[keyPath: values], step: run.stride, latents, count: run.count, of: table,
                    to: view.row(row) + columns.lowerBound)
            }
        }
        for row in rows { endError(row, in: errors, as: sum) }
        inColumns { columns in
            let table = decoder.values.columns(columns.lowerBound, width: columns.count)
            for row in rows {
                let (run, latents) = part.run(ofRow: row - rows.lowerBound)
                RowKernels.dotRows(
                    view.row(row) + columns.lowerBound, latents, count: run.count, of: table,
                    into: run[keyPath: slopes], step: run.stride)
            }
        }
    }

    /// Sums some latents' derivatives over the rows on which they act.
    private func gather(_ latents: Range<Int>) {
        for latent in latents { rule.settle(active.run(of: latent).run, tally) }
        func add(
            _ factors: KeyPath<LatentRun, UnsafeMutablePointer<Float>>, _ rows: Scratch,
            to gradient: RowView
        ) {
            gradient.rows(latents).fill(0)
            inColumns { columns in
                let table = rows.view(setting.batchSize)
                    .columns(columns.lowerBound, width: columns.count)
                for latent in latents {
                    let (run, places) = active.run(of: latent)
                    RowKernels.addRows(
                        run[keyPath: factors], step: run.stride, places, count: run.count,
                        of: table, to: gradient.row(latent) + columns.lowerBound)
                }
            }
        }
        add(\.codes, errors, to: decoder.gradient)
        add(\.slopes, inputs, to: encoder.gradient)
    }

    private func inColumns(_ body: (Range<Int>) -> Void) {
        for first in stride(from: 0, to: setting.width, by: Self.columnCount) {
            body(first..<min(setting.width, first + Self.columnCount))
        }
    }
}
