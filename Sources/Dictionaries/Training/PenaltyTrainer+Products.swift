import LinearAlgebra
import Subjects

/// The activations of some rows as whole tables, [rows × F].
final class DenseLatents: @unchecked Sendable {
    // Sendable because workers write to rows and latents of their own.
    let codes: Scratch
    let memos: Scratch
    let slopes: Scratch
    let memoSlopes: Scratch
    /// How many rows are taken at a time.
    let rowCount: Int

    /// A table takes so many bytes at most.
    private static let byteLimit = 64 << 20

    init(rows: Int, latentCount: Int, rule: any LatentRule) {
        let unit = PenaltyTrainer.rowChunk
        let most = Self.byteLimit / (4 * PackedMatrix.padded(latentCount)) / unit * unit
        rowCount = min(rows, max(unit, most))
        codes = Scratch(rows: rowCount, width: latentCount)
        slopes = Scratch(rows: rowCount, width: latentCount)
        memos = Scratch(rows: rule.keepsMemos ? rowCount : 1, width: latentCount)
        memoSlopes = Scratch(rows: rule.decodesMemos ? rowCount : 1, width: latentCount)
    }

    /// Some latents of a row, counted from the table's first.
    func run(_ row: Int, _ latents: Range<Int>) -> LatentRun {
        func place(_ table: Scratch) -> UnsafeMutablePointer<Float> {
            // A table that the rule does not use has a single row, which nobody writes to.
            table.view(table.capacity).row(min(row, table.capacity - 1)) + latents.lowerBound
        }
        return LatentRun(
            codes: place(codes), memos: place(memos), slopes: place(slopes),
            memoSlopes: place(memoSlopes), count: latents.count, stride: 1,
            latent: latents.lowerBound, latentStep: 1)
    }
}

extension PenaltyTrainer {
    /// Works on all latents of every row, by products.
    func differentiateAll() {
        let tables =
            tables
            ?? DenseLatents(
                rows: setting.batchSize, latentCount: setting.latentCount, rule: rule)
        self.tables = tables
        for first in stride(from: 0, to: setting.batchSize, by: tables.rowCount) {
            let rows = first..<min(setting.batchSize, first + tables.rowCount)
            inChunks(rows, of: Self.rowChunk) { self.visit($0, tables, first: first) }
            inLatentChunks { self.gather($0, tables, rows) }
        }
    }

    private func visit(_ rows: Range<Int>, _ tables: DenseLatents, first: Int) {
        prepare(rows)
        let places = rows.lowerBound - first..<rows.upperBound - first
        let codes = tables.codes.view(tables.rowCount).rows(places)
        panels.multiply(inputs.view(setting.batchSize).rows(rows), into: codes)
        for row in rows {
            let run = tables.run(row - first, 0..<setting.latentCount)
            for latent in masked { run.codes[latent] = -.infinity }
            rule.activate(run.codes, memos: run.memos)
            count(run, of: row)
        }
        decode(rows, codes, errors, into: tables.slopes.view(tables.rowCount).rows(places), .error)
        guard rule.decodesMemos else { return }
        decode(
            rows, tables.memos.view(tables.rowCount).rows(places), memoErrors,
            into: tables.memoSlopes.view(tables.rowCount).rows(places), .memoError)
    }

    private func decode(
        _ rows: Range<Int>, _ values: RowView, _ errors: Scratch, into slopes: RowView,
        _ sum: RowSum
    ) {
        let view = errors.view(setting.batchSize).rows(rows)
        for row in rows { beginError(row, in: errors) }
        BLAS.multiply(values, decoder.values, keep: 1, into: view)
        for row in rows { endError(row, in: errors, as: sum) }
        BLAS.multiply(view, decoder.values, transposingB: true, into: slopes)
    }

    /// Adds some rows' part of some latents' derivatives.
    private func gather(_ latents: Range<Int>, _ tables: DenseLatents, _ rows: Range<Int>) {
        for place in 0..<rows.count { rule.settle(tables.run(place, latents), tally) }
        func add(_ table: Scratch, _ others: Scratch, to gradient: RowView) {
            let columns = table.view(rows.count).columns(latents.lowerBound, width: latents.count)
            BLAS.multiply(
                columns, others.view(setting.batchSize).rows(rows), transposingA: true,
                keep: rows.lowerBound == 0 ? 0 : 1, into: gradient.rows(latents))
        }
        add(tables.codes, errors, to: decoder.gradient)
        add(tables.slopes, inputs, to: encoder.gradient)
    }
}
