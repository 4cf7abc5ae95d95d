import LinearAlgebra
import Subjects
import Testing

@testable import Dictionaries

@Suite struct PenaltyTrainerTests {
    private func trainer(
        _ kind: PenaltyKind, _ setting: PenaltyTrainer.Setting, coefficient: Double = 0.1,
        seed: UInt64 = 1
    ) -> PenaltyTrainer {
        var generator = SeededGenerator(seed: seed)
        return PenaltyTrainer(
            setting, rule: kind.rule(latents: setting.latentCount, coefficient: coefficient),
            &generator)
    }

    /// Large enough that rows and latents are dealt out in several chunks.
    private func busySetting(threads: Int) -> PenaltyTrainer.Setting {
        var setting = PenaltyTrainer.Setting.plain(
            width: 20, latents: 300, batch: 400, threads: threads)
        setting.errorWeights = (0..<20).map { 0.5 + Float($0) / 19 }
        setting.clipping = 0.5
        setting.mask = TemporalMask(.init(), latentCount: 300, stepCount: 20, seed: 1)
        return setting
    }

    @Test(arguments: PenaltyKind.allCases, [0.0, 2])
    func givesTheSameBits_withAnyNumberOfThreads(kind: PenaltyKind, sparseBelow: Double) {
        func trained(threads: Int) -> [[UInt32]] {
            var rows = PlantedRows(width: 20, count: 30, active: 3, seed: 4)
            var setting = busySetting(threads: threads)
            setting.sparseBelow = sparseBelow
            let trainer = trainer(kind, setting)
            trainer.train(on: &rows, steps: 0..<8)
            return trainer.bits
        }
        let alone = trained(threads: 1)
        #expect(alone == trained(threads: 2))
        #expect(alone == trained(threads: 3))
    }

    @Test(arguments: PenaltyKind.allCases)
    func takesTheSameSteps_byProductsAndByActiveLatents(kind: PenaltyKind) {
        func trained(sparseBelow: Double) -> [TrainingLoss] {
            var rows = PlantedRows(width: 20, count: 30, active: 3, seed: 4)
            var setting = busySetting(threads: 1)
            setting.mask = nil
            setting.sparseBelow = sparseBelow
            setting.rate = { _ in 0.001 }
            return trainer(kind, setting).train(on: &rows, steps: 0..<6)
        }
        for (dense, sparse) in zip(trained(sparseBelow: 0), trained(sparseBelow: 2)) {
            #expect(abs(dense.unexplained - sparse.unexplained) < 1e-3 * dense.unexplained)
            #expect(abs(dense.sparsity - sparse.sparsity) < 1e-3 * (1 + dense.sparsity))
            #expect(abs(dense.activeLatents - sparse.activeLatents) < 0.05)
        }
    }

    @Test(arguments: PenaltyKind.allCases)
    func goesOnWithTheSameBits_fromASavedState(kind: PenaltyKind) throws {
        var setting = busySetting(threads: 1)
        setting.sparseBelow = 0.4
        setting.resampling = kind == .jumpReLU ? nil : Resampling(interval: 7)
        var rows = PlantedRows(width: 20, count: 30, active: 3, seed: 5)
        let whole = trainer(kind, setting)
        whole.train(on: &rows, steps: 0..<12)
        let (state, rowsThen) = (whole.state(), rows)
        let losses = whole.train(on: &rows, steps: 12..<20)
        let resumed = trainer(kind, setting, seed: 99)
        try resumed.restore(state)
        var again = rowsThen
        #expect(resumed.train(on: &again, steps: 12..<20) == losses)
        #expect(resumed.bits == whole.bits)
        #expect(resumed.state() == whole.state())
    }

    @Test func refusesStatesOfOtherTrainings() {
        let setting = PenaltyTrainer.Setting.plain(width: 8, latents: 12, batch: 10)
        let standard = trainer(.standard, setting)
        #expect(throws: DictionaryError.self) {
            try standard.restore(trainer(.gated, setting).state())
        }
        let wider = trainer(.standard, .plain(width: 8, latents: 13, batch: 10))
        #expect(throws: DictionaryError.self) { try standard.restore(wider.state()) }
    }

    @Test(arguments: PenaltyKind.allCases)
    func keepsDecoderRowsAtLengthOne(kind: PenaltyKind) {
        let trainer = trainer(kind, .plain(width: 12, latents: 30, batch: 32))
        var rows = PlantedRows(width: 12, count: 20, active: 2, seed: 2)
        trainer.train(on: &rows, steps: 0..<100)
        for latent in 0..<30 {
            let row = trainer.decoder.values.row(latent)
            #expect(abs(RowKernels.dot(row, row, count: 12) - 1) < 1e-5)
        }
    }

    @Test(arguments: PenaltyKind.allCases)
    func givesTheFormThatEncodesAsTheTrainerDoes(kind: PenaltyKind) throws {
        let trainer = trainer(kind, .plain(width: 12, latents: 30, batch: 64))
        var rows = PlantedRows(width: 12, count: 20, active: 2, seed: 2)
        trainer.train(on: &rows, steps: 0..<60)
        let form = trainer.trained()
        let dictionary = SparseAutoencoder(
            form.weights, architecture: form.architecture,
            subtractsDecoderBias: form.subtractsDecoderBias, origin: .init())
        let batch = trainer.batch.view(64)
        rows.fill(batch)
        let loss = trainer.differentiate(60)
        let matrix = Matrix((0..<64).map { r in (0..<12).map { batch.row(r)[$0] } })
        let latents = try dictionary.encode(matrix)
        let back = dictionary.decode(latents)
        let square = zip(back.storage, matrix.storage).reduce(0.0) {
            $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
        }
        let variance = Double(trainer.setting.variance)
        #expect(abs(square / 64 / variance - loss.unexplained) < 1e-4)
        let active = latents.reduce(0) { $0 + $1.indices.count }
        #expect(abs(Double(active) / 64 - loss.activeLatents) < 0.05)
    }

    @Test(arguments: PenaltyKind.allCases)
    func findsThePlantedDirections(kind: PenaltyKind) {
        var rows = PlantedRows(width: 20, count: 30, active: 2, seed: 1)
        var setting = PenaltyTrainer.Setting.plain(width: 20, latents: 40, batch: 128)
        if kind == .jumpReLU { setting.adam = PenaltyTrainer.withoutMean }
        setting.rate = { 0.004 * min(1, Float(2_000 - $0) / 400) }
        setting.penaltyShare = { min(1, Double($0) / 200) }
        var generator = SeededGenerator(seed: 1)
        let rule: any LatentRule =
            switch kind {
            case .standard, .annealed:
                StandardRule(
                    latentCount: 40,
                    schedule: PowerSchedule(
                        .init(coefficient: 0.1, finalPower: kind.power), stepCount: 2_000))
            case .gated, .gatedAnnealed:
                GatedRule(
                    latentCount: 40,
                    schedule: PowerSchedule(
                        .init(coefficient: 0.1, finalPower: kind.power), stepCount: 2_000))
            case .jumpReLU:
                JumpReLURule(
                    latentCount: 40,
                    target: JumpReLUTarget(activeLatents: 2, coefficient: 1, bandwidth: 0.1))
            }
        let trainer = PenaltyTrainer(setting, rule: rule, &generator)
        let losses = trainer.train(on: &rows, steps: 0..<2_000)
        let decoder = trainer.decoder.matrix
        let likeness = rows.directions.map { direction in
            (0..<40).map { latent in
                zip(decoder.row(latent), direction).reduce(0) { $0 + $1.0 * $1.1 }
            }.max() ?? 0
        }
        #expect(likeness.count { $0 > 0.9 } >= 26, "\(likeness.sorted())")
        #expect((losses.last?.unexplained ?? 1) < 0.25, "\(losses.last as Any)")
        #expect((losses.last?.activeLatents ?? 40) < 6, "\(losses.last as Any)")
    }
}
