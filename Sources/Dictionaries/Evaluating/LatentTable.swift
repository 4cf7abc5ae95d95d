import Subjects

/// A dictionary's activations on a list of rows, by row and by latent; only what is above 0 is kept.
public struct LatentTable: Sendable {
    public let latentCount: Int
    public let rowCount: Int
    /// Where each row's activations begin, and at the end how many there are.
    let rowStarts: [Int]
    /// The latents of each row, ascending.
    let latents: [UInt32]
    let values: [Float]
    /// Where each latent's activations begin.
    let latentStarts: [Int]
    /// The rows of each latent, ascending.
    let rows: [UInt32]
    let valuesByLatent: [Float]

    /// - Precondition: every index is below `latentCount`.
    public init(_ sparse: [SparseRow], latentCount: Int) {
        self.latentCount = latentCount
        rowCount = sparse.count
        var rowStarts = [0]
        rowStarts.reserveCapacity(sparse.count + 1)
        var latentStarts = [Int](repeating: 0, count: latentCount + 1)
        for row in sparse {
            rowStarts.append(rowStarts[rowStarts.count - 1] + row.indices.count)
            for latent in row.indices { latentStarts[Int(latent) + 1] += 1 }
        }
        for latent in 0..<latentCount { latentStarts[latent + 1] += latentStarts[latent] }
        let total = rowStarts[sparse.count]
        var latents: [UInt32] = []
        var values: [Float] = []
        latents.reserveCapacity(total)
        values.reserveCapacity(total)
        var rows = [UInt32](repeating: 0, count: total)
        var valuesByLatent = [Float](repeating: 0, count: total)
        var next = latentStarts
        for (number, row) in sparse.enumerated() {
            for (latent, value) in zip(row.indices, row.values) {
                latents.append(latent)
                values.append(value)
                let place = next[Int(latent)]
                rows[place] = UInt32(number)
                valuesByLatent[place] = value
                next[Int(latent)] += 1
            }
        }
        self.rowStarts = rowStarts
        self.latents = latents
        self.values = values
        self.latentStarts = latentStarts
        self.rows = rows
        self.valuesByLatent = valuesByLatent
    }

    /// The greatest activation of each latent, 0 for one that never fires.
    public var maxima: [Float] {
        (0..<latentCount).map { latent in
            valuesByLatent[latentStarts[latent]..<latentStarts[latent + 1]].max() ?? 0
        }
    }

    /// On how many rows a latent fires.
    public func useCount(of latent: Int) -> Int { latentStarts[latent + 1] - latentStarts[latent] }
}

/// Activations above t · greatest activation, for each of some t.
///
/// - Source: Karvonen et al. 2024, "Measuring Progress in Dictionary Learning for Language Model
///   Interpretability with Board Game Models", section 3: φ(x) = 1[f(x) > t · f_max].
public struct ActivationThresholds: Sendable, Hashable {
    /// Ascending shares of a latent's greatest activation.
    public let shares: [Double]
    /// The greatest activation of each latent.
    public let maxima: [Float]

    /// 0, 0.1, … 0.9.
    public static let usualShares = (0..<10).map { Double($0) / 10 }

    public init(maxima: [Float], shares: [Double] = usualShares) {
        precondition(
            zip(shares, shares.dropFirst()).allSatisfy { $0 < $1 }, "thresholds must ascend")
        self.maxima = maxima
        self.shares = shares
    }

    /// What an activation must be above, for each share.
    func floors(of latent: Int) -> [Float] { shares.map { Float($0) * maxima[latent] } }

    /// How many of the floors an activation is above: it is above the first so many.
    @inline(__always)
    static func level(_ value: Float, _ floors: [Float]) -> Int {
        var level = 0
        while level < floors.count, value > floors[level] { level += 1 }
        return level
    }
}
