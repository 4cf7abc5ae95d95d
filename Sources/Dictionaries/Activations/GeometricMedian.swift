import LinearAlgebra

/// The point whose distances to all rows have the least sum.
///
/// - Source: Weiszfeld 1937; used for b_dec as in Gao et al. 2024, "Scaling and evaluating sparse
///   autoencoders".
enum GeometricMedian {
    /// More rows than these are not looked at: evenly spread ones are.
    static let rowLimit = 16_384
    private static let roundLimit = 100
    /// The sum's relative fall at which it counts as least.
    private static let tolerance = 1e-9

    /// - Parameters:
    ///   - rows: at least one.
    ///   - start: for instance the mean.
    static func point(of rows: RowView, from start: [Double]) -> [Double] {
        let count = min(rowLimit, rows.count)
        let chosen = (0..<count).map { $0 * rows.count / count }
        var (point, last) = (start, Double.infinity)
        for _ in 0..<roundLimit {
            var next = [Double](repeating: 0, count: rows.width)
            var (weights, distances) = (0.0, 0.0)
            for r in chosen {
                let row = rows.row(r)
                var square = 0.0
                for c in 0..<rows.width {
                    let difference = Double(row[c]) - point[c]
                    square += difference * difference
                }
                let distance = max(1e-12, square.squareRoot())
                distances += distance
                weights += 1 / distance
                for c in 0..<rows.width { next[c] += Double(row[c]) / distance }
            }
            guard distances < last * (1 - tolerance) else { break }
            last = distances
            point = next.map { $0 / weights }
        }
        return point
    }
}
