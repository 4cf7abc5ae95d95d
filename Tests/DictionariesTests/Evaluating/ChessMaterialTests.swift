import Games
import LinearAlgebra
import Testing

@testable import Dictionaries
@testable import Subjects

@Suite struct ChessMaterialTests {
    private func games(_ count: Int, moves: Int) throws -> [ChessGame] {
        var generator = SeededGenerator(seed: 4)
        return try (0..<count).map { _ in
            try ChessGame(moves: Array(Chess.randomGame(using: &generator).prefix(moves)))
        }
    }

    private func model(vocabulary: Int) -> GPT2 {
        let configuration = GPT2Configuration(
            vocabularySize: vocabulary, contextLength: 96, width: 16, layerCount: 2, headCount: 2)
        return GPT2(
            configuration: configuration, weights: .untrained(configuration, seed: 1), name: "chess"
        )
    }

    @Test func rowsAreWhereWhiteIsToMove() throws {
        let material = ChessMaterial(try games(3, moves: 10), context: 64, plan: .init())
        #expect(material.groups == material.dots.enumerated().flatMap { g, d in d.map { _ in g } })
        for (tokens, dots) in zip(material.sequences, material.dots) {
            #expect(tokens.count <= 64)
            #expect(dots.allSatisfy { tokens[$0] == 4 })
        }
        #expect(material.properties.rowCount == material.groups.count)
        // At the first dot of a game all 32 pieces stand where they stand at the start.
        let first = material.groups.indices.filter {
            $0 == 0 || material.groups[$0] != material.groups[$0 - 1]
        }
        for row in first { #expect(material.properties.bits.count { $0[row] } == 32) }
    }

    @Test func measuresADictionaryOfAModelThatReadsChess() throws {
        var plan = ChessMaterial.Plan()
        (plan.definitions, plan.asksStrategy) = (.reference, true)
        let evaluation = try DictionaryEvaluation(
            chess: model(vocabulary: 32),
            hook: HookPoint("blocks.1.hook_resid_post", layerCount: 2),
            games: try games(12, moves: 24), plan: plan, probe: nil)
        var generator = SeededGenerator(seed: 2)
        let decoder = Matrix((0..<24).map { _ in (0..<16).map { _ in Float(generator.normal()) } })
        let result = try evaluation.measure(
            SparseAutoencoder(
                .init(
                    encoder: decoder.transposed(), encoderBias: [Float](repeating: 0, count: 24),
                    decoder: decoder, decoderBias: [Float](repeating: 0, count: 16)),
                architecture: .topK(k: 4)))
        let coverage = try #require(result[.coverage])
        #expect(coverage.value > 0 && coverage.value < 1)
        // A piece on its first square does not count in the reference's definitions.
        #expect(result.byProperty.allSatisfy { $0.f1 <= 1 })
        #expect(result[.lossSpliced] == nil)
    }

    @Test func refusesAModelOfOtherTokens_andTooFewGames() throws {
        let hook = try HookPoint("blocks.1.hook_resid_post", layerCount: 2)
        #expect(throws: EvaluationError.self) {
            _ = try DictionaryEvaluation(
                chess: model(vocabulary: 33), hook: hook, games: try games(8, moves: 8))
        }
        #expect(throws: EvaluationError.self) {
            _ = try DictionaryEvaluation(
                chess: model(vocabulary: 32), hook: hook, games: try games(3, moves: 8))
        }
    }
}
