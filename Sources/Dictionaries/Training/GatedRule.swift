import Foundation
import LinearAlgebra
import Subjects

/// A latent is active where its gate g = pre + b_gate is above 0, as strongly as
/// max(exp(r) pre + b_mag, 0) says; λ Σ gᵖ over open gates is the penalty, and what open gates decode to
/// must explain the row as well, which trains no decoder.
///
/// - Source: see ``TrainingArchitecture/gated(_:)``, equations 6 to 8 and appendix G.
final class GatedRule: LatentRule, @unchecked Sendable {
    // Sendable by the rules of LatentRule.
    let kind = "gated"
    let subtractsDecoderBias = true
    let keepsMemos = true
    let decodesMemos = true
    let gateBias: ParameterBlock
    let magnitudeBias: ParameterBlock
    /// r.
    let logScale: ParameterBlock
    private let latentCount: Int
    /// exp(r), and zeros, which stand where an encoder's bias would.
    private let memory: Scratch
    private var schedule: PowerSchedule
    private var step = 0
    private var weight: Float = 0
    private var rows: Float = 1

    init(latentCount: Int, schedule: PowerSchedule) {
        self.latentCount = latentCount
        self.schedule = schedule
        gateBias = ParameterBlock(rows: 1, width: latentCount)
        magnitudeBias = ParameterBlock(rows: 1, width: latentCount)
        logScale = ParameterBlock(rows: 1, width: latentCount)
        memory = Scratch(rows: 2, width: latentCount)
    }

    var vectors: [(name: String, block: ParameterBlock)] {
        [("gate bias", gateBias), ("magnitude bias", magnitudeBias), ("log scale", logScale)]
    }

    private var scales: UnsafeMutablePointer<Float> { memory.view(2).row(0) }
    var encoderBias: UnsafePointer<Float> { UnsafePointer(memory.view(2).row(1)) }

    var architecture: SparseAutoencoder.Architecture {
        .gated(
            SparseAutoencoder.Gate(
                bias: gateBias.matrix.storage, logScale: logScale.matrix.storage,
                magnitudeBias: magnitudeBias.matrix.storage))
    }

    func start(encoder: ParameterBlock, decoderBias: ParameterBlock) {}

    func begin(_ step: Int, share: Float, rows: Int) {
        self.step = step
        self.rows = Float(rows)
        weight = share * Float(schedule.coefficient) / Float(rows)
        for latent in 0..<latentCount { scales[latent] = exp(logScale.values.base[latent]) }
    }

    func choose(_ pre: UnsafePointer<Float>, into part: ActivePart) {
        var room = part.room(for: latentCount)
        let (bias, other, scales) = (gateBias.values.base, magnitudeBias.values.base, scales)
        // Rows and biases are padded with zeros to whole 16s, and those gates are shut.
        for first in stride(from: 0, to: latentCount, by: 16) {
            let lanes = UnsafeRawPointer(pre + first).loadUnaligned(as: SIMD16<Float>.self)
            let gates =
                lanes + UnsafeRawPointer(bias + first).loadUnaligned(as: SIMD16<Float>.self)
            guard any(gates .> 0) else { continue }
            for lane in 0..<16 where gates[lane] > 0 {
                let code = scales[first + lane] * lanes[lane] + other[first + lane]
                room.latents[room.count] = UInt32(truncatingIfNeeded: first + lane)
                room.values[room.count] = SIMD4(max(code, 0), gates[lane], 0, 0)
                room.count += 1
            }
        }
        part.count += room.count
    }

    func activate(_ pre: UnsafeMutablePointer<Float>, memos: UnsafeMutablePointer<Float>) {
        let (bias, other, scales) = (gateBias.values.base, magnitudeBias.values.base, scales)
        for latent in 0..<latentCount {
            let gate = pre[latent] + bias[latent]
            let code = scales[latent] * pre[latent] + other[latent]
            memos[latent] = gate > 0 ? gate : 0
            pre[latent] = gate > 0 && code > 0 ? code : 0
        }
    }

    func cost(of row: LatentRun) -> SIMD2<Double> {
        PowerSchedule.sums(
            row.memos, count: row.count, stride: row.stride, power: schedule.power,
            next: schedule.nextPower(at: step))
    }

    func settle(_ run: LatentRun, _ tally: LatentTally) {
        let power = Float(schedule.power)
        for i in 0..<run.count {
            let (at, latent) = (i * run.stride, run.latent + i * run.latentStep)
            let (code, gate) = (run.codes[at], run.memos[at])
            guard gate > 0 else {
                run.slopes[at] = 0
                continue
            }
            let price = power == 1 ? 1 : PowerSchedule.slope(gate, power: power)
            var slope = run.memoSlopes[at] + weight * price
            gateBias.gradient.base[latent] += slope
            if code > 0 {
                let outer = run.slopes[at]
                tally.rows[latent] += 1
                tally.activations[latent] += code
                tally.contributions[latent] += code * (code - outer * rows)
                magnitudeBias.gradient.base[latent] += outer
                // exp(r) pre is what the magnitude is without its bias.
                logScale.gradient.base[latent] += outer * (code - magnitudeBias.values.base[latent])
                slope += outer * scales[latent]
            }
            run.slopes[at] = slope
            tally.slopes[latent] += slope
        }
    }

    func complete(_ tally: LatentTally, _ cost: SIMD2<Double>, rows: Int) -> Double {
        schedule.note(step, cost)
        return Double(weight) * cost.x
    }

    func end() {}

    func save(in state: inout TrainerState) { schedule.save(in: &state) }

    func restore(from state: TrainerState) throws(DictionaryError) {
        try schedule.restore(from: state)
    }
}
