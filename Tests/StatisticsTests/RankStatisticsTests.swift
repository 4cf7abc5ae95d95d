import LinearAlgebra
import Statistics
import Testing

@Suite struct RankStatisticsTests {
    /// The slow twin: every pair of a positive and a negative.
    func plainAUROC(_ scores: [Double], _ labels: [Bool]) -> Double? {
        var (wins, pairCount) = (0.0, 0.0)
        for (i, label) in labels.enumerated() where label {
            for (j, other) in labels.enumerated() where !other {
                pairCount += 1
                wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0
            }
        }
        return pairCount > 0 ? wins / pairCount : nil
    }

    @Test(arguments: UInt64(0)..<200) func aurocMatchesEveryPair(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = generator.below(40)
        let levels = 1 + generator.below(30)
        let scores = (0..<count).map { _ in Double(generator.below(levels)) - 7 }
        let labels = (0..<count).map { _ in generator.below(3) == 0 }
        let fast = RankStatistics.auroc(scores: scores, labels: labels)
        guard let plain = plainAUROC(scores, labels) else {
            #expect(fast == nil)
            return
        }
        #expect(abs(try #require(fast) - plain) < 1e-12)
    }

    @Test func matchesScipy() throws {
        for row in try Reference.load().ranks {
            let auroc = RankStatistics.auroc(scores: row.x, labels: row.labels)
            #expect(abs(try #require(auroc) - row.auroc) < 1e-12)
            let spearman = try #require(RankStatistics.spearman(row.x, row.y))
            #expect(abs(spearman - row.spearman) < 1e-12)
            let pearson = try #require(RankStatistics.pearson(row.x, row.y))
            #expect(abs(pearson - row.pearson) < 1e-12)
        }
    }

    @Test func isNil_whenThereIsNothingToCompare() {
        #expect(RankStatistics.auroc(scores: [], labels: []) == nil)
        #expect(RankStatistics.auroc(scores: [1, 2], labels: [true, true]) == nil)
        #expect(RankStatistics.auroc(scores: [1, .nan], labels: [true, false]) == nil)
        #expect(RankStatistics.pearson([], []) == nil)
        #expect(RankStatistics.pearson([1], [1]) == nil)
        #expect(RankStatistics.pearson([0.1, 0.1, 0.1], [1, 2, 3]) == nil)
        #expect(RankStatistics.pearson([1, 2, .nan], [1, 2, 3]) == nil)
        #expect(RankStatistics.pearson([1, 2, .infinity], [1, 2, 3]) == nil)
        #expect(RankStatistics.spearman([2, 2], [1, 5]) == nil)
        #expect(RankStatistics.spearman([1, .nan], [1, 5]) == nil)
    }

    @Test func spearmanIgnoresTheScale() {
        let x = [0.1, 3, -2, 8, 5.5]
        let monotone = RankStatistics.spearman(x, x.map { $0 * $0 * $0 })
        #expect(monotone.map { abs($0 - 1) < 1e-12 } == true)
        let reversed = RankStatistics.spearman(x, x.map { -$0 })
        #expect(reversed.map { abs($0 + 1) < 1e-12 } == true)
    }

    @Test func midranksShareTies() {
        #expect(RankStatistics.midranks([3, 1, 3, 2, 3]) == [4, 1, 4, 2, 4])
        #expect(RankStatistics.midranks([]) == [])
    }
}
