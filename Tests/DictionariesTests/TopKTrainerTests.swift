import LinearAlgebra
import Testing

@testable import Dictionaries

@Suite struct TopKTrainerTests {
    @Test func findsThePlantedDirections() {
        var rows = PlantedRows(width: 20, count: 30, active: 2, seed: 1)
        var generator = SeededGenerator(seed: 1)
        let trainer = TopKTrainer(
            setting(width: 20, latents: 40, k: 2, batch: 128, deadAfter: 5_000), &generator)
        let losses = trainer.train(on: &rows, steps: 2_000, rate: 0.004)
        let decoder = trainer.decoder.matrix
        let likeness = rows.directions.map { direction in
            (0..<40).map { latent in
                zip(decoder.row(latent), direction).reduce(0) { $0 + $1.0 * $1.1 }
            }.max() ?? 0
        }
        #expect(likeness.count { $0 > 0.95 } >= 28, "\(likeness.sorted())")
        #expect((losses.last?.unexplained ?? 1) < 0.2 * losses[0].unexplained)
    }

    @Test func revivesDeadLatents() {
        func live(deadWeight: Float) -> Int {
            var rows = PlantedRows(width: 24, count: 80, active: 3, seed: 3)
            var generator = SeededGenerator(seed: 3)
            let trainer = TopKTrainer(
                setting(
                    width: 24, latents: 60, k: 3, batch: 64, deadWeight: deadWeight,
                    deadAfter: 1_000), &generator)
            // Half of the latents are far too weak to be among the greatest.
            for latent in 0..<30 {
                RowKernels.scale(trainer.encoder.values.row(latent), by: 1e-3, count: 24)
            }
            trainer.train(on: &rows, steps: 1_000, rate: 0.003)
            return trainer.silence.count { $0 < 5_000 }
        }
        let (without, with) = (live(deadWeight: 0), live(deadWeight: 1 / 32))
        #expect(without <= 32)
        #expect(with >= 50)
    }
}
