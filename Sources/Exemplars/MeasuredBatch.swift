import Subjects

/// The latents of a run of chunks, row after row; only tokens of the text have rows.
struct MeasuredBatch: Sendable {
    struct Chunk: Sendable {
        /// Its number in the corpus.
        let number: UInt32
        let contentKey: UInt64
        let rows: Range<Int>
    }

    private(set) var chunks: [Chunk] = []
    /// Where each row's latents begin, and at the end how many there are.
    private(set) var starts: [Int] = [0]
    /// Ascending within a row.
    private(set) var indices: [UInt32] = []
    private(set) var values: [Float] = []

    /// Adds a chunk's rows, those of special tokens left out.
    mutating func append(_ rows: ArraySlice<SparseRow>, number: Int, contentKey: UInt64) {
        let first = starts.count - 1
        for row in rows {
            indices.append(contentsOf: row.indices)
            values.append(contentsOf: row.values)
            starts.append(indices.count)
        }
        chunks.append(
            Chunk(
                number: UInt32(number), contentKey: contentKey, rows: first..<starts.count - 1))
    }

    mutating func removeAll() {
        chunks.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
        indices.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
    }
}
