import LinearAlgebra
import Subjects

/// f = pre where it is above the latent's threshold θ, with λ (L0 / target − 1)² as the penalty, where L0
/// is the mean over the batch.
///
/// The jump has no derivative. Where pre is within ε/2 of θ, −θ/ε stands for that of f by θ, and −1/ε for
/// that of a latent's being active; what activity costs moves thresholds alone. θ itself is trained, not
/// its logarithm, so that a step changes it by as much wherever it is; it is held at 0 or above.
///
/// - Source: see ``TrainingArchitecture/jumpReLU(_:)``, equations 9 to 12; with the target of its
///   appendix F.
final class JumpReLURule: LatentRule, @unchecked Sendable {
    // Sendable by the rules of LatentRule.

    /// Whose rule it is.
    enum Variant: Hashable, Sendable {
        /// As published.
        case published
        /// As dictionary_learning 0.1.0 has it: what activity costs is felt only where pre is above θ, as
        /// it looks at f there and not at pre; and θ may fall below 0.
        case dictionaryLearning
    }

    let kind = "jumprelu"
    let subtractsDecoderBias = false
    let keepsMemos = true
    let decodesMemos = false
    /// b_enc.
    let bias: ParameterBlock
    /// θ.
    let threshold: ParameterBlock
    private let latentCount: Int
    private let target: JumpReLUTarget
    private let variant: Variant
    private let bandwidth: Float
    /// How many rows had a latent near its threshold.
    private let near: Scratch
    private var weight = 0.0
    private var rows: Float = 1

    /// Where thresholds begin.
    ///
    /// - Source: Rajamanoharan et al. 2024, appendix I.
    private static let firstThreshold: Float = 0.001

    init(latentCount: Int, target: JumpReLUTarget, variant: Variant = .published) {
        self.latentCount = latentCount
        self.target = target
        self.variant = variant
        bandwidth = Float(target.bandwidth)
        bias = ParameterBlock(rows: 1, width: latentCount)
        threshold = ParameterBlock(rows: 1, width: latentCount)
        near = Scratch(rows: 1, width: latentCount)
    }

    var vectors: [(name: String, block: ParameterBlock)] {
        [("encoder bias", bias), ("threshold", threshold)]
    }

    var encoderBias: UnsafePointer<Float> { UnsafePointer(bias.values.base) }

    var architecture: SparseAutoencoder.Architecture {
        .jumpReLU(threshold: threshold.matrix.storage)
    }

    /// b_enc = −W_enc b_dec, as if b_dec were taken from the rows.
    func start(encoder: ParameterBlock, decoderBias: ParameterBlock) {
        for latent in 0..<latentCount {
            threshold.values.base[latent] = Self.firstThreshold
            bias.values.base[latent] = -RowKernels.dot(
                encoder.values.row(latent), decoderBias.values.base, count: encoder.values.width)
        }
    }

    func begin(_ step: Int, share: Float, rows: Int) {
        self.rows = Float(rows)
        weight = Double(share) * target.coefficient
        near.view(1).fill(0)
    }

    func choose(_ pre: UnsafePointer<Float>, into part: ActivePart) {
        var room = part.room(for: latentCount)
        let (thresholds, half) = (threshold.values.base, bandwidth / 2)
        for latent in 0..<latentCount {
            let (value, limit) = (pre[latent], thresholds[latent])
            guard value > limit - half || isNear(0, limit) else { continue }
            room.latents[room.count] = UInt32(truncatingIfNeeded: latent)
            room.values[room.count] = SIMD4(value > limit ? value : 0, value, 0, 0)
            room.count += 1
        }
        part.count += room.count
    }

    /// Whether what activity costs is felt by a latent whatever its pre-activation.
    private func isNear(_ code: Float, _ limit: Float) -> Bool {
        variant == .dictionaryLearning && abs(code - limit) < bandwidth / 2
    }

    func activate(_ pre: UnsafeMutablePointer<Float>, memos: UnsafeMutablePointer<Float>) {
        let thresholds = threshold.values.base
        for latent in 0..<latentCount {
            memos[latent] = pre[latent]
            if !(pre[latent] > thresholds[latent]) { pre[latent] = 0 }
        }
    }

    func cost(of row: LatentRun) -> SIMD2<Double> {
        var count = 0
        for i in 0..<row.count where row.codes[i * row.stride] != 0 { count += 1 }
        return SIMD2(Double(count), 0)
    }

    func settle(_ run: LatentRun, _ tally: LatentTally) {
        let (thresholds, slopes, near) = (
            threshold.values.base, threshold.gradient.base, near.view(1).base
        )
        let half = bandwidth / 2
        for i in 0..<run.count {
            let (at, latent) = (i * run.stride, run.latent + i * run.latentStep)
            let (code, pre, slope) = (run.codes[at], run.memos[at], run.slopes[at])
            let limit = thresholds[latent]
            let isInWindow = abs(pre - limit) < half
            if isInWindow { slopes[latent] -= limit / bandwidth * slope }
            if variant == .published ? isInWindow : isNear(code, limit) { near[latent] += 1 }
            guard code != 0 else {
                run.slopes[at] = 0
                continue
            }
            tally.rows[latent] += 1
            tally.activations[latent] += code
            tally.contributions[latent] += code * (code - slope * rows)
            tally.slopes[latent] += slope
        }
    }

    func complete(_ tally: LatentTally, _ cost: SIMD2<Double>, rows: Int) -> Double {
        bias.gradient.base.update(from: tally.slopes, count: latentCount)
        let excess = cost.x / (Double(rows) * target.activeLatents) - 1
        let slope = Float(2 * weight * excess / (target.activeLatents * Double(rows))) / bandwidth
        RowKernels.addScaled(
            -slope, near.view(1).base, to: threshold.gradient.base, count: latentCount)
        return weight * excess * excess
    }

    func end() {
        guard variant == .published else { return }
        RowKernels.relu(threshold.values)
    }

    func save(in state: inout TrainerState) {}

    func restore(from state: TrainerState) throws(DictionaryError) {}
}
