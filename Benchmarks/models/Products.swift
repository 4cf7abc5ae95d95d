import Dispatch
import LinearAlgebra
import Subjects

/// The matrix products of one layer of a decoder, by OpenBLAS alone.
struct Products {
    /// [inputs, outputs] of each.
    private let shapes: [(Int, Int)]
    private let rows: Int
    private let threads: Int

    init(_ c: TransformerConfiguration, rows: Int, threads: Int) {
        shapes = [
            (c.width, c.queryKeyValueWidth), (c.mixtureWidth, c.width),
            (c.width, c.innerWidth * (c.hasGatedMLP ? 2 : 1)), (c.innerWidth, c.width),
        ]
        self.rows = rows
        self.threads = threads
    }

    /// The median time of one layer's products.
    func seconds(
        within limit: Int, _ median: (Int, () throws -> Void) throws -> Double
    ) rethrows -> Double {
        BLAS.setThreads(threads)
        var generator = SeededGenerator(seed: 1)
        let operands = shapes.map { inputs, outputs in
            (
                view(rows, inputs, &generator), view(inputs, outputs, &generator),
                view(rows, outputs, &generator)
            )
        }
        defer {
            for (a, b, c) in operands { for view in [a, b, c] { view.base.deallocate() } }
        }
        return try median(limit) { for (a, b, c) in operands { BLAS.multiply(a, b, into: c) } }
    }

    private func view(_ rows: Int, _ columns: Int, _ generator: inout SeededGenerator) -> RowView {
        let base = UnsafeMutablePointer<Float>.allocate(capacity: rows * columns)
        for i in 0..<rows * columns { base[i] = Float(generator.normal()) }
        return RowView(base, count: rows, width: columns)
    }
}
