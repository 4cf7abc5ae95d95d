import Testing
import LinearAlgebra

@testable import Dictionaries

/// The penalty architectures, each with its activity counted in products or latent by latent.
enum PenaltyKind: CaseIterable, CustomTestStringConvertible {
    case standard, annealed, gated, gatedAnnealed, jumpReLU

    var testDescription: String { "\(self)" }

    /// In tests of gradients p is 0.5 from the beginning.
    var power: Double { self == .annealed || self == .gatedAnnealed ? 0.5 : 1 }

    static let target = JumpReLUTarget(activeLatents: 4, coefficient: 0.7, bandwidth: 0.5)

    func rule(latents: Int, coefficient: Double) -> any LatentRule {
        let changes =
            power == 1 ? [] : [PowerSchedule.Change(step: 0, power: power)]
        let schedule = PowerSchedule(coefficient: coefficient, changes: changes)
        switch self {
        case .standard, .annealed:
            return StandardRule(latentCount: latents, schedule: schedule)
        case .gated, .gatedAnnealed:
            return GatedRule(latentCount: latents, schedule: schedule)
        case .jumpReLU: return JumpReLURule(latentCount: latents, target: Self.target)
        }
    }

    func slow(coefficient: Double, power: Double) -> SlowPenalty.Kind {
        switch self {
        case .standard, .annealed: .standard(coefficient: coefficient, power: power)
        case .gated, .gatedAnnealed: .gated(coefficient: coefficient, power: power)
        case .jumpReLU: .jumpReLU(Self.target)
        }
    }
}

extension PenaltyTrainer.Setting {
    /// For rows of mean 0 and variance `width`.
    static func plain(
        width: Int, latents: Int, batch: Int, rate: Float = 0.003, threads: Int = 1
    ) -> Self {
        Self(
            width: width, latentCount: latents, batchSize: batch,
            centre: [Float](repeating: 0, count: width), variance: Float(width),
            deadAfter: 1 << 40, threads: threads, rate: { _ in rate })
    }
}

extension PenaltyTrainer {
    /// Trains on rows as they come.
    @discardableResult
    func train(on rows: inout PlantedRows, steps: Range<Int>) -> [TrainingLoss] {
        steps.map {
            rows.fill(batch.view(setting.batchSize))
            return step($0)
        }
    }

    /// All parameters to the last bit.
    var bits: [[UInt32]] { blocks.map { $0.matrix.storage.map(\.bitPattern) } }
}
