import COpenBLAS

/// A matrix with a bias, packed once for being multiplied from the right many times.
///
/// y = x W + b. The bits of a row of y depend on that row of x alone: not on how many rows there
/// are, on the row's place, on threads, or on the CPU (see `row_product.h` for the reason that
/// OpenBLAS is not used here). Columns are padded with zeros to whole panels of 16.
public struct PackedMatrix: Sendable, Hashable {
    /// The length of a row of x.
    public let inner: Int
    /// The length of a row of y.
    public let columns: Int
    /// The packed weights: panel after panel, in each panel inner index after inner index.
    public let panels: [Float]
    /// The bias, padded with zeros to ``stride``.
    public let bias: [Float]

    /// How wide the rows of y must be spaced at least: `columns` rounded up to a multiple of 16.
    public var stride: Int { Self.padded(columns) }

    /// `count` rounded up to a multiple of 16.
    public static func padded(_ count: Int) -> Int { (count + 15) & ~15 }

    /// - Parameters:
    ///   - matrix: W, [inner × columns].
    ///   - bias: b, one per column, or nil for none.
    /// - Precondition: a bias has as many elements as `matrix` has columns.
    public init(_ matrix: Matrix, bias: [Float]? = nil) {
        precondition(
            bias == nil || bias?.count == matrix.columns,
            "PackedMatrix: bias of \(bias?.count ?? 0) for \(matrix.columns) columns")
        inner = matrix.rows
        columns = matrix.columns
        let stride = Self.padded(columns)
        self.bias = (bias ?? []) + [Float](repeating: 0, count: stride - (bias?.count ?? 0))
        var panels = [Float](repeating: 0, count: inner * stride)
        for c in 0..<columns {
            let panel = (c >> 4) * inner * 16 + (c & 15)
            for i in 0..<inner { panels[panel + i * 16] = matrix.storage[i * columns + c] }
        }
        self.panels = panels
    }

    /// W given as its transpose, as PyTorch stores linear layers.
    ///
    /// - Parameters:
    ///   - transpose: [columns × inner], row after row.
    ///   - bias: b, one per column, or nil for none.
    /// - Precondition: the counts agree.
    public init(transpose: [Float], inner: Int, columns: Int, bias: [Float]? = nil) {
        precondition(
            transpose.count == inner * columns && (bias == nil || bias?.count == columns),
            "PackedMatrix: \(transpose.count) weights, bias of \(bias?.count ?? 0)")
        self.inner = inner
        self.columns = columns
        let stride = Self.padded(columns)
        self.bias = (bias ?? []) + [Float](repeating: 0, count: stride - (bias?.count ?? 0))
        var panels = [Float](repeating: 0, count: inner * stride)
        for c in 0..<columns {
            let panel = (c >> 4) * inner * 16 + (c & 15)
            for i in 0..<inner { panels[panel + i * 16] = transpose[c * inner + i] }
        }
        self.panels = panels
    }

    /// Copies one column of W, `inner` floats, unrounded.
    public func copyColumn(_ column: Int, into output: UnsafeMutablePointer<Float>) {
        precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
        let panel = (column >> 4) * inner * 16 + (column & 15)
        for i in 0..<inner { output[i] = panels[panel + i * 16] }
    }

    /// output = x W + b, or output + x W + b.
    ///
    /// - Parameters:
    ///   - x: rows of ``inner`` floats.
    ///   - output: as many rows of ``columns`` floats, spaced by at least ``stride``; what lies
    ///     between `columns` and `stride` is overwritten too. Must not overlap `x`.
    ///   - adding: whether to add to what `output` holds.
    /// - Complexity: 2 · rows · inner · stride flop.
    public func multiply(_ x: RowView, into output: RowView, adding: Bool = false) {
        precondition(
            x.width == inner && output.width == columns && output.count == x.count
                && output.stride >= stride,
            """
            multiply: \(x.count) × \(x.width) by \(inner) × \(columns) \
            into \(output.count) × \(output.width) spaced by \(output.stride)
            """)
        panels.withUnsafeBufferPointer { panels in
            bias.withUnsafeBufferPointer { bias in
                guard let panels = panels.baseAddress, let bias = bias.baseAddress else { return }
                cj_row_product(
                    x.count, inner, stride / 16, x.base, x.stride, panels, bias, output.base,
                    output.stride, adding ? 1 : 0)
            }
        }
    }

    /// ``multiply(_:into:adding:)`` without any instruction newer than the baseline, for tests.
    func multiplyPortably(_ x: RowView, into output: RowView) {
        panels.withUnsafeBufferPointer { panels in
            bias.withUnsafeBufferPointer { bias in
                guard let panels = panels.baseAddress, let bias = bias.baseAddress else { return }
                cj_row_product_portable(
                    x.count, inner, stride / 16, x.base, x.stride, panels, bias, output.base,
                    output.stride, 0)
            }
        }
    }
}
