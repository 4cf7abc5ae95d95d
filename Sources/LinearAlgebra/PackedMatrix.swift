import COpenBLAS

/// A matrix with a bias, packed once for being multiplied from the right many times.
///
/// y = x W + b. The bits of a row of y depend on that row of x alone: not on how many rows there
/// are, on the row's place, on threads, or on the CPU (see `row_product.h` for the reason that
/// OpenBLAS is not used here). Columns are padded with zeros to whole panels of 16. Weights of 16
/// bits stay so in memory and act as the 32-bit numbers that they are.
public struct PackedMatrix: Sendable, Hashable {
    /// How elements are stored.
    public enum Element: Int32, Sendable, Hashable {
        case float32 = 0
        case bfloat16 = 1
        case float16 = 2

        /// In bytes.
        public var size: Int { self == .float32 ? 4 : 2 }
    }

    /// The packed weights: panel after panel, in each panel inner index after inner index.
    enum Panels: Sendable, Hashable {
        case words([Float])
        case halves([UInt16])
    }

    /// The length of a row of x.
    public let inner: Int
    /// The length of a row of y.
    public let columns: Int
    /// How the weights are stored.
    public let element: Element
    /// The bias, padded with zeros to ``stride``.
    public let bias: [Float]
    let panels: Panels

    /// How many rows go through all panels together, and are packed for it.
    public static let rowsPerPass = Int(CJ_ROWS)

    /// How wide the rows of y must be spaced at least: `columns` rounded up to a multiple of 16.
    public var stride: Int { Self.padded(columns) }

    /// `count` rounded up to a multiple of 16.
    public static func padded(_ count: Int) -> Int { (count + 15) & ~15 }

    init(inner: Int, columns: Int, element: Element, panels: Panels, bias: [Float]?) {
        precondition(
            bias == nil || bias?.count == columns,
            "PackedMatrix: bias of \(bias?.count ?? 0) for \(columns) columns")
        self.inner = inner
        self.columns = columns
        self.element = element
        self.panels = panels
        self.bias =
            (bias ?? [])
            + [Float](repeating: 0, count: Self.padded(columns) - (bias?.count ?? 0))
    }

    /// How many bytes the weights and the bias take.
    public var byteCount: Int { inner * stride * element.size + 4 * stride }

    /// The packed weights as they lie in memory.
    public func withPanelBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        switch panels {
        case .words(let values): values.withUnsafeBytes(body)
        case .halves(let values): values.withUnsafeBytes(body)
        }
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
        withPanelBytes { panels in
            bias.withUnsafeBufferPointer { bias in
                guard let panels = panels.baseAddress, let bias = bias.baseAddress else { return }
                cj_row_product(
                    x.count, inner, stride / 16, x.base, x.stride, panels, element.rawValue, bias,
                    output.base, output.stride, adding ? 1 : 0)
            }
        }
    }

    /// ``multiply(_:into:adding:)`` without any instruction newer than the baseline, for tests.
    func multiplyPortably(_ x: RowView, into output: RowView) {
        withPanelBytes { panels in
            bias.withUnsafeBufferPointer { bias in
                guard let panels = panels.baseAddress, let bias = bias.baseAddress else { return }
                cj_row_product_portable(
                    x.count, inner, stride / 16, x.base, x.stride, panels, element.rawValue, bias,
                    output.base, output.stride, 0)
            }
        }
    }
}
