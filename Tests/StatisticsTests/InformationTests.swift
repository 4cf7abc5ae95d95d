import LinearAlgebra
import Statistics
import Testing

@Suite struct InformationTests {
    @Test func matchesScikitLearnAndFrenzelPompe() throws {
        for row in try MiningReference.load().information {
            let plain = MutualInformation.between(row.x, row.y, neighbours: row.neighbours)
            // scikit-learn's own function returns 0 for what is below it.
            #expect(abs(max(0, try #require(plain)) - row.plain) < 1e-9)
            let conditional = MutualInformation.between(
                row.x, row.y, given: table(row.given), neighbours: row.neighbours)
            #expect(abs(try #require(conditional) - row.conditional) < 1e-9)
        }
    }

    /// −½ log(1 − r²) for normal pairs.
    @Test func findsTheInformationOfNormalPairs() throws {
        var generator = SeededGenerator(seed: 2)
        let r = 0.6
        let x = (0..<1500).map { _ in generator.normal() }
        let y = x.map { r * $0 + (1 - r * r).squareRoot() * generator.normal() }
        let truth = 0.2231
        let value = try #require(MutualInformation.between(x, y, neighbours: 4))
        #expect(abs(value - truth) < 0.05)
        let ranks = MutualInformation.uniformRanks(x, generator: &generator)
        let ranked = try #require(MutualInformation.between(ranks, y, neighbours: 4))
        #expect(abs(ranked - truth) < 0.05)
        let given = table([x.map { $0 + 0.01 * generator.normal() }])
        let rest = try #require(MutualInformation.between(x, y, given: given, neighbours: 4))
        #expect(abs(rest) < 0.1)
    }

    @Test func ranksBreakTiesAtRandom() {
        var generator = SeededGenerator(seed: 3)
        let values: [Double] = [5, 5, 1, 5]
        var firsts: Set<Double> = []
        for _ in 0..<40 {
            let ranks = MutualInformation.uniformRanks(values, generator: &generator)
            #expect(ranks.sorted() == [0.125, 0.375, 0.625, 0.875])
            #expect(ranks[2] == 0.125)
            firsts.insert(ranks[0])
        }
        #expect(firsts == [0.375, 0.625, 0.875])
        #expect(MutualInformation.between([1, 2], [1, 2], neighbours: 2) == nil)
    }

    @Test func conditionalInformationSelectsWhatRanksCannotSee() {
        var generator = SeededGenerator(seed: 5)
        let columns = (0..<6).map { _ in (0..<400).map { _ in generator.normal() } }
        let target = (0..<400).map {
            columns[0][$0] * columns[0][$0] + columns[1][$0] + 0.3 * generator.normal()
        }
        let problem = SelectionProblem(
            candidates: table(columns), target: target, folds: (0..<400).map { $0 % 5 })
        let selection = FeatureSelection(criterion: .conditionalInformation(neighbours: 5))
        let path = selection.path(problem, seed: 1)
        #expect(Set(path.selected).isSuperset(of: [0, 1]))
        #expect(path.selected.count <= 3)
        #expect(!FeatureSelection().path(problem, seed: 1).selected.contains(0))
    }

    @Test func partialRankCorrelationMatchesStatsmodels() throws {
        for row in try MiningReference.load().partial {
            let value = PartialRankCorrelation.value(row.x, row.y, controls: table(row.controls))
            #expect(abs(try #require(value) - row.value) < 1e-9)
        }
        let x: [Double] = [1, 2, 3, 4, 5, 6]
        let none = ColumnMatrix(rows: 6, columns: 0)
        let y: [Double] = [2, 1, 4, 3, 6, 5]
        let plain = try #require(PartialRankCorrelation.value(x, y, controls: none))
        #expect(abs(plain - (try #require(RankStatistics.spearman(x, y)))) < 1e-12)
        #expect(PartialRankCorrelation.value(x, y, controls: table([x])) == nil)
    }

    @Test func crossFittedPartialCorrelationIsTheSelections() throws {
        var generator = SeededGenerator(seed: 6)
        let problem = PlantedProblem.make(
            rows: 120, features: 2, strengths: [0.6], controlled: true, generator: &generator)
        let path = FeatureSelection().path(problem, seed: 0)
        let value = PartialRankCorrelation.crossFitted(
            Array(problem.candidates.column(0)), problem.target, controls: problem.controls,
            folds: problem.folds)
        #expect(abs(try #require(value) - (try #require(path.steps.first)).correlation) < 1e-9)
    }
}
