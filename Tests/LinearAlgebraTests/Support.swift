import LinearAlgebra

/// Random numbers of the size activations have.
func randomFloats(_ count: Int, _ generator: inout SeededGenerator, scale: Double = 1) -> [Float] {
    (0..<count).map { _ in Float(generator.normal() * scale) }
}

func randomMatrix(_ rows: Int, _ columns: Int, _ generator: inout SeededGenerator) -> Matrix {
    Matrix(rows: rows, columns: columns, storage: randomFloats(rows * columns, &generator))
}

/// Runs `body` on the rows of an array, spaced by `stride`.
func withRows<R>(
    _ storage: inout [Float], count: Int, width: Int, stride: Int? = nil, _ body: (RowView) -> R
) -> R {
    let stride = stride ?? width
    precondition(storage.count >= count * stride)
    return storage.withUnsafeMutableBufferPointer { buffer in
        body(RowView(buffer.baseAddress!, count: count, width: width, stride: stride))
    }
}

/// The greatest |a − b| / max(1, |b|).
func worstError(_ a: [Float], _ b: [Double]) -> Double {
    precondition(a.count == b.count)
    return zip(a, b).map { abs(Double($0) - $1) / max(1, abs($1)) }.max() ?? 0
}

func bits(_ values: some Sequence<Float>) -> [UInt32] { values.map(\.bitPattern) }
