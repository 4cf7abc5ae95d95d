import LinearAlgebra
import Subjects
import Testing

@testable import Dictionaries

@Suite struct LatentScanTests {
    /// F1 of a latent above a threshold, by the definition.
    private func f1(
        _ latent: Int, _ share: Double, _ property: Int, _ sparse: [SparseRow],
        _ maxima: [Float], _ bits: PropertyBits
    ) -> Double {
        var (tp, fp, fn) = (0.0, 0.0, 0.0)
        for (row, values) in sparse.enumerated() {
            let says = values[latent] > Float(share) * maxima[latent]
            let holds = bits.bits[property][row]
            tp += says && holds ? 1 : 0
            fp += says && !holds ? 1 : 0
            fn += !says && holds ? 1 : 0
        }
        return tp + fp + fn > 0 ? 2 * tp / (2 * tp + fp + fn) : 0
    }

    @Test(arguments: UInt64(0)..<12) func findsWhatAskingEveryPairFinds(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let (latents, properties) = (1 + g.below(12), 1 + g.below(70))
        let (sparse, table, bits) = randomTable(
            rows: 2 + g.below(60), latents: latents, properties: properties, &g)
        let maxima = table.maxima
        let scan = LatentScan(table, bits, thresholds: .init(maxima: maxima))
        for (level, share) in ActivationThresholds.usualShares.enumerated() {
            for property in 0..<properties {
                let all = (0..<latents).map { f1($0, share, property, sparse, maxima, bits) }
                let match = scan.best[level][property]
                #expect(match.f1 == all.max())
                if match.f1 > 0 { #expect(match.latent == all.firstIndex(of: match.f1)) }
            }
        }
        for latent in 0..<latents {
            let all = ActivationThresholds.usualShares.flatMap { share in
                (0..<properties).map { f1(latent, share, $0, sparse, maxima, bits) }
            }
            #expect((scan.ofLatent[latent]?.f1 ?? 0) == all.max())
        }
    }

    @Test(arguments: UInt64(0)..<10) func threadsChangeNothing(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let (_, table, bits) = randomTable(rows: 90, latents: 150, properties: 20, &g)
        let thresholds = ActivationThresholds(maxima: table.maxima)
        let one = LatentScan(table, bits, thresholds: thresholds)
        let four = LatentScan(table, bits, thresholds: thresholds, threads: 4)
        #expect(one.best == four.best)
        #expect(one.ofLatent == four.ofLatent)
        #expect(one.precise == four.precise)
    }

    @Test(arguments: UInt64(0)..<15) func reconstructsWhatNearlySureLatentsSay(seed: UInt64) {
        var g = SeededGenerator(seed: seed)
        let (_, table, bits) = randomTable(rows: 150, latents: 12, properties: 7, &g)
        let (sparse, other, truth) = randomTable(rows: 60, latents: 12, properties: 7, &g)
        var precision = LatentScan.Precision()
        precision.least = 0.4
        precision.leastCount = 5
        let scan = LatentScan(
            table, bits, thresholds: .init(maxima: table.maxima), precision: precision)
        let groups = (0..<60).map { $0 / 10 }
        let board = BoardReconstruction(
            scan, other, truth, properties: Array(0..<7), groups: groups, groupCount: 6)
        for level in 0..<10 {
            var counts = BoardReconstruction.Counts()
            for row in 0..<60 {
                for property in 0..<7 {
                    let said = (0..<12).contains { latent in
                        sparse[row][latent] > scan.thresholds.floors(of: latent)[level]
                            && scan.precise[level][latent][property]
                    }
                    counts.predicted += said ? 1 : 0
                    counts.holding += truth.bits[property][row] ? 1 : 0
                    counts.truePositives += said && truth.bits[property][row] ? 1 : 0
                }
            }
            #expect(board.pooled[level] == counts)
        }
        #expect(
            board.pooled.dropLast().allSatisfy { $0.f1 <= board.pooled[board.bestThreshold].f1 })
    }

    @Test func leavesPropertiesOut_whenTheyAreConstant() {
        let table = LatentTable(
            [SparseRow(indices: [0], values: [1]), SparseRow(indices: [], values: [])],
            latentCount: 1)
        let bits = PropertyBits(names: ["never", "always", "first"], rowCount: 2) { property, row in
            property == 1 || property == 2 && row == 0
        }
        let coverage = Coverage(
            LatentScan(table, bits, thresholds: .init(maxima: table.maxima)), rowCount: 2)
        #expect(coverage.properties == [2])
        #expect(Coverage.mean(coverage.perProperty) == 1)
    }
}
