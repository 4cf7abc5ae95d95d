/// Sums of products of columns, added up in one order on every CPU and in every cut of the work.
enum InnerProducts {
    /// Σ over the rows of left · right for every pair of a left and a right column, [left × right]
    /// with the left index running fastest.
    ///
    /// - Complexity: rows · left · right multiplications, in tiles of 2 × 2 columns.
    static func between(
        _ left: Range<Int>, _ right: Range<Int>, of table: ColumnMatrix, rows: Range<Int>
    ) -> [Double] {
        var result = [Double](repeating: 0, count: left.count * right.count)
        guard !rows.isEmpty else { return result }
        table.storage.withUnsafeBufferPointer { storage in
            guard let base = storage.baseAddress else { return }
            func start(_ column: Int, _ bounds: Range<Int>) -> UnsafePointer<Double> {
                base + min(column, bounds.upperBound - 1) * table.rows + rows.lowerBound
            }
            for b in stride(from: right.lowerBound, to: right.upperBound, by: 2) {
                for a in stride(from: left.lowerBound, to: left.upperBound, by: 2) {
                    let tile = tile(
                        start(a, left), start(a + 1, left), start(b, right), start(b + 1, right),
                        count: rows.count)
                    for (i, sum) in [tile.0, tile.1, tile.2, tile.3].enumerated() {
                        let (l, r) = (a + i % 2, b + i / 2)
                        guard l < left.upperBound, r < right.upperBound else { continue }
                        let place = (r - right.lowerBound) * left.count + l - left.lowerBound
                        result[place] = sum
                    }
                }
            }
        }
        return result
    }

    /// Σ over the rows of a vector · column for every column.
    static func between(
        _ vector: [Double], andColumnsOf table: ColumnMatrix, rows: Range<Int>
    ) -> [Double] {
        precondition(vector.count == table.rows, "\(vector.count) elements, \(table.rows) rows")
        var result = [Double](repeating: 0, count: table.columns)
        guard !rows.isEmpty else { return result }
        vector.withUnsafeBufferPointer { vector in
            table.storage.withUnsafeBufferPointer { storage in
                guard let left = vector.baseAddress, let base = storage.baseAddress else { return }
                func start(_ column: Int) -> UnsafePointer<Double> {
                    base + min(column, table.columns - 1) * table.rows + rows.lowerBound
                }
                let v = left + rows.lowerBound
                for c in stride(from: 0, to: table.columns, by: 2) {
                    let sums = tile(v, v, start(c), start(c + 1), count: rows.count)
                    result[c] = sums.0
                    if c + 1 < table.columns { result[c + 1] = sums.2 }
                }
            }
        }
        return result
    }

    /// Σ a · b.
    static func dot(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Double {
        precondition(a.count == b.count, "a product of \(a.count) and \(b.count) elements")
        // Through pointers, as a generic loop that is not specialised is a hundred times slower.
        let sum = a.withContiguousStorageIfAvailable { a in
            b.withContiguousStorageIfAvailable { b in
                var sum = 0.0
                for i in a.indices { sum += a[i] * b[i] }
                return sum
            }
        }
        return (sum ?? nil) ?? zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The sums a·c, b·c, a·d and b·d over `count` neighbouring elements.
    @inline(__always)
    private static func tile(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ c: UnsafePointer<Double>,
        _ d: UnsafePointer<Double>, count: Int
    ) -> (Double, Double, Double, Double) {
        var (ac, bc) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        var (ad, bd) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        func load(_ pointer: UnsafePointer<Double>, _ index: Int) -> SIMD4<Double> {
            UnsafeRawPointer(pointer + index).loadUnaligned(as: SIMD4<Double>.self)
        }
        let whole = count & ~3
        for i in stride(from: 0, to: whole, by: 4) {
            let (va, vb, vc, vd) = (load(a, i), load(b, i), load(c, i), load(d, i))
            ac += va * vc
            bc += vb * vc
            ad += va * vd
            bd += vb * vd
        }
        var rest = (ac.sum(), bc.sum(), ad.sum(), bd.sum())
        for i in whole..<count {
            rest.0 += a[i] * c[i]
            rest.1 += b[i] * c[i]
            rest.2 += a[i] * d[i]
            rest.3 += b[i] * d[i]
        }
        return rest
    }
}
