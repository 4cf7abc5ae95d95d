import COpenBLAS

/// A matrix with a bias that is packed again whenever it has changed, in memory of its own.
///
/// y = x W + b with the bits that a ``PackedMatrix`` of the same numbers gives: for weights that are
/// being trained.
public final class PanelBuffer: @unchecked Sendable {
    // Sendable because whoever packs does so between products, never during one.
    /// The length of a row of x.
    public let inner: Int
    /// The length of a row of y.
    public let columns: Int
    private let panels: UnsafeMutablePointer<Float>
    private let bias: UnsafeMutablePointer<Float>

    /// How wide the rows of y must be spaced at least.
    public var stride: Int { PackedMatrix.padded(columns) }

    /// Zeros.
    public init(inner: Int, columns: Int) {
        precondition(inner > 0 && columns > 0, "PanelBuffer: \(inner) × \(columns)")
        self.inner = inner
        self.columns = columns
        let stride = PackedMatrix.padded(columns)
        panels = .allocate(capacity: inner * stride)
        panels.initialize(repeating: 0, count: inner * stride)
        bias = .allocate(capacity: stride)
        bias.initialize(repeating: 0, count: stride)
    }

    deinit {
        panels.deallocate()
        bias.deallocate()
    }

    /// Takes new numbers for some columns.
    ///
    /// - Parameters:
    ///   - range: which; both ends are multiples of 16, but for the last column.
    ///   - weights: Wᵀ, [columns × inner].
    ///   - newBias: b, one per column.
    public func pack(
        _ range: Range<Int>, of weights: RowView, bias newBias: UnsafePointer<Float>
    ) {
        precondition(
            range.lowerBound % 16 == 0 && range.upperBound <= columns && weights.count == columns
                && weights.width == inner,
            "packing \(range) of \(weights.count) × \(weights.width) into \(inner) × \(columns)")
        for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: 16) {
            let panel = panels + first * inner
            for lane in 0..<min(16, range.upperBound - first) {
                let row = weights.row(first + lane)
                for i in 0..<inner { panel[16 * i + lane] = row[i] }
                bias[first + lane] = newBias[first + lane]
            }
        }
    }

    /// output = x W + b.
    ///
    /// - Parameters: as of ``PackedMatrix/multiply(_:into:adding:)``.
    public func multiply(_ x: RowView, into output: RowView) {
        precondition(
            x.width == inner && output.width == columns && output.count == x.count
                && output.stride >= stride,
            """
            multiply: \(x.count) × \(x.width) by \(inner) × \(columns) \
            into \(output.count) × \(output.width) spaced by \(output.stride)
            """)
        cj_row_product(
            x.count, inner, stride / 16, x.base, x.stride, panels,
            PackedMatrix.Element.float32.rawValue, bias, output.base, output.stride, 0)
    }
}
