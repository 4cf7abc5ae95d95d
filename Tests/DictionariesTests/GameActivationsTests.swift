import Foundation
import Games
import LinearAlgebra
import Subjects
import Testing

@testable import Dictionaries

@Suite struct GameActivationsTests {
    private static let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Examples/othello").path

    private let plan = TrainingPlan(
        latentCount: 64, architecture: .topK(k: 8), tokens: 4_000, batchSize: 200)

    private func source(
        games: Int = 150, randomModel: UInt64? = nil, threads: Int = 1, _ plan: TrainingPlan? = nil
    ) throws -> GameActivations {
        try GameActivations(
            model: Self.model, hook: "blocks.2.hook_resid_post", games: games,
            randomModel: randomModel, plan: plan ?? self.plan, threads: threads)
    }

    @Test func givesTheModelsResidualsOfItsGames() throws {
        let source = try source()
        let total = DataPart.allCases.reduce(0) { $0 + source.pieces(of: $1).count }
        #expect(total == 150)
        #expect(source.pieces(of: .heldOut).count > 2)
        var generator = SeededGenerator(seed: plan.seed, stream: 2)
        let rules = Othello.sixBySix
        let games = (0..<150).map { _ in rules.randomGame(using: &generator) }
        let training = games.filter { !plan.isHeldOut(rules.transcript($0)) }
        let model = try GPT2(folder: Self.model)
        let expected = try model.residuals(
            of: [Array(rules.tokens(training[3]).prefix(31))],
            at: .block(2, .post)
        ).values
        var rows: [Float] = []
        try source.forEachRow(of: .training, [3]) { rows += $0 }
        #expect(rows == expected.storage)
        #expect(source.facts.origin.prependsBOS == false)
    }

    @Test func isTheSameWithAnyNumberOfThreads_andAnotherWithAnotherSeed() throws {
        #expect(try source().identity() == source(threads: 3).identity())
        var other = plan
        other.seed = 2
        #expect(try source().identity() != source(other).identity())
        #expect(try source().identity() != source(randomModel: 1).identity())
        let trained = try DictionaryTraining(source: source(), plans: [plan]).run()
        let again = try DictionaryTraining(source: source(threads: 3), plans: [plan]).run()
        #expect(bits(trained[0]) == bits(again[0]))
    }

    @Test func hasAFloor_inTheSameModelWithRandomWeights() throws {
        let source = try source(randomModel: 3)
        let trained = try DictionaryTraining(source: source, plans: [plan]).run()[0]
        #expect(trained.facts.randomModel == 3)
        #expect(trained.configuration["metadata"]?["random_model_seed"]?.string == "3")
        #expect(trained.quality.explainedVariance.isFinite)
    }

    @Test func refusesAModelOfOtherTokens_andFewGames() throws {
        #expect(message { _ = try source(games: 1) }.hasPrefix("games is 1"))
        #expect(message { _ = try source(games: 3) }.contains("too small"))
    }
}
