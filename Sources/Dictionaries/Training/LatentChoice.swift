import LinearAlgebra

/// Which latents act on each row of a batch, how strongly, and how the loss changes with it: a sparse
/// table, by rows and, once it is ordered, by latents.
final class LatentChoice: @unchecked Sendable {
    // Sendable by these rules of TopKTrainer: in a part that workers share, each writes to the places of
    // rows that are its own and reads what an earlier part wrote; `reserve`, `clear` and `order`, which
    // change the whole, run on the trainer's thread between such parts, when no worker runs.

    /// Of each place, those of a row together.
    let latents: UnsafeMutablePointer<UInt32>
    let activations: UnsafeMutablePointer<Float>
    /// The derivative of the loss by the pre-activation.
    let slopes: UnsafeMutablePointer<Float>
    /// Of each place, those of a latent together, in the order of the rows.
    let orderedRows: UnsafeMutablePointer<UInt32>
    let orderedActivations: UnsafeMutablePointer<Float>
    let orderedSlopes: UnsafeMutablePointer<Float>
    /// Where a latent's places begin in that order, and an end.
    private(set) var starts: [Int]
    /// Where a latent's next place goes, while they are ordered.
    private var next: [Int]
    /// Where a row's places begin, and how many of them are used.
    private let firsts: UnsafeMutablePointer<Int>
    private let counts: UnsafeMutablePointer<Int>
    private let rows: Int

    /// `count` places for each row.
    init(rows: Int, count: Int, latentCount: Int) {
        func floats() -> UnsafeMutablePointer<Float> {
            let memory = UnsafeMutablePointer<Float>.allocate(capacity: rows * count)
            memory.initialize(repeating: 0, count: rows * count)
            return memory
        }
        self.rows = rows
        latents = .allocate(capacity: rows * count)
        latents.initialize(repeating: 0, count: rows * count)
        orderedRows = .allocate(capacity: rows * count)
        orderedRows.initialize(repeating: 0, count: rows * count)
        activations = floats()
        slopes = floats()
        orderedActivations = floats()
        orderedSlopes = floats()
        firsts = .allocate(capacity: rows)
        counts = .allocate(capacity: rows)
        counts.initialize(repeating: 0, count: rows)
        for row in 0..<rows { (firsts + row).initialize(to: row * count) }
        starts = [Int](repeating: 0, count: latentCount + 1)
        next = [Int](repeating: 0, count: latentCount)
    }

    deinit {
        latents.deallocate()
        activations.deallocate()
        slopes.deallocate()
        orderedRows.deallocate()
        orderedActivations.deallocate()
        orderedSlopes.deallocate()
        firsts.deallocate()
        counts.deallocate()
    }

    /// The used places of a row.
    func places(of row: Int) -> Range<Int> { firsts[row]..<firsts[row] + counts[row] }

    /// Uses no place of any row.
    func clear() { counts.update(repeating: 0, count: rows) }

    /// Uses no place of a row.
    func clear(row: Int) { counts[row] = 0 }

    /// Uses no place of any row, and lets a row's places begin where those of the row before end: rows
    /// must then be filled one after the other.
    func beginInTurn() {
        clear()
        firsts[0] = 0
    }

    /// Ends a row that is filled in turn.
    func endInTurn(_ row: Int) {
        if row + 1 < rows { firsts[row + 1] = firsts[row] + counts[row] }
    }

    /// Lets a latent act on a row.
    func add(_ latent: UInt32, _ activation: Float, to row: Int) {
        let place = firsts[row] + counts[row]
        latents[place] = latent
        activations[place] = activation
        counts[row] += 1
    }

    /// Brings the places into the order of the latents (a counting sort).
    func order() {
        for latent in starts.indices { starts[latent] = 0 }
        for row in 0..<rows {
            for place in places(of: row) { starts[Int(latents[place]) + 1] += 1 }
        }
        for latent in 1..<starts.count {
            starts[latent] += starts[latent - 1]
            next[latent - 1] = starts[latent - 1]
        }
        for row in 0..<rows {
            for place in places(of: row) {
                let latent = Int(latents[place])
                let index = next[latent]
                orderedRows[index] = UInt32(row)
                orderedActivations[index] = activations[place]
                orderedSlopes[index] = slopes[place]
                next[latent] += 1
            }
        }
    }

    /// A latent's places in the order that ``order()`` made.
    func uses(of latent: Int) -> Range<Int> { starts[latent]..<starts[latent + 1] }
}
