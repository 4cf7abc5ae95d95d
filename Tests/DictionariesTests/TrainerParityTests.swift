import Foundation
import LinearAlgebra
import Subjects
import Testing

@testable import Dictionaries

/// Two hundred steps beside dictionary_learning's own trainers, from the same weights and on the same
/// batches.
///
/// Where that library differs from us, the difference is made here: its epsilon is 1e-8, its rate rises
/// from 0, p is set to 1 at the first of its changes and is never what it should be at the end, and its
/// JumpReLU looks at activations where we look at pre-activations.
///
/// - Source: `Fixtures/make_trainer_parity.py`, dictionary_learning 0.1.0 on torch 2.15.
@Suite struct TrainerParityTests {
    private static let (width, latents, batch, steps) = (16, 64, 64, 200)
    private let file: Safetensors
    private let rows: [Float]

    init() throws {
        let path = try #require(
            Bundle.module.path(
                forResource: "trainer-parity", ofType: "safetensors", inDirectory: "Fixtures"))
        file = try Safetensors(path: path)
        rows = try file.floats("rows", shape: [1021, Self.width])
    }

    /// Its rate, as a share: from 0 at the first step to 1 at the 20th, and from the 150th to 0.
    private static func share(_ step: Int) -> Double {
        step < 20 ? Double(step) / 20 : step < 150 ? 1 : Double(200 - step) / 50
    }

    private func setting(rate: Double, meanDecay: Float = 0.9) -> PenaltyTrainer.Setting {
        var setting = PenaltyTrainer.Setting.plain(
            width: Self.width, latents: Self.latents, batch: Self.batch)
        setting.variance = 1
        setting.adam = AdamStep.Setting(meanDecay: meanDecay, epsilon: 1e-8)
        setting.rate = { Float(rate * Self.share($0)) }
        setting.penaltyShare = { min(1, Double($0) / 40) }
        return setting
    }

    /// Its powers: from 1, which it sets at the first change, to 0.2 at step 200, which does not come.
    private static let annealed = PowerSchedule(
        coefficient: 0.05,
        changes: (0..<10).map { number in
            PowerSchedule.Change(
                step: 60 + 140 * number / 9, power: 1 - 0.8 * Double(number) / 9)
        })
    private static let plain = PowerSchedule(coefficient: 0.05, changes: [])

    private func put(_ tensor: String, into target: RowView) throws {
        let values = try file.floats(tensor, shape: [target.count, target.width])
        for r in 0..<target.count {
            for c in 0..<target.width { target.row(r)[c] = values[r * target.width + c] }
        }
    }

    private func fill(_ target: RowView, step: Int) {
        for r in 0..<target.count {
            let from = 37 * (target.count * step + r) % 1021 * target.width
            for c in 0..<target.width { target.row(r)[c] = rows[from + c] }
        }
    }

    /// Compares every loss, and where the decoders end.
    ///
    /// Losses agree to 1e-3; with a power that falls, to 1e-3 for 145 steps, and to 4e-3 after: the
    /// derivative of fᵖ has no bound near 0, so that differences in last bits grow once p is small.
    private func follow(
        _ name: String, _ encoder: ParameterBlock, _ decoder: ParameterBlock, _ batch: Scratch,
        _ step: (Int) -> Double
    ) throws {
        try put("encoder", into: encoder.values)
        try put("decoder", into: decoder.values)
        let losses = try file.floats(name + "_losses", shape: [Self.steps])
        let sureSteps = name.hasSuffix("anneal") ? 145 : Self.steps
        for number in 0..<Self.steps {
            fill(batch.view(Self.batch), step: number)
            let expected = Double(losses[number])
            let difference = abs(step(number) - expected) / expected
            #expect(difference < (number < sureSteps ? 1e-3 : 4e-3), "\(name), step \(number)")
        }
        let after = try file.floats(name + "_decoder", shape: [Self.latents, Self.width])
        let distance = zip(decoder.matrix.storage, after).reduce(0) { $0 + abs($1.0 - $1.1) }
        #expect(distance / Float(after.count) < 1e-3, "\(name): \(distance)")
    }

    private func follow(
        _ name: String, _ setting: PenaltyTrainer.Setting, _ rule: any LatentRule
    ) throws {
        var generator = SeededGenerator(seed: 1)
        let trainer = PenaltyTrainer(setting, rule: rule, &generator)
        try follow(name, trainer.encoder, trainer.decoder, trainer.batch) { number in
            let loss = trainer.step(number)
            return loss.unexplained + loss.sparsity + loss.auxiliary
        }
    }

    @Test func trainsStandardAsDictionaryLearningDoes() throws {
        try follow(
            "standard", setting(rate: 2e-3),
            StandardRule(latentCount: Self.latents, schedule: Self.plain))
    }

    @Test func annealsThePowerAsDictionaryLearningDoes() throws {
        try follow(
            "panneal", setting(rate: 2e-3),
            StandardRule(latentCount: Self.latents, schedule: Self.annealed))
    }

    @Test func trainsGatedAsDictionaryLearningDoes() throws {
        try follow(
            "gated", setting(rate: 1e-3, meanDecay: 0),
            GatedRule(latentCount: Self.latents, schedule: Self.plain))
    }

    @Test func annealsThePowerOfGatesAsDictionaryLearningDoes() throws {
        try follow(
            "gatedanneal", setting(rate: 1e-3, meanDecay: 0),
            GatedRule(latentCount: Self.latents, schedule: Self.annealed))
    }

    @Test func trainsJumpReLUAsDictionaryLearningDoes() throws {
        var setting = setting(rate: 1e-3, meanDecay: 0)
        setting.clipping = 1
        let rule = JumpReLURule(
            latentCount: Self.latents,
            target: JumpReLUTarget(activeLatents: 6, coefficient: 0.3, bandwidth: 0.05),
            variant: .dictionaryLearning)
        try follow("jumprelu", setting, rule)
        let thresholds = try file.floats("jumprelu_threshold", shape: [Self.latents])
        let distance = zip(rule.threshold.matrix.storage, thresholds).map { abs($0 - $1) }
        #expect(distance.reduce(0, +) / Float(Self.latents) < 1e-3)
    }

    @Test func trainsTopKAsDictionaryLearningDoes() throws {
        var generator = SeededGenerator(seed: 1)
        let setting = TopKTrainer.Setting(
            width: Self.width, latentCount: Self.latents, k: 5, deadCount: 8, deadWeight: 1 / 32,
            deadAfter: 10_000_000, batchSize: Self.batch,
            mean: try file.floats("topk_start", shape: [Self.width]), variance: 1, threads: 1,
            clipping: 1)
        let trainer = TopKTrainer(setting, &generator)
        try follow("topk", trainer.encoder, trainer.decoder, trainer.batch) { number in
            let loss = trainer.step(rate: Float(2e-3 * Self.share(number)))
            return loss.unexplained + loss.auxiliary
        }
    }
}
