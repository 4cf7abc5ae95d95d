import Foundation
import LinearAlgebra
import Statistics
import Testing

@testable import Mining

@Suite struct ScoreModelTests {
    private func problem(
        _ seed: UInt64, _ target: (Double, Double, inout SeededGenerator) -> Double
    ) -> FittingProblem {
        var generator = SeededGenerator(seed: seed)
        var columns: [Column] = [[], []]
        var values: [Double] = []
        for _ in 0..<300 {
            let (a, b) = (
                Double.random(in: -1...1, using: &generator),
                Double.random(in: -1...1, using: &generator)
            )
            columns[0].append(a)
            columns[1].append(Double.random(in: 0..<1, using: &generator) < 0.1 ? nil : b)
            values.append(target(a, b, &generator))
        }
        return FittingProblem(
            names: ["a", "b"], columns: columns, target: values, trials: nil,
            folds: values.indices.map { $0 % 5 }, kind: .numeric)
    }

    @Test(arguments: UInt64(0)..<20) func sharesSumToTheScore(seed: UInt64) throws {
        let problem = problem(seed) { a, b, _ in a - b }
        let model = try ScoreModel.fit(problem)
        for row in problem.target.indices {
            let values = problem.columns.map { $0[row] }
            let sum = model.shares(values).reduce(model.intercept, +)
            #expect(abs(sum - model.score(values)) < 1e-12)
            if values[1] == nil { #expect(model.shares(values)[1] == 0) }
        }
    }

    @Test func fitsEachKindOfTarget_soThatHigherScoresMeanMore() throws {
        func truth(_ a: Double, _ b: Double, _ generator: inout SeededGenerator) -> Double {
            3 * a - b + Double.random(in: -0.5...0.5, using: &generator)
        }
        var numeric = problem(1, truth)
        var binary = problem(1) { truth($0, $1, &$2) > 0 ? 1 : 0 }
        binary.kind = .binary
        var ordinal = problem(1) { (truth($0, $1, &$2) + 4).rounded(.down).clamped(0, 6) }
        ordinal.kind = .ordinal
        var counts = problem(1) { a, b, generator in
            let chance = 1 / (1 + exp(-truth(a, b, &generator)))
            return (10 * chance).rounded() / 10
        }
        counts.kind = .counts
        counts.trials = counts.target.map { _ in 10 }
        numeric.kind = .numeric
        for problem in [numeric, binary, ordinal, counts] {
            let model = try ScoreModel.fit(problem)
            let predicted = problem.target.indices.map { row in
                model.prediction(score: model.score(problem.columns.map { $0[row] }))
            }
            let agreement = RankStatistics.spearman(predicted, problem.target) ?? 0
            #expect(agreement > 0.7, "\(problem.kind): \(agreement)")
            let error = zip(predicted, problem.target).reduce(0) { $0 + abs($1.0 - $1.1) } / 300
            let spread = (problem.target.max() ?? 0) - (problem.target.min() ?? 0)
            #expect(error < 0.25 * spread, "\(problem.kind): \(error) of \(spread)")
        }
    }

    @Test func aPreferenceHasNoIntercept_andIsOppositeForTheOppositePair() throws {
        var problem = problem(4) { a, b, _ in a > b ? 1 : 0 }
        problem.kind = .preference
        let model = try ScoreModel.fit(problem)
        #expect(model.intercept == 0)
        #expect(abs(model.score([0.4, -0.2]) + model.score([-0.4, 0.2])) < 1e-12)
    }

    @Test func aLongTailIsFittedAsALogarithm() throws {
        var problem = problem(5) { a, _, _ in a > 0.9 ? 400 : a > 0 ? 3 : 0 }
        problem.kind = .numeric
        let model = try ScoreModel.fit(problem)
        #expect(model.link == .logarithm)
        #expect(model.prediction(score: -3) == 0)
    }
}

extension Double {
    fileprivate func clamped(_ low: Double, _ high: Double) -> Double {
        Swift.min(high, Swift.max(low, self))
    }
}
