import Dispatch
import Synchronization

/// A run of neighbouring sequences that one worker takes through the model together.
struct Chunk: Sendable, Hashable {
    /// The sequences, by their places in the batch.
    let sequences: Range<Int>
    /// The row of the first token among all rows of the batch.
    let firstRow: Int
    /// How many tokens the sequences have.
    let rowCount: Int

    /// Neighbouring sequences put together while their rows stay within `capacity`.
    ///
    /// - Precondition: no sequence is longer than `capacity`.
    static func split(lengths: [Int], capacity: Int) -> [Chunk] {
        var chunks: [Chunk] = []
        var first = 0
        var firstRow = 0
        var rows = 0
        for (index, length) in lengths.enumerated() {
            precondition(length <= capacity, "a sequence of \(length) in chunks of \(capacity)")
            if rows + length > capacity {
                chunks.append(Chunk(sequences: first..<index, firstRow: firstRow, rowCount: rows))
                (first, firstRow, rows) = (index, firstRow + rows, 0)
            }
            rows += length
        }
        if rows > 0 {
            chunks.append(
                Chunk(sequences: first..<lengths.count, firstRow: firstRow, rowCount: rows))
        }
        return chunks
    }
}

/// Runs `body` for 0..<count on up to `threads` threads of Dispatch, not of the cooperative pool.
///
/// Each worker takes the next number that is left, so a slow core does not hold up the others.
/// Returns when all are done; the caller's thread is one of the workers.
package func inParallel(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
    precondition(threads > 0, "\(threads) threads")
    let workers = min(threads, count)
    guard workers > 1 else {
        for index in 0..<count { body(index) }
        return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            body(index)
        }
    }
}
