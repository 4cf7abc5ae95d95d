import LinearAlgebra
import Subjects

/// Sequences of tokens one after the other, and which of their positions give rows.
struct TokenContexts: Sendable {
    private(set) var tokens: [UInt32] = []
    private(set) var starts = [0]
    private(set) var pieces = ActivationPieces()
    /// The positions that give rows, or nil for all.
    private let positions: [ClosedRange<Int>]?

    init(positions: [ClosedRange<Int>]?) { self.positions = positions }

    var count: Int { starts.count - 1 }

    subscript(context: Int) -> ArraySlice<UInt32> {
        tokens[starts[context]..<starts[context + 1]]
    }

    mutating func add(_ ids: some Collection<UInt32>) {
        tokens += ids
        starts.append(tokens.count)
        pieces.add(rowCount: (0..<ids.count).count { isChosen($0) })
    }

    /// Cuts a long sequence.
    mutating func add(_ ids: [UInt32], length: Int) {
        for first in stride(from: 0, to: ids.count, by: length) {
            add(ids[first..<min(first + length, ids.count)])
        }
    }

    private func isChosen(_ position: Int) -> Bool {
        guard let positions else { return true }
        return positions.contains { $0.contains(position) }
    }

    /// Measures some contexts, 64 at a time, and gives the rows of the chosen positions.
    ///
    /// - Parameters:
    ///   - first: a token before every context, whose own row is left out: it is the same everywhere, and
    ///     often far longer than all others.
    ///   - measure: gives a row for each token of each sequence.
    func forEachRow(
        _ chosen: ArraySlice<Int>, first: Int?,
        measure: ([[Int]]) throws(SubjectError) -> RaggedRows,
        _ body: (UnsafeBufferPointer<Float>) -> Void
    ) throws(DictionaryError) {
        var start = chosen.startIndex
        while start < chosen.endIndex {
            let end = min(start + 64, chosen.endIndex)
            let sequences = chosen[start..<end].map { context in
                (first.map { [$0] } ?? []) + self[context].map { Int($0) }
            }
            let rows: RaggedRows
            do {
                rows = try measure(sequences)
            } catch {
                throw .subject(error)
            }
            give(rows, skipping: first == nil ? 0 : 1, body)
            start = end
        }
    }

    private func give(
        _ rows: RaggedRows, skipping lead: Int, _ body: (UnsafeBufferPointer<Float>) -> Void
    ) {
        let width = rows.values.columns
        rows.values.withUnsafeBufferPointer { values in
            for sequence in 0..<rows.starts.count - 1 {
                let first = rows.starts[sequence] + lead
                for row in first..<rows.starts[sequence + 1] where isChosen(row - first) {
                    body(UnsafeBufferPointer(rebasing: values[row * width..<(row + 1) * width]))
                }
            }
        }
    }
}
