import LinearAlgebra
import Testing

@testable import Dictionaries

@Suite struct TopKTrainerTests {
    /// A trainer in the middle of things: biases that are not 0, an encoder that is not the decoder's
    /// transpose, some dead latents.
    private func unsettled(seed: UInt64, threads: Int = 1) -> TopKTrainer {
        var generator = SeededGenerator(seed: seed)
        let trainer = TopKTrainer(
            setting(
                width: 6, latents: 20, k: 3, batch: 8, deadWeight: 0.25, deadAfter: 10,
                threads: threads), &generator)
        func disturb(_ rows: RowView, _ size: Double) {
            for r in 0..<rows.count {
                for c in 0..<rows.width { rows.row(r)[c] += Float(size * generator.normal()) }
            }
        }
        disturb(trainer.encoder.values, 0.3)
        disturb(trainer.encoderBias.values, 0.3)
        disturb(trainer.decoderBias.values, 0.5)
        disturb(trainer.batch.view(8), 1)
        for latent in stride(from: 0, to: 20, by: 3) { trainer.silence[latent] = 10 }
        return trainer
    }

    @Test(arguments: UInt64(1)...5) func losesWhatThePlainLoopLoses(seed: UInt64) {
        let trainer = unsettled(seed: seed)
        let slow = SlowTopK(trainer)
        let expected = slow.loss(given: slow.residuals)
        let loss = trainer.differentiate()
        #expect(abs(loss.unexplained - expected.reconstruction) < 1e-5)
        #expect(abs(loss.auxiliary - expected.dead) < 1e-5)
        #expect(loss.deadLatents == 7)
    }

    @Test(arguments: UInt64(1)...5) func hasTheGradientsOfFiniteDifferences(seed: UInt64) {
        let trainer = unsettled(seed: seed)
        var slow = SlowTopK(trainer)
        let given = slow.residuals
        _ = trainer.differentiate()
        func check(_ gradient: Matrix, _ place: WritableKeyPath<SlowTopK, [[Double]]>) {
            for r in 0..<gradient.rows {
                for c in 0..<gradient.columns {
                    let value = slow[keyPath: place][r][c]
                    func loss(at shift: Double) -> Double {
                        slow[keyPath: place][r][c] = value + shift
                        let parts = slow.loss(given: given)
                        return parts.reconstruction + parts.dead
                    }
                    let slope = (loss(at: 1e-6) - loss(at: -1e-6)) / 2e-6
                    slow[keyPath: place][r][c] = value
                    #expect(abs(Double(gradient[r, c]) - slope) < 2e-5, "\(place) \(r) \(c)")
                }
            }
        }
        check(gradient(trainer.encoder), \.encoder)
        check(gradient(trainer.decoder), \.decoder)
        check(gradient(trainer.encoderBias), \.encoderBiasRow)
        check(gradient(trainer.decoderBias), \.decoderBiasRow)
    }

    private func gradient(_ block: ParameterBlock) -> Matrix {
        Matrix(
            rows: block.gradient.count, columns: block.gradient.width,
            storage: (0..<block.gradient.count).flatMap {
                UnsafeBufferPointer(start: block.gradient.row($0), count: block.gradient.width)
            })
    }

    @Test func keepsDecoderRowsAtLengthOne() {
        var generator = SeededGenerator(seed: 1)
        let trainer = TopKTrainer(setting(width: 12, latents: 30, k: 3, batch: 32), &generator)
        var rows = PlantedRows(width: 12, count: 20, active: 2, seed: 2)
        trainer.train(on: &rows, steps: 100, rate: 0.01)
        #expect(trainer.decoderNorms.allSatisfy { abs($0 - 1) < 1e-5 })
    }

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

    @Test func givesTheSameBits_withAnyNumberOfThreads() {
        func trained(threads: Int) -> [[UInt32]] {
            var rows = PlantedRows(width: 20, count: 30, active: 3, seed: 4)
            var generator = SeededGenerator(seed: 4)
            let trainer = TopKTrainer(
                setting(
                    width: 20, latents: 200, k: 4, batch: 200, deadAfter: 400, threads: threads),
                &generator)
            trainer.train(on: &rows, steps: 20, rate: 0.01)
            return [
                trainer.encoder, trainer.encoderBias, trainer.decoder, trainer.decoderBias,
            ].map { $0.matrix.storage.map(\.bitPattern) }
        }
        let alone = trained(threads: 1)
        #expect(alone == trained(threads: 2))
        #expect(alone == trained(threads: 3))
    }
}

extension SlowTopK {
    fileprivate var encoderBiasRow: [[Double]] {
        get { [encoderBias] }
        set { encoderBias = newValue[0] }
    }

    fileprivate var decoderBiasRow: [[Double]] {
        get { [decoderBias] }
        set { decoderBias = newValue[0] }
    }
}
