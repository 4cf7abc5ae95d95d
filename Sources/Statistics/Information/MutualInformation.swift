import LinearAlgebra

/// Mutual information from distances to nearest neighbours, in nats.
///
/// Estimates scatter around the truth and may be below 0. They are biased towards 0 the more, the
/// more columns are given, so values given different columns do not compare.
///
/// - Source: Kraskov, Stögbauer and Grassberger, Physical Review E 69, 2004, algorithm 1; Frenzel
///   and Pompe, Physical Review Letters 99, 2007, for the conditional form.
public enum MutualInformation {
    /// I(X; Y) = ψ(k) + ψ(N) − ⟨ψ(n_x + 1) + ψ(n_y + 1)⟩, where n_x and n_y count the rows that are
    /// nearer than the k-th neighbour in the greater of both distances.
    ///
    /// - Parameter neighbours: k. Small ones scatter, large ones smooth over detail; 3…10 is usual.
    /// - Returns: nil for no more rows than neighbours.
    /// - Complexity: O(n²), on all cores.
    /// - Note: ties distort it. Break them first, as ``uniformRanks(_:generator:)`` does.
    public static func between(_ x: [Double], _ y: [Double], neighbours: Int) -> Double? {
        between(x, y, given: ColumnMatrix(rows: x.count, columns: 0), neighbours: neighbours)
    }

    /// I(X; Y | Z) = ψ(k) + ⟨ψ(n_z + 1) − ψ(n_xz + 1) − ψ(n_yz + 1)⟩ in the greatest of the
    /// distances; without columns in Z the same as ``between(_:_:neighbours:)``.
    public static func between(
        _ x: [Double], _ y: [Double], given z: ColumnMatrix, neighbours: Int
    ) -> Double? {
        of([x], with: y, given: z, neighbours: neighbours)?.first
    }

    /// The information of each of several columns about one target, given the same columns.
    ///
    /// - Complexity: O(n² (columns given + candidates)): distances in Z are worked out once.
    public static func of(
        _ candidates: [[Double]], with y: [Double], given z: ColumnMatrix, neighbours: Int
    ) -> [Double]? {
        precondition(
            z.rows == y.count && candidates.allSatisfy { $0.count == y.count },
            "MutualInformation: counts must agree")
        precondition(neighbours >= 1, "MutualInformation: \(neighbours) neighbours")
        let n = y.count
        guard n > neighbours else { return nil }
        // ψ of whole numbers from 1: ψ(m + 1) = ψ(m) + 1/m.
        var digamma = [0, GammaFunctions.digamma(1)]
        for m in 1..<max(2, n) { digamma.append(digamma[m] + 1 / Double(m)) }
        let psi = digamma
        let parts = Repetitions.map(n) { row in
            let distances = RowDistances(row, y, z)
            return candidates.map { x in
                let counts = distances.counts(x, row, neighbours)
                return psi[counts.given + 1] - psi[counts.candidate + 1] - psi[counts.target + 1]
            }
        }
        return candidates.indices.map { place in
            psi[neighbours] + parts.reduce(0) { $0 + $1[place] } / Double(n)
        }
    }

    /// Ranks scaled to within 0…1, ties broken at random: information does not change with a
    /// monotone scale, and a tie says nothing.
    ///
    /// - Precondition: no value is NaN.
    public static func uniformRanks(
        _ values: [Double], generator: inout SeededGenerator
    ) -> [Double] {
        let order = generator.sample(values.count, of: values.count)
        let places = Array(order.indices).sorted {
            (values[order[$0]], $0) < (values[order[$1]], $1)
        }
        var ranks = [Double](repeating: 0, count: values.count)
        for (rank, place) in places.enumerated() {
            ranks[order[place]] = (Double(rank) + 0.5) / Double(values.count)
        }
        return ranks
    }
}

/// Distances of one row to all others.
private struct RowDistances {
    /// The greatest distance in Z.
    private var given: [Double]
    /// The greatest distance in Z and Y.
    private var target: [Double]

    init(_ row: Int, _ y: [Double], _ z: ColumnMatrix) {
        given = [Double](repeating: 0, count: y.count)
        for column in 0..<z.columns {
            let values = z.column(column)
            let first = values.startIndex
            let own = values[first + row]
            for i in given.indices { given[i] = max(given[i], abs(values[first + i] - own)) }
        }
        target = y
        let own = y[row]
        for i in target.indices { target[i] = max(given[i], abs(y[i] - own)) }
    }

    /// How many others are nearer in Z, in X and Z, and in Y and Z than the k-th neighbour in all.
    func counts(
        _ x: [Double], _ row: Int, _ k: Int
    ) -> (given: Int, candidate: Int, target: Int) {
        let own = x[row]
        var nearest = [Double](repeating: .infinity, count: k)
        for i in x.indices where i != row {
            var distance = max(target[i], abs(x[i] - own))
            guard distance < nearest[k - 1] else { continue }
            for place in 0..<k where distance < nearest[place] {
                swap(&nearest[place], &distance)
            }
        }
        let radius = nearest[k - 1]
        var counts = (given: 0, candidate: 0, target: 0)
        for i in x.indices where i != row && given[i] < radius {
            counts.given += 1
            if target[i] < radius { counts.target += 1 }
            if abs(x[i] - own) < radius { counts.candidate += 1 }
        }
        return counts
    }
}
