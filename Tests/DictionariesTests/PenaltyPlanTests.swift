import LinearAlgebra
import Testing

@testable import Dictionaries

@Suite struct PenaltyPlanTests {
    private func plan(_ architecture: TrainingArchitecture) -> TrainingPlan {
        TrainingPlan(latentCount: 48, architecture: architecture, tokens: 8_000, batchSize: 200)
    }

    private func refusal(_ plan: TrainingPlan) -> String {
        do throws(DictionaryError) {
            try plan.check()
            return "none"
        } catch {
            guard case .badPlan(let field, let value, _) = error else { return "another" }
            return "\(field) \(value)"
        }
    }

    @Test func refusesPenaltiesThatCannotBe() {
        func standard(_ penalty: SparsityPenalty) -> String { refusal(plan(.standard(penalty))) }
        #expect(standard(.init(coefficient: 0.1, finalPower: 0.2)) == "none")
        #expect(standard(.init(coefficient: -1)) == "sparsity -1.0")
        #expect(standard(.init(coefficient: .nan)) == "sparsity nan")
        #expect(standard(.init(coefficient: 1, finalPower: 0)) == "final-power 0.0")
        #expect(standard(.init(coefficient: 1, finalPower: 1.5)) == "final-power 1.5")
        #expect(
            standard(.init(coefficient: 1, finalPower: 0.5, annealingStart: 1))
                == "annealing start 1.0")
        #expect(refusal(plan(.jumpReLU(.init(activeLatents: 49)))) == "target-l0 49.0")
        #expect(
            refusal(plan(.jumpReLU(.init(activeLatents: 5, bandwidth: 0)))) == "bandwidth 0.0")
    }

    @Test func refusesResampling_whereThereIsNothingToResample() {
        var standard = plan(.standard(.init(coefficient: 0.1)))
        standard.resampling = Resampling(interval: 10)
        #expect(refusal(standard) == "none")
        standard.resampling = Resampling(interval: 0)
        #expect(refusal(standard) == "resample-every 0")
        var jump = plan(.jumpReLU(.init(activeLatents: 5)))
        jump.resampling = Resampling(interval: 10)
        #expect(refusal(jump) == "resample-every 10")
    }

    @Test func saysInTheConfigurationWhatWasChosen() {
        let annealed = plan(.gated(.init(coefficient: 0.1, finalPower: 0.2)))
        #expect(annealed.json.text.contains("\"final_power\":0.2"))
        #expect(annealed.json.text.contains("\"penalty_warm_up\":0.05"))
        #expect(!plan(.topK(k: 4)).json.text.contains("penalty"))
    }

    @Test func leavesTheErrorThatWholeWeightsLeave() throws {
        func loss(weights: [Float]?, variance: Float) throws -> TrainingLoss {
            var generator = SeededGenerator(seed: 1)
            let setting = TrainerSetting(
                width: 12, plan: plan(.standard(.init(coefficient: 0.1))),
                centre: [Float](repeating: 0, count: 12), variance: variance,
                errorWeights: weights, threads: 1)
            let trainer = try setting.plan.architecture.trainer(setting, &generator)
            var rows = PlantedRows(width: 12, count: 20, active: 2, seed: 1)
            rows.fill(trainer.batch.view(200))
            return trainer.step(0)
        }
        let plain = try loss(weights: nil, variance: 12)
        let weighted = try loss(weights: [Float](repeating: 7, count: 12), variance: 7 * 12)
        #expect(abs(plain.unexplained - weighted.unexplained) < 1e-5)
        #expect(plain.activeLatents == weighted.activeLatents)
    }
}
