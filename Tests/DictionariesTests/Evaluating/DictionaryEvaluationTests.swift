import Foundation
import Games
import JSON
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

@testable import Dictionaries

@Suite struct DictionaryEvaluationTests {
    @Test(arguments: UInt64(0)..<5) func plantedPropertiesAreCovered(seed: UInt64) throws {
        let planted = PlantedEvaluation(seed: seed)
        let result = try planted.evaluation().measure(planted.dictionary)
        let value = { (figure: EvaluationFigure) in result[figure]?.value ?? .nan }
        #expect(value(.coverage) > 0.85)
        #expect(value(.coverageHeldOut) > 0.8)
        #expect(value(.coverage) >= value(.coverageOneThreshold))
        #expect(value(.probe) > 0.95)
        #expect(value(.coverageShuffled) < 0.65)
        #expect(value(.reconstructionPooled) > value(.reconstructionShuffled) + 0.3)
        #expect(value(.alwaysYes) < 0.55)
        for (latent, name) in (0..<6).map({ ($0, "p\($0)") }) {
            #expect(result.bestProperty(ofLatent: latent)?.property == name)
        }
        #expect(result.byProperty.map(\.property) == (0..<6).map { "p\($0)" })
    }

    @Test(arguments: UInt64(0)..<3) func threadsChangeNothing(seed: UInt64) throws {
        let planted = PlantedEvaluation(seed: seed)
        #expect(
            try planted.evaluation(threads: 1).measure(planted.dictionary)
                == planted.evaluation(threads: 3).measure(planted.dictionary))
    }

    @Test func jsonIsReadBack() throws {
        let planted = PlantedEvaluation(seed: 3)
        let result = try planted.evaluation().measure(planted.dictionary)
        let text = result.json.text
        #expect(try EvaluatedDictionary(JSONValue(parsing: text)) == result)
        #expect(throws: EvaluationError.self) { try EvaluatedDictionary([:]) }
        #expect(throws: EvaluationError.self) {
            try EvaluatedDictionary(
                JSONValue(parsing: text.replacingOccurrences(of: "\"coverage\"", with: "\"cover\""))
            )
        }
    }

    @Test func refusesDictionaries_whenTheyDoNotFit() throws {
        let evaluation = try PlantedEvaluation(seed: 1).evaluation()
        let narrow = PlantedEvaluation(seed: 1, width: 8).dictionary
        #expect(throws: EvaluationError.self) { try evaluation.measure(narrow) }
        let transcoder = SparseAutoencoder(
            .init(
                encoder: Matrix(rows: 16, columns: 3), encoderBias: [0, 0, 0],
                decoder: Matrix(rows: 3, columns: 9),
                decoderBias: [Float](repeating: 0, count: 9)),
            architecture: .standard, subtractsDecoderBias: false)
        do {
            _ = try evaluation.measure(transcoder)
            Issue.record("a transcoder was measured")
        } catch {
            #expect("\(error)".contains("transcoders"))
        }
    }

    @Test func shufflingTakesPropertiesOfOtherGroups() {
        let planted = PlantedEvaluation(seed: 2, games: 10, moves: 8)
        let rows = planted.training
        let shuffled = rows.shuffledProperties
        for property in 0..<rows.properties.count {
            for row in 0..<rows.count {
                #expect(
                    shuffled.bits[property][row]
                        == rows.properties.bits[property][(row + 40) % rows.count])
            }
        }
    }

    @Test func splitDealsWholeGroups() {
        let rows = PlantedEvaluation(seed: 2, games: 20, moves: 5).training
        let (first, second) = rows.split(share: 0.25, seed: 1)
        #expect(first.groupCount == 15 && second.groupCount == 5)
        #expect(first.count == 75 && second.count == 25)
        #expect(first.split(share: 0.4, seed: 2).0 == first.split(share: 0.4, seed: 2).0)
    }
}

@Suite struct OthelloEvaluationTests {
    private static let folder = SharedData.packageRoot.appendingPathComponent("Examples/othello")
        .path

    private func evaluation(
        _ model: GPT2, perspective: OthelloMaterial.Perspective = .mover
    ) throws -> DictionaryEvaluation {
        var plan = OthelloMaterial.Plan()
        plan.games = 120
        plan.perspective = perspective
        var settings = DictionaryEvaluation.Settings()
        settings.resampling.replicates = 100
        return try DictionaryEvaluation(
            othello: model, hook: .block(3, .post), plan: plan, settings: settings)
    }

    @Test func theShippedDictionaryIsAboveItsFloorsAndBelowTheProbe() throws {
        let model = try GPT2(folder: Self.folder)
        let dictionary = try PublishedAutoencoder(path: Self.folder + "/sae").autoencoder
        let result = try evaluation(model).measure(dictionary)
        let value = { (figure: EvaluationFigure) in result[figure]?.value ?? .nan }
        #expect(abs(value(.explainedVariance) - 0.908) < 0.02)
        #expect(abs(value(.activeLatents) - 24) < 0.01)
        #expect(value(.lossRecoveredZero) > 0.9 && value(.lossRecoveredZero) < 1)
        #expect(value(.lossClean) < value(.lossSpliced))
        #expect(value(.lossSpliced) < value(.lossMean))
        #expect(value(.coverageHeldOut) > value(.coverageShuffled))
        #expect(value(.probe) > value(.coverage) && value(.probe) > 0.7)
        #expect(result.byProperty.count == 72)
    }

    @Test func aModelWithoutTrainingIsReadFarWorse() throws {
        let model = try GPT2(folder: Self.folder)
        let trained = try evaluation(model)
        let random = try evaluation(model.randomWeights(seed: 1))
        let probe = { (evaluation: DictionaryEvaluation) in
            evaluation.bounds.first { $0.figure == .probe }?.estimate.value ?? .nan
        }
        #expect(probe(random) < probe(trained) - 0.2)
    }

    @Test func perspectivesDifferOnlyAfterAPass() {
        let rules = Othello.sixBySix
        var plan = OthelloMaterial.Plan()
        var (one, two) = (SeededGenerator(seed: 4), SeededGenerator(seed: 4))
        let ours = OthelloMaterial(rules: rules, context: 31, count: 40, plan: plan, using: &one)
        plan.perspective = .reference
        let theirs = OthelloMaterial(rules: rules, context: 31, count: 40, plan: plan, using: &two)
        #expect(ours.sequences == theirs.sequences)
        let squares = rules.squares.count
        var differing = 0
        for row in 0..<ours.groups.count {
            let same = (0..<2 * squares).allSatisfy {
                ours.properties.bits[$0][row] == theirs.properties.bits[$0][row]
            }
            let exchanged = (0..<squares).allSatisfy {
                ours.properties.bits[$0][row] == theirs.properties.bits[$0 + squares][row]
                    && ours.properties.bits[$0 + squares][row] == theirs.properties.bits[$0][row]
            }
            #expect(same || exchanged)
            differing += same ? 0 : 1
        }
        #expect(differing > 0 && differing < ours.groups.count / 2)
    }
}
