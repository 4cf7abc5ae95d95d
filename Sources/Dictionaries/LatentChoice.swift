import LinearAlgebra

/// Which latents act on each row of a batch, how strongly, and how the loss changes with it: a sparse
/// table of a fixed number of places per row.
final class LatentChoice: @unchecked Sendable {
    // Sendable by these rules of TopKTrainer: in a part that workers share, each writes to the places of
    // rows that are its own and reads what an earlier part wrote; `order()` and `clear()`, which change the
    // whole, run on the trainer's thread between such parts, when no worker runs.
    /// Places per row.
    let count: Int
    let latents: UnsafeMutablePointer<UInt32>
    /// 0 where the place is not used.
    let activations: UnsafeMutablePointer<Float>
    /// The derivative of the loss by the pre-activation.
    let slopes: UnsafeMutablePointer<Float>
    /// The used places, latent after latent, those of a latent in the order of the rows.
    private(set) var places: [UInt32]
    /// Where a latent's places begin, and an end.
    private(set) var starts: [Int]
    /// Where a latent's next place goes, while they are ordered.
    private var next: [Int]
    private let rows: Int

    init(rows: Int, count: Int, latentCount: Int) {
        self.rows = rows
        self.count = count
        latents = .allocate(capacity: rows * count)
        latents.initialize(repeating: 0, count: rows * count)
        activations = .allocate(capacity: rows * count)
        activations.initialize(repeating: 0, count: rows * count)
        slopes = .allocate(capacity: rows * count)
        slopes.initialize(repeating: 0, count: rows * count)
        places = [UInt32](repeating: 0, count: rows * count)
        starts = [Int](repeating: 0, count: latentCount + 1)
        next = [Int](repeating: 0, count: latentCount)
    }

    deinit {
        latents.deallocate()
        activations.deallocate()
        slopes.deallocate()
    }

    /// Uses no place of any row.
    func clear() { activations.update(repeating: 0, count: rows * count) }

    /// Brings the places into the order of the latents (a counting sort).
    func order() {
        for latent in starts.indices { starts[latent] = 0 }
        for place in 0..<rows * count where activations[place] > 0 {
            starts[Int(latents[place]) + 1] += 1
        }
        for latent in 1..<starts.count {
            starts[latent] += starts[latent - 1]
            next[latent - 1] = starts[latent - 1]
        }
        for place in 0..<rows * count where activations[place] > 0 {
            let latent = Int(latents[place])
            places[next[latent]] = UInt32(place)
            next[latent] += 1
        }
    }

    /// How many rows a latent acts on.
    func useCount(of latent: Int) -> Int { starts[latent + 1] - starts[latent] }
}
