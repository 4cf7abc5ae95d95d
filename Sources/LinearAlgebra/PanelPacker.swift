/// Makes a ``PackedMatrix`` from columns that lie elsewhere, a few at a time.
///
/// So a mapped file can be let go of as packing goes on, and no second copy of the weights exists.
public struct PanelPacker {
    public let inner: Int
    public let columns: Int
    public let element: PackedMatrix.Element
    private var words: [Float]
    private var halves: [UInt16]

    /// Takes the memory of the whole matrix.
    public init(inner: Int, columns: Int, element: PackedMatrix.Element) {
        self.inner = inner
        self.columns = columns
        self.element = element
        let count = inner * PackedMatrix.padded(columns)
        words = element == .float32 ? [Float](repeating: 0, count: count) : []
        halves = element == .float32 ? [] : [UInt16](repeating: 0, count: count)
    }

    /// Packs some columns.
    ///
    /// - Parameters:
    ///   - range: which; its beginning is a multiple of 16.
    ///   - step: how many elements lie between one element of a column and the next.
    ///   - source: where a column's first element is, at any alignment.
    public mutating func pack(
        _ range: Range<Int>, step: Int = 1, from source: (Int) -> UnsafeRawPointer
    ) {
        precondition(
            range.lowerBound % 16 == 0 && range.upperBound <= columns,
            "packing \(range) of \(columns) columns")
        let inner = inner
        switch element {
        case .float32:
            words.withUnsafeMutableBufferPointer { Self.fill($0, range, inner, step, source) }
        case .bfloat16, .float16:
            halves.withUnsafeMutableBufferPointer { Self.fill($0, range, inner, step, source) }
        }
    }

    private static func fill<Word: BitwiseCopyable>(
        _ panels: UnsafeMutableBufferPointer<Word>, _ range: Range<Int>, _ inner: Int, _ step: Int,
        _ source: (Int) -> UnsafeRawPointer
    ) {
        let size = MemoryLayout<Word>.size
        guard let base = panels.baseAddress else { return }
        withUnsafeTemporaryAllocation(of: UnsafeRawPointer.self, capacity: 16) { lanes in
            for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: 16) {
                let count = min(16, range.upperBound - first)
                for lane in 0..<count { lanes[lane] = source(first + lane) }
                let panel = base + first * inner
                for i in 0..<inner {
                    let offset = i * step * size
                    for lane in 0..<count {
                        panel[16 * i + lane] = lanes[lane].loadUnaligned(
                            fromByteOffset: offset, as: Word.self)
                    }
                }
            }
        }
    }

    /// The matrix.
    ///
    /// - Parameter bias: b, one per column, or nil for none.
    public consuming func packed(bias: [Float]? = nil) -> PackedMatrix {
        PackedMatrix(
            inner: inner, columns: columns, element: element,
            panels: element == .float32 ? .words(words) : .halves(halves), bias: bias)
    }
}

extension PackedMatrix {
    /// - Parameters:
    ///   - matrix: W, [inner × columns].
    ///   - bias: b, one per column, or nil for none.
    /// - Precondition: a bias has as many elements as `matrix` has columns.
    public init(_ matrix: Matrix, bias: [Float]? = nil) {
        self.init(
            matrix.storage, inner: matrix.rows, columns: matrix.columns, step: matrix.columns,
            columnStep: 1, bias)
    }

    /// W given as its transpose, as PyTorch stores linear layers.
    ///
    /// - Parameters:
    ///   - transpose: [columns × inner], row after row.
    ///   - bias: b, one per column, or nil for none.
    /// - Precondition: the counts agree.
    public init(transpose: [Float], inner: Int, columns: Int, bias: [Float]? = nil) {
        self.init(transpose, inner: inner, columns: columns, step: 1, columnStep: inner, bias)
    }

    private init(
        _ values: [Float], inner: Int, columns: Int, step: Int, columnStep: Int, _ bias: [Float]?
    ) {
        precondition(
            values.count == inner * columns,
            "PackedMatrix: \(values.count) weights for \(inner) × \(columns)")
        var packer = PanelPacker(inner: inner, columns: columns, element: .float32)
        values.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            packer.pack(0..<columns, step: step) { base + 4 * $0 * columnStep }
        }
        self = packer.packed(bias: bias)
    }
}
