import LinearAlgebra
import Testing

@testable import Dictionaries

@Suite struct ResamplingTests {
    @Test func drawsInProportionToWeights_withoutReplacement() {
        var generator = SeededGenerator(seed: 1)
        var firsts = [0, 0, 0, 0]
        for _ in 0..<4_000 {
            let drawn = Resampling.draw(3, weights: [1, 2, 0, 5], &generator)
            #expect(Set(drawn).count == 3 && !drawn.contains(2))
            firsts[drawn[0]] += 1
        }
        for (count, share) in zip(firsts, [0.125, 0.25, 0, 0.625]) {
            #expect(abs(Double(count) / 4_000 - share) < 0.03)
        }
        #expect(Resampling.draw(5, weights: [0, 3], &generator) == [1])
    }

    private func trainer(_ resampling: Resampling?) -> PenaltyTrainer {
        var setting = PenaltyTrainer.Setting.plain(width: 24, latents: 60, batch: 64)
        setting.resampling = resampling
        setting.isEnding = { $0 >= 500 }
        var generator = SeededGenerator(seed: 3)
        let rule = StandardRule(
            latentCount: 60, schedule: PowerSchedule(coefficient: 0.1, changes: []))
        let trainer = PenaltyTrainer(setting, rule: rule, &generator)
        // Half of the latents never fire.
        for latent in 0..<30 { rule.bias.values.base[latent] = -50 }
        return trainer
    }

    @Test func revivesDeadLatents() {
        func live(_ resampling: Resampling?) -> Int {
            var rows = PlantedRows(width: 24, count: 80, active: 3, seed: 3)
            let trainer = trainer(resampling)
            trainer.train(on: &rows, steps: 0..<600)
            return trainer.silence.count { $0 < 2_000 }
        }
        #expect(live(nil) <= 30)
        #expect(live(Resampling(interval: 100)) >= 50)
    }

    @Test func pointsDeadLatentsAtRows_andForgetsTheirMoments() {
        var rows = PlantedRows(width: 24, count: 80, active: 3, seed: 3)
        let trainer = trainer(Resampling(interval: 10))
        trainer.train(on: &rows, steps: 0..<10)
        let state = trainer.state()
        let inputs = trainer.inputs.view(64)
        let lengths = (30..<60).map { latent in
            let row = trainer.encoder.values.row(latent)
            return RowKernels.dot(row, row, count: 24).squareRoot()
        }
        let mean = lengths.reduce(0, +) / 30
        for latent in 0..<30 {
            #expect(trainer.silence[latent] == 0)
            #expect(state.tables["encoder bias"]?[0, latent] == 0)
            for name in ["encoder", "decoder"] {
                for moments in [".mean", ".variance"] {
                    #expect(
                        state.tables[name + moments]?.row(latent).allSatisfy { $0 == 0 } == true)
                }
            }
            let row = trainer.encoder.values.row(latent)
            let length = RowKernels.dot(row, row, count: 24).squareRoot()
            #expect(abs(length - 0.2 * mean) < 1e-4)
            let likeness = (0..<64).map { r in
                RowKernels.dot(trainer.decoder.values.row(latent), inputs.row(r), count: 24)
                    / RowKernels.dot(inputs.row(r), inputs.row(r), count: 24).squareRoot()
            }
            #expect((likeness.max() ?? 0) > 0.9999)
        }
    }

    @Test func drawsNothingAnew_whileTheRateFalls() {
        var rows = PlantedRows(width: 24, count: 80, active: 3, seed: 3)
        let trainer = trainer(Resampling(interval: 600))
        trainer.train(on: &rows, steps: 0..<600)
        #expect(trainer.silence.prefix(30).allSatisfy { $0 == 600 * 64 })
    }
}
