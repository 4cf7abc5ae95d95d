import LinearAlgebra

/// Rows of a batch's results while workers write them, sequence after sequence.
final class RowBuffer: @unchecked Sendable {
    // Sendable because each worker writes to the rows of its own sequences, and `rows` is read
    // only after all workers are done.
    private let base: UnsafeMutablePointer<Float>
    private let starts: [Int]
    private let width: Int

    /// - Parameter lengths: how many rows each sequence has.
    init(lengths: [Int], width: Int) {
        var starts = [0]
        for length in lengths { starts.append(starts[starts.count - 1] + length) }
        self.starts = starts
        self.width = width
        base = .allocate(capacity: max(1, starts[lengths.count] * width))
        base.initialize(repeating: 0, count: starts[lengths.count] * width)
    }

    deinit { base.deallocate() }

    /// The rows of some sequences.
    func view(_ sequences: Range<Int>) -> RowView {
        let (first, last) = (starts[sequences.lowerBound], starts[sequences.upperBound])
        return RowView(base + first * width, count: last - first, width: width)
    }

    /// A copy of all rows.
    var rows: RaggedRows {
        let count = starts[starts.count - 1]
        let storage = Array(UnsafeBufferPointer(start: base, count: count * width))
        return RaggedRows(
            values: Matrix(rows: count, columns: width, storage: storage), starts: starts)
    }
}
