import LinearAlgebra
import Subjects

/// An autoencoder with a penalty for activity while it is trained: standard, gated or JumpReLU, as its
/// ``LatentRule`` says.
///
/// pre = x W_enc + b_enc, with x − b_dec for x where the rule says so; f of pre by the rule;
/// x̂ = f W_dec + b_dec, with rows of W_dec of length 1. The loss of a batch is the mean of ‖x̂ − x‖², plus
/// what the rule adds. Rows are brought to the variance 1 first, so that a penalty's weight, a threshold
/// and a bandwidth mean the same for all data, and biases move as fast as weights do.
///
/// While many latents are active their table is dense, and decoding and gradients are products of
/// OpenBLAS; later only active ones are visited. The bits of the result do not depend on threads: rows and
/// latents are worked on alone, products have shapes that depend on the setting alone, and sums over a
/// batch run in the order of its rows. They depend on the kernels that OpenBLAS chooses for the CPU. While a
/// trainer lives OpenBLAS must not use threads of its own; making one says so to the whole process.
final class PenaltyTrainer: @unchecked Sendable {
    // Sendable because workers write to rows and latents of their own, and a phase begins after all
    // workers have ended the one before.

    /// What is given beside the data.
    struct Setting: Sendable {
        var width: Int
        var latentCount: Int
        var batchSize: Int
        /// Where b_dec begins, in the units of the rows that are given.
        var centre: [Float]
        /// Mean of ‖x − mean‖², weighted as errors are, in the same units.
        var variance: Float
        /// What each coordinate's squared error counts, in the mean 1; or nil for 1 each.
        var errorWeights: [Float]?
        var deadAfter: Int
        var threads: Int
        var adam = AdamStep.Setting()
        /// The norm that all gradients together have at most, or nil.
        var clipping: Double?
        var mask: TemporalMask?
        var resampling: Resampling?
        /// Whether the last steps have begun, in which nothing is drawn anew.
        var isEnding: @Sendable (Int) -> Bool = { _ in false }
        /// Decides what is drawn anew.
        var seed: UInt64 = 1
        /// Adam's size of each step, counted from 0.
        var rate: @Sendable (Int) -> Float
        /// The share of the penalty that holds in each step.
        var penaltyShare: @Sendable (Int) -> Double = { _ in 1 }
        /// Below this share of active latents only those are visited.
        ///
        /// Measured with d = 512, F = 4096 and batches of 4096 on a Zen 4: both ways take as long at 10 %.
        var sparseBelow = 0.1
    }

    /// Rows that a worker takes at a time.
    static let rowChunk = 192
    /// Rows that are encoded at a time where activity is sparse, so that their pre-activations stay in a
    /// core's own cache.
    static let encoderRows = 48
    /// Latents that a worker takes at a time, of a product too.
    static let latentChunk = 128

    let setting: Setting
    let rule: any LatentRule
    /// W_encᵀ, [F × d].
    let encoder: ParameterBlock
    /// W_dec, [F × d].
    let decoder: ParameterBlock
    /// b_dec, [1 × d].
    let decoderBias: ParameterBlock
    /// The activations of a batch, [batch × d], for the caller to fill.
    let batch: Scratch
    /// How many activations were seen since a latent last fired.
    var silence: [Int]
    /// How many steps were made.
    var steps = 0
    /// The share of latents that were active in the last step.
    var activeShare = 1.0
    var mask: TemporalMask?

    let panels: PanelBuffer
    /// What the encoder reads.
    let inputs: Scratch
    /// x̂ − x, and then the derivative of the loss by x̂.
    let errors: Scratch
    /// The same of what memos decode to.
    let memoErrors: Scratch
    /// Sums of each row, by ``RowSum``.
    let rowSums: Scratch
    let tally: LatentTally
    let active: ActiveLatents
    let workers: Pool<PenaltyWorker>
    /// Only while activity is dense.
    var tables: DenseLatents?
    var masked: [Int] = []

    /// What rows are multiplied with.
    var unit: Float { 1 / setting.variance.squareRoot() }

    init(_ setting: Setting, rule: any LatentRule, _ generator: inout SeededGenerator) {
        self.setting = setting
        self.rule = rule
        let (d, f, rows) = (setting.width, setting.latentCount, setting.batchSize)
        encoder = ParameterBlock(rows: f, width: d)
        decoder = ParameterBlock(rows: f, width: d)
        decoderBias = ParameterBlock(rows: 1, width: d)
        batch = Scratch(rows: rows, width: d)
        silence = [Int](repeating: 0, count: f)
        mask = setting.mask
        panels = PanelBuffer(inner: d, columns: f)
        inputs = Scratch(rows: rows, width: d)
        errors = Scratch(rows: rows, width: d)
        memoErrors = Scratch(rows: rule.decodesMemos ? rows : 0, width: d)
        rowSums = Scratch(rows: RowSum.allCases.count, width: rows)
        tally = LatentTally(latentCount: f)
        active = ActiveLatents(rows: rows, rowsPerPart: Self.rowChunk, latentCount: f)
        workers = Pool { PenaltyWorker(latentCount: f) }
        begin(&generator)
        BLAS.setThreads(1)
    }

    /// Directions drawn evenly; the encoder the decoder's transpose, so much shorter that x̂ is about x
    /// where half of the latents are active; b_dec the data's centre.
    private func begin(_ generator: inout SeededGenerator) {
        let (d, f) = (setting.width, setting.latentCount)
        for latent in 0..<f {
            let row = decoder.values.row(latent)
            for c in 0..<d { row[c] = Float(generator.normal()) }
        }
        decoder.normalise(0..<f)
        let length = min(1, 2 * Float(d) / Float(f))
        for latent in 0..<f {
            RowKernels.addScaled(
                length, decoder.values.row(latent), to: encoder.values.row(latent), count: d)
        }
        for c in 0..<d { decoderBias.values.base[c] = unit * setting.centre[c] }
        rule.start(encoder: encoder, decoderBias: decoderBias)
    }

    /// All parameters.
    var blocks: [ParameterBlock] { [encoder, decoder, decoderBias] + rule.vectors.map(\.block) }

    /// Trains on ``batch``.
    func step(_ number: Int) -> TrainingLoss {
        let loss = differentiate(number)
        apply(rate: setting.rate(number))
        rule.end()
        resample(number)
        return loss
    }

    /// One step of Adam down the gradients, decoder rows turned and not stretched.
    private func apply(rate: Float) {
        steps += 1
        inLatentChunks { self.decoder.projectGradient($0) }
        let adam = AdamStep(
            number: steps, rate: rate,
            gradientScale: GradientClipping.scale(
                of: blocks, limit: setting.clipping, threads: setting.threads),
            setting: setting.adam)
        inLatentChunks { latents in
            self.decoder.step(latents, adam)
            self.encoder.step(latents, adam)
            self.decoder.normalise(latents)
        }
        decoderBias.step(0..<1, adam)
        for vector in rule.vectors { vector.block.step(0..<1, adam) }
    }

    /// Calls `body` for all latents, some at a time, on several threads.
    func inLatentChunks(_ body: @escaping @Sendable (Range<Int>) -> Void) {
        inChunks(0..<setting.latentCount, of: Self.latentChunk, body)
    }

    /// Calls `body` for parts of a range that do not depend on threads.
    func inChunks(
        _ range: Range<Int>, of size: Int, _ body: @escaping @Sendable (Range<Int>) -> Void
    ) {
        inParallel((range.count + size - 1) / size, threads: setting.threads) { chunk in
            let first = range.lowerBound + chunk * size
            body(first..<min(range.upperBound, first + size))
        }
    }
}

/// What is summed of each row of a batch.
enum RowSum: Int, CaseIterable {
    /// ‖x̂ − x‖², weighted, and the same of what memos decode to.
    case error, memoError
    /// What activity costs, and at the power to come.
    case cost, nextCost
    /// How many latents are active.
    case active
}

/// What a worker needs for a chunk of rows.
final class PenaltyWorker: @unchecked Sendable {
    // Sendable because the pool lends it to one worker at a time.
    let pre: Scratch

    init(latentCount: Int) { pre = Scratch(rows: PenaltyTrainer.encoderRows, width: latentCount) }
}
