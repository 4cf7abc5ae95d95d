import LinearAlgebra
import Testing

@testable import Dictionaries

/// Losses and derivatives against plain loops in double precision.
@Suite struct PenaltyGradientTests {
    struct Case: CustomTestStringConvertible {
        var kind: PenaltyKind
        var isSparse: Bool
        var seed: UInt64
        var testDescription: String { "\(kind) \(isSparse ? "sparse" : "dense") \(seed)" }
    }

    static let cases = PenaltyKind.allCases.flatMap { kind in
        [false, true].flatMap { isSparse in
            (UInt64(1)...2).map { Case(kind: kind, isSparse: isSparse, seed: $0) }
        }
    }

    private static let coefficient = 0.3
    private let latentCount = 14

    /// A trainer in the middle of things: no bias is 0, the encoder is not the decoder's transpose, errors
    /// are weighted, some latents are masked.
    private func unsettled(
        _ given: Case, errorWeights: [Float]? = [0.5, 1.5, 0.2, 1.8, 0.7, 1.3]
    ) -> PenaltyTrainer {
        var generator = SeededGenerator(seed: given.seed)
        var setting = PenaltyTrainer.Setting.plain(width: 6, latents: latentCount, batch: 9)
        setting.variance = 5.3
        setting.errorWeights = errorWeights
        setting.sparseBelow = given.isSparse ? 2 : 0
        setting.rate = { _ in 0 }
        var mask = TemporalMask(.init(), latentCount: latentCount, stepCount: 1, seed: given.seed)
        mask.note(
            (0..<latentCount).map {
                LatentUse(rows: 1, activation: $0 < 6 ? 0 : 2, contribution: 1)
            },
            rows: 9)
        setting.mask = mask
        let rule = given.kind.rule(latents: latentCount, coefficient: Self.coefficient)
        let trainer = PenaltyTrainer(setting, rule: rule, &generator)
        func disturb(_ rows: RowView, _ size: Double) {
            for r in 0..<rows.count {
                for c in 0..<rows.width { rows.row(r)[c] += Float(size * generator.normal()) }
            }
        }
        disturb(trainer.batch.view(9), 2.5)
        // The first step changes p, and the second masks.
        _ = trainer.step(0)
        disturb(trainer.encoder.values, 0.4)
        disturb(trainer.decoderBias.values, 0.2)
        for vector in rule.vectors { disturb(vector.block.values, 0.2) }
        if let rule = rule as? JumpReLURule {
            for latent in 0..<latentCount {
                rule.threshold.values.base[latent] = Float(0.1 + generator.unit())
            }
        }
        return trainer
    }

    private func slow(_ trainer: PenaltyTrainer, _ given: Case) -> SlowPenalty {
        let state = trainer.state().numbers["power"] ?? [1, 0]
        return SlowPenalty(trainer, given.kind.slow(coefficient: state[1], power: state[0]))
    }

    @Test(arguments: cases) func losesWhatThePlainLoopLoses(given: Case) {
        let trainer = unsettled(given)
        let loss = trainer.differentiate(1)
        let parts = slow(trainer, given).loss().parts
        #expect(!trainer.masked.isEmpty)
        #expect(abs(loss.unexplained - parts[0]) < 1e-5)
        #expect(abs(loss.sparsity - parts[1]) < 1e-5)
        #expect(abs(loss.auxiliary - parts[2]) < 1e-5)
    }

    @Test(arguments: cases) func hasTheGradientsOfFiniteDifferences(given: Case) {
        let trainer = unsettled(given)
        _ = trainer.differentiate(1)
        var slow = slow(trainer, given)
        func check(_ block: ParameterBlock, _ place: WritableKeyPath<SlowPenalty, [[Double]]>) {
            for r in 0..<block.gradient.count {
                for c in 0..<block.gradient.width {
                    let value = slow[keyPath: place][r][c]
                    func loss(at shift: Double) -> Double {
                        slow[keyPath: place][r][c] = value + shift
                        return slow.loss().total
                    }
                    let slope = (loss(at: 1e-6) - loss(at: -1e-6)) / 2e-6
                    slow[keyPath: place][r][c] = value
                    let found = Double(block.gradient.row(r)[c])
                    #expect(abs(found - slope) < 5e-5 * (1 + abs(slope)), "\(place) \(r) \(c)")
                }
            }
        }
        check(trainer.encoder, \.encoder)
        check(trainer.decoder, \.decoder)
        check(trainer.decoderBias, \.decoderBias)
        for (number, vector) in trainer.rule.vectors.enumerated() {
            check(vector.block, \.vectors[number])
        }
    }

    @Test(arguments: PenaltyKind.allCases)
    func saysOfEachLatentHowMuchTheErrorWouldGrowWithoutIt(kind: PenaltyKind) {
        let given = Case(kind: kind, isSparse: true, seed: 4)
        let trainer = unsettled(given, errorWeights: nil)
        let loss = trainer.differentiate(1)
        let uses = (0..<latentCount).map(trainer.tally.use(of:))
        #expect(uses.reduce(0) { $0 + $1.rows } == Int((9 * loss.activeLatents).rounded()))
        for latent in trainer.masked { #expect(uses[latent].rows == 0) }
        for latent in 0..<latentCount where uses[latent].rows > 0 {
            var slow = slow(trainer, given)
            slow.masked.insert(latent)
            let growth = 9 * (slow.loss().parts[0] - loss.unexplained)
            #expect(abs(growth - Double(uses[latent].contribution)) < 1e-4)
        }
    }
}
