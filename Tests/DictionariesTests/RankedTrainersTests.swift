import LinearAlgebra
import Subjects
import Testing

@testable import Dictionaries

/// What holds for TopK, BatchTopK and Matryoshka, with and without weights and masks.
@Suite struct RankedTrainersTests {
    @Test(arguments: Ranked.allCases, UInt64(1)...8)
    func losesWhatThePlainLoopLoses(kind: Ranked, seed: UInt64) {
        let trainer = kind.unsettled(seed: seed)
        let slow = SlowTopK(trainer)
        let given = slow.residuals
        let expected = slow.loss(given: given)
        let loss = trainer.differentiate()
        let unexplained = slow.square(given) / (8 * Double(trainer.setting.variance))
        #expect(abs(loss.unexplained - unexplained) < 1e-5)
        #expect(
            abs(loss.unexplained + loss.auxiliary - expected.reconstruction - expected.dead) < 1e-5)
        #expect(loss.deadLatents == slow.dead.count)
        #expect(loss.activeLatents <= 3)
    }

    @Test(arguments: Ranked.allCases, UInt64(1)...2)
    func hasTheGradientsOfFiniteDifferences(kind: Ranked, seed: UInt64) {
        let trainer = kind.unsettled(seed: seed)
        var slow = SlowTopK(trainer)
        let given = slow.residuals
        _ = trainer.differentiate()
        func check(_ gradient: RowView, _ place: WritableKeyPath<SlowTopK, [[Double]]>) {
            for r in 0..<gradient.count {
                for c in 0..<gradient.width {
                    let value = slow[keyPath: place][r][c]
                    func loss(at shift: Double) -> Double {
                        slow[keyPath: place][r][c] = value + shift
                        let parts = slow.loss(given: given)
                        return parts.reconstruction + parts.dead
                    }
                    let slope = (loss(at: 1e-6) - loss(at: -1e-6)) / 2e-6
                    slow[keyPath: place][r][c] = value
                    #expect(abs(Double(gradient.row(r)[c]) - slope) < 2e-5, "\(place) \(r) \(c)")
                }
            }
        }
        check(trainer.encoder.gradient, \.encoder)
        check(trainer.decoder.gradient, \.decoder)
        check(trainer.encoderBias.gradient, \.encoderBiasRow)
        check(trainer.decoderBias.gradient, \.decoderBiasRow)
    }

    private func trained(
        _ kind: Ranked, threads: Int, steps: Int = 20, clipping: Double? = nil
    ) -> TopKTrainer {
        var plan = setting(
            width: 20, latents: 200, k: 4, batch: 200, deadAfter: 400, threads: threads)
        plan.clipping = clipping
        plan.stepCount = 30
        let trainer = kind.trainer(plan, seed: 4)
        var rows = PlantedRows(width: 20, count: 30, active: 3, seed: 4)
        trainer.train(on: &rows, steps: steps, rate: 0.01)
        return trainer
    }

    @Test(arguments: Ranked.allCases)
    func givesTheSameBits_withAnyNumberOfThreads(kind: Ranked) {
        let alone = trained(kind, threads: 1, clipping: 0.1).state()
        #expect(alone == trained(kind, threads: 2, clipping: 0.1).state())
        #expect(alone == trained(kind, threads: 3, clipping: 0.1).state())
    }

    @Test(arguments: Ranked.allCases)
    func goesOnAsIfUndisturbed_afterItWasRestored(kind: Ranked) throws {
        let first = trained(kind, threads: 2)
        let second = trained(kind, threads: 2, steps: 0)
        try second.restore(first.state())
        var rows = PlantedRows(width: 20, count: 30, active: 3, seed: 9)
        var again = rows
        let losses = first.train(on: &rows, steps: 10, rate: 0.01)
        #expect(losses == second.train(on: &again, steps: 10, rate: 0.01))
        #expect(first.state() == second.state())
    }

    @Test func refusesAState_whenItIsOfAnotherArchitecture() {
        let trainer = trained(.topK, threads: 1, steps: 0)
        #expect(throws: DictionaryError.self) {
            try trainer.restore(trained(.matryoshka, threads: 1, steps: 0).state())
        }
    }

    @Test(arguments: [Ranked.batchTopK, .matryoshka, .maskedTopK, .maskedBatchTopK])
    func findsThePlantedDirections(kind: Ranked) {
        var rows = PlantedRows(width: 20, count: 30, active: 2, seed: 1)
        let trainer = kind.trainer(
            setting(width: 20, latents: 40, k: 2, batch: 128, deadAfter: 5_000), seed: 1)
        let losses = trainer.train(on: &rows, steps: 2_000, rate: 0.004)
        let decoder = trainer.decoder.matrix
        let likeness = rows.directions.map { direction in
            (0..<40).map { latent in
                zip(decoder.row(latent), direction).reduce(0) { $0 + $1.0 * $1.1 }
            }.max() ?? 0
        }
        #expect(likeness.count { $0 > 0.9 } >= 25, "\(likeness.sorted())")
        #expect((losses.last?.unexplained ?? 1) < 0.35 * losses[0].unexplained)
    }

    @Test func turnsDecoderRowsOnly() {
        for kind in Ranked.allCases {
            #expect(trained(kind, threads: 1).decoderNorms.allSatisfy { abs($0 - 1) < 1e-5 })
        }
    }

    @Test func clipsWhatAdamIsGiven() {
        // With a limit that is far below the norm, the mean after a step is a tenth of a short gradient.
        let trainer = trained(.topK, threads: 1, steps: 1, clipping: 1e-3)
        let state = trainer.state()
        let norm = ["encoder", "encoder bias", "decoder", "decoder bias"].reduce(0) { sum, name in
            (state.tables[name + ".mean"]?.storage ?? []).reduce(sum) {
                $0 + Double($1) * Double($1)
            }
        }.squareRoot()
        #expect(abs(norm - 1e-4) < 1e-6)
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
