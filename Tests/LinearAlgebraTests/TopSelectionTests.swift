import LinearAlgebra
import Testing

@Suite struct TopSelectionTests {
    @Test(arguments: UInt64(0)..<300) func matchesSorting(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let count = g.below(300)
        // Few distinct values on odd seeds, so that ties decide; both zeros among them.
        let row = (0..<count).map { _ -> Float in
            seed % 2 == 1 ? Float(g.below(4) - 2) * (g.below(2) == 0 ? 1 : -1) : Float(g.normal())
        }
        let k = g.below(40)
        let expected = row.indices
            .sorted { row[$0] > row[$1] || (row[$0] == row[$1] && $0 < $1) }
            .prefix(k).sorted().map { UInt32($0) }
        var selection = TopSelection()
        var indices: [UInt32] = [1, 2, 3]
        for _ in 0..<2 {
            row.withUnsafeBufferPointer { selection.select(k, of: $0, into: &indices) }
            #expect(indices == expected)
        }
    }

    @Test func picksInfinity_andNaNFirst() {
        let row: [Float] =
            [1, -.infinity, 2, .infinity] + [Float](repeating: 0, count: 40) + [.nan]
        var selection = TopSelection()
        var indices: [UInt32] = []
        row.withUnsafeBufferPointer { selection.select(3, of: $0, into: &indices) }
        #expect(indices == [2, 3, 44])
    }
}
