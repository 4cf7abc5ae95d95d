/// Rows of few entries each: for term weights, of which a text has a handful among thousands.
struct SparseRows: Sendable {
    private(set) var offsets: [Int] = [0]
    private(set) var columns: [Int32] = []
    private(set) var values: [Double] = []
    let columnCount: Int

    init(columnCount: Int) { self.columnCount = columnCount }

    var count: Int { offsets.count - 1 }

    mutating func append(_ entries: [(column: Int32, value: Double)]) {
        for entry in entries {
            columns.append(entry.column)
            values.append(entry.value)
        }
        offsets.append(columns.count)
    }

    /// Row `index` times `x`.
    func product(_ index: Int, _ x: [Double]) -> Double {
        var sum = 0.0
        for place in offsets[index]..<offsets[index + 1] {
            sum += values[place] * x[Int(columns[place])]
        }
        return sum
    }

    /// Adds `scale` times row `index` to `x`.
    func add(_ index: Int, scale: Double, to x: inout [Double]) {
        for place in offsets[index]..<offsets[index + 1] {
            x[Int(columns[place])] += scale * values[place]
        }
    }

    /// These rows less those of `other`, row by row.
    func less(_ other: SparseRows) -> SparseRows {
        var result = SparseRows(columnCount: columnCount)
        for row in 0..<count {
            var entries: [Int32: Double] = [:]
            for place in offsets[row]..<offsets[row + 1] {
                entries[columns[place], default: 0] += values[place]
            }
            for place in other.offsets[row]..<other.offsets[row + 1] {
                entries[other.columns[place], default: 0] -= other.values[place]
            }
            result.append(entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
        return result
    }
}
