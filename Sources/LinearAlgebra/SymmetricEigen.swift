/// The eigenvalues and eigenvectors of a symmetric matrix, in double precision.
///
/// A Householder reduction to three diagonals, then QL steps with implicit shifts. No library takes part,
/// so that the bits are the same on every machine.
///
/// - Complexity: about 9 n³ flop.
/// - Source: Bowdler, Martin, Reinsch and Wilkinson 1968, "The QR and QL algorithms for symmetric
///   matrices" (EISPACK's tred2 and tql2).
public struct SymmetricEigen: Sendable {
    /// In increasing order.
    public private(set) var values: [Double]
    /// The vector of each value, of length 1, one after the other, [n × n].
    public private(set) var vectors: [Double]

    /// More steps than these for one value are never needed.
    private static let stepLimit = 60

    /// - Parameter matrix: [n × n], symmetric and finite; only its lower half is read.
    /// - Precondition: it has n² elements.
    public init(_ matrix: [Double], size n: Int) {
        precondition(n > 0 && matrix.count == n * n, "\(matrix.count) elements for \(n) × \(n)")
        var rows = matrix
        var diagonal = [Double](repeating: 0, count: n)
        var beside = [Double](repeating: 0, count: n)
        Self.reduce(&rows, &diagonal, &beside, n)
        // From here on row k is the k-th vector, so that turning two of them reads memory in order.
        var vectors = [Double](repeating: 0, count: n * n)
        for r in 0..<n { for c in 0..<n { vectors[c * n + r] = rows[r * n + c] } }
        Self.iterate(&vectors, &diagonal, &beside, n)
        let order = (0..<n).sorted { (diagonal[$0], $0) < (diagonal[$1], $1) }
        values = order.map { diagonal[$0] }
        self.vectors = order.flatMap { vectors[$0 * n..<($0 + 1) * n] }
    }

    /// Leaves the three diagonals, and in `a` the product of the reflections.
    private static func reduce(
        _ a: inout [Double], _ d: inout [Double], _ e: inout [Double], _ n: Int
    ) {
        a.withUnsafeMutableBufferPointer { a in
            for i in stride(from: n - 1, to: 0, by: -1) { reflect(a, &d, &e, i, n) }
            d[0] = 0
            e[0] = 0
            for i in 0..<n { accumulate(a, &d, i, n) }
        }
    }

    /// Takes row i to its place beside the diagonal.
    private static func reflect(
        _ a: UnsafeMutableBufferPointer<Double>, _ d: inout [Double], _ e: inout [Double], _ i: Int,
        _ n: Int
    ) {
        let row = i * n
        var scale = 0.0
        for k in 0..<i { scale += abs(a[row + k]) }
        guard i > 1, scale > 0 else {
            e[i] = a[row + i - 1]
            d[i] = 0
            return
        }
        var h = 0.0
        for k in 0..<i {
            a[row + k] /= scale
            h += a[row + k] * a[row + k]
        }
        let f = a[row + i - 1]
        let g = f > 0 ? -h.squareRoot() : h.squareRoot()
        e[i] = scale * g
        h -= f * g
        a[row + i - 1] = f - g
        // e = A u / h, row by row of the lower half, each row also for its column.
        for j in 0..<i { e[j] = 0 }
        for j in 0..<i {
            let u = a[row + j]
            var sum = a[j * n + j] * u
            for k in 0..<j {
                sum += a[j * n + k] * a[row + k]
                e[k] += a[j * n + k] * u
            }
            e[j] += sum
        }
        var inner = 0.0
        for j in 0..<i {
            a[j * n + i] = a[row + j] / h
            e[j] /= h
            inner += e[j] * a[row + j]
        }
        let half = inner / (h + h)
        for j in 0..<i { e[j] -= half * a[row + j] }
        for j in 0..<i {
            let (u, p) = (a[row + j], e[j])
            for k in 0...j { a[j * n + k] -= u * e[k] + p * a[row + k] }
        }
        d[i] = h
    }

    /// Multiplies reflection i into the product of those before it.
    private static func accumulate(
        _ a: UnsafeMutableBufferPointer<Double>, _ d: inout [Double], _ i: Int, _ n: Int
    ) {
        if d[i] != 0 {
            var sums = [Double](repeating: 0, count: i)
            for k in 0..<i {
                let u = a[i * n + k]
                for j in 0..<i { sums[j] += u * a[k * n + j] }
            }
            for k in 0..<i {
                let v = a[k * n + i]
                for j in 0..<i { a[k * n + j] -= sums[j] * v }
            }
        }
        d[i] = a[i * n + i]
        a[i * n + i] = 1
        for j in 0..<i {
            a[j * n + i] = 0
            a[i * n + j] = 0
        }
    }

    /// Makes the elements beside the diagonal vanish, and turns the vectors along.
    private static func iterate(
        _ v: inout [Double], _ d: inout [Double], _ e: inout [Double], _ n: Int
    ) {
        for i in 1..<max(1, n) { e[i - 1] = e[i] }
        e[n - 1] = 0
        v.withUnsafeMutableBufferPointer { v in
            for l in 0..<n {
                for _ in 0..<stepLimit {
                    var m = l
                    while m < n - 1 {
                        let size = abs(d[m]) + abs(d[m + 1])
                        if abs(e[m]) <= Double.ulpOfOne * size { break }
                        m += 1
                    }
                    if m == l { break }
                    step(v, &d, &e, from: l, to: m, n)
                }
            }
        }
    }

    private static func step(
        _ v: UnsafeMutableBufferPointer<Double>, _ d: inout [Double], _ e: inout [Double],
        from l: Int, to m: Int, _ n: Int
    ) {
        var g = (d[l + 1] - d[l]) / (2 * e[l])
        var r = (g * g + 1).squareRoot()
        g = d[m] - d[l] + e[l] / (g + (g < 0 ? -r : r))
        var (s, c, p) = (1.0, 1.0, 0.0)
        for i in stride(from: m - 1, through: l, by: -1) {
            let f = s * e[i]
            let b = c * e[i]
            r = (f * f + g * g).squareRoot()
            e[i + 1] = r
            guard r != 0 else {
                d[i + 1] -= p
                e[m] = 0
                return
            }
            s = f / r
            c = g / r
            g = d[i + 1] - p
            r = (d[i] - g) * s + 2 * c * b
            p = s * r
            d[i + 1] = g + p
            g = c * r - b
            turn(v, i, s, c, n)
        }
        d[l] -= p
        e[l] = g
        e[m] = 0
    }

    /// Turns vectors i and i + 1 in their plane.
    private static func turn(
        _ v: UnsafeMutableBufferPointer<Double>, _ i: Int, _ s: Double, _ c: Double, _ n: Int
    ) {
        guard let base = v.baseAddress else { return }
        let (lower, upper) = (base + i * n, base + (i + 1) * n)
        for k in 0..<n {
            let f = upper[k]
            upper[k] = s * lower[k] + c * f
            lower[k] = c * lower[k] - s * f
        }
    }
}
