import LinearAlgebra
import Subjects

/// f = max(pre, 0), with λ Σ fᵖ of a row as the penalty.
///
/// - Source: see ``TrainingArchitecture/standard(_:)``.
final class StandardRule: LatentRule, @unchecked Sendable {
    // Sendable by the rules of LatentRule.
    let kind = "standard"
    let subtractsDecoderBias = true
    let keepsMemos = false
    let decodesMemos = false
    let architecture = SparseAutoencoder.Architecture.standard
    /// b_enc.
    let bias: ParameterBlock
    private let latentCount: Int
    private var schedule: PowerSchedule
    private var step = 0
    /// λ times the share that holds, per row.
    private var weight: Float = 0
    private var rows: Float = 1

    init(latentCount: Int, schedule: PowerSchedule) {
        self.latentCount = latentCount
        self.schedule = schedule
        bias = ParameterBlock(rows: 1, width: latentCount)
    }

    var vectors: [(name: String, block: ParameterBlock)] { [("encoder bias", bias)] }
    var encoderBias: UnsafePointer<Float> { UnsafePointer(bias.values.base) }

    func start(encoder: ParameterBlock, decoderBias: ParameterBlock) {}

    func begin(_ step: Int, share: Float, rows: Int) {
        self.step = step
        self.rows = Float(rows)
        weight = share * Float(schedule.coefficient) / Float(rows)
    }

    func choose(_ pre: UnsafePointer<Float>, into part: ActivePart) {
        var room = part.room(for: latentCount)
        // The row is padded with zeros to whole 16s, and zeros are not active.
        for first in stride(from: 0, to: latentCount, by: 16) {
            let lanes = UnsafeRawPointer(pre + first).loadUnaligned(as: SIMD16<Float>.self)
            guard any(lanes .> 0) else { continue }
            for lane in 0..<16 where lanes[lane] > 0 {
                room.latents[room.count] = UInt32(truncatingIfNeeded: first + lane)
                room.values[room.count] = SIMD4(lanes[lane], 0, 0, 0)
                room.count += 1
            }
        }
        part.count += room.count
    }

    func activate(_ pre: UnsafeMutablePointer<Float>, memos: UnsafeMutablePointer<Float>) {
        RowKernels.relu(RowView(pre, count: 1, width: latentCount))
    }

    func cost(of row: LatentRun) -> SIMD2<Double> {
        PowerSchedule.sums(
            row.codes, count: row.count, stride: row.stride, power: schedule.power,
            next: schedule.nextPower(at: step))
    }

    func settle(_ run: LatentRun, _ tally: LatentTally) {
        let power = Float(schedule.power)
        for i in 0..<run.count {
            let (at, latent) = (i * run.stride, run.latent + i * run.latentStep)
            let code = run.codes[at]
            guard code > 0 else {
                run.slopes[at] = 0
                continue
            }
            let slope = run.slopes[at]
            tally.rows[latent] += 1
            tally.activations[latent] += code
            tally.contributions[latent] += code * (code - slope * rows)
            let price = power == 1 ? 1 : PowerSchedule.slope(code, power: power)
            run.slopes[at] = slope + weight * price
            tally.slopes[latent] += slope + weight * price
        }
    }

    func complete(_ tally: LatentTally, _ cost: SIMD2<Double>, rows: Int) -> Double {
        bias.gradient.base.update(from: tally.slopes, count: latentCount)
        schedule.note(step, cost)
        return Double(weight) * cost.x
    }

    func end() {}

    func save(in state: inout TrainerState) { schedule.save(in: &state) }

    func restore(from state: TrainerState) throws(DictionaryError) {
        try schedule.restore(from: state)
    }
}
