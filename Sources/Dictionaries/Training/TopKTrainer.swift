import LinearAlgebra
import Subjects

/// An autoencoder whose active latents are chosen by rank, while it is trained: TopK, BatchTopK and
/// Matryoshka.
///
/// pre = (x − b_dec) W_enc + b_enc; f = max(pre, 0) of the k greatest of a row, or of the k · batch
/// greatest of the batch; x̂ₗ = f W_dec + b_dec of the latents before the prefix l, with rows of W_dec of
/// length 1. The loss of a batch is the mean over the prefixes of Σ‖x̂ₗ − x‖² over the batch and the data's
/// variance, plus `deadWeight` · Σ‖ê − e‖² / Σ‖e‖², where e = x − x̂ is of all latents and taken as given, and
/// ê is what the `deadCount` greatest dead latents of a row make of it. Squares are weighted by coordinate
/// where there are weights.
///
/// The bits of the result do not depend on threads: rows and latents are worked on alone, and sums over
/// a batch run in the order of its rows. Of its own a step allocates next to nothing.
///
/// - Source: Gao et al. 2024, "Scaling and evaluating sparse autoencoders", sections 2.3 and A.2; Bussmann
///   et al. 2024, "BatchTopK Sparse Autoencoders"; Bussmann et al. 2025, "Learning Multi-Level Features with
///   Matryoshka Sparse Autoencoders" (which takes the sum over the prefixes; with the mean, rates and
///   `deadWeight` mean what they mean for one prefix).
final class TopKTrainer: @unchecked Sendable {
    // Sendable because workers write to rows and latents of their own, and a phase begins after all
    // workers have ended the one before.

    /// Among what the greatest are chosen.
    enum Selection: Hashable, Sendable {
        case row, batch
    }

    /// What is given beside the data.
    struct Setting: Sendable {
        var width: Int
        var latentCount: Int
        var k: Int
        var deadCount: Int
        var deadWeight: Float
        var deadAfter: Int
        var batchSize: Int
        /// The data's mean, where b_dec begins.
        var mean: [Float]
        /// Mean of ‖x − mean‖², weighted as errors are.
        var variance: Float
        var threads: Int
        /// Adam's size of each step, counted from 0.
        var rate: @Sendable (Int) -> Float = { _ in 0 }
        var selection = Selection.row
        /// How many latents each level has; none for one level with all of them.
        var prefixes: [Int] = []
        /// What each coordinate's squared error counts, or nil for 1 each.
        var errorWeights: [Float]?
        /// The norm that all gradients together have at most, or nil.
        var clipping: Double?
        var adam = AdamStep.Setting()
        /// Of the training, as far as a threshold needs it.
        var stepCount = 2_000

        /// How many latents each level has; the last is all.
        var levels: [Int] { prefixes.isEmpty ? [latentCount] : prefixes }
    }

    /// Rows that a worker takes at a time, so that their pre-activations stay in its cache.
    static let chunk = 48

    let setting: Setting
    /// W_encᵀ, [F × d].
    let encoder: ParameterBlock
    /// b_enc, [1 × F].
    let encoderBias: ParameterBlock
    /// W_dec, [F × d].
    let decoder: ParameterBlock
    /// b_dec, [1 × d].
    let decoderBias: ParameterBlock
    /// The activations of a batch, [batch × d], for the caller to fill.
    let batch: Scratch
    /// How many activations were seen since a latent last fired.
    var silence: [Int]
    /// Which latents are left out of a step, if any ever are.
    var mask: TemporalMask?
    /// Stands for the choice of a batch afterwards.
    var threshold: RunningThreshold

    let choice: LatentChoice
    let deadChoice: LatentChoice
    /// Where the choice is made among the whole batch.
    let candidates: BatchCandidates?
    /// What pre-activations were above in the last batch, but for a margin.
    var floor: Float = 0
    let panels: PanelBuffer
    /// b_enc, and −∞ where a latent is masked.
    let packedBias: Scratch
    let centred: Scratch
    /// x̂ₗ − x of each level, and then the derivative of the loss by what the level's own latents make.
    let errors: [Scratch]
    /// ê − e, and then the derivative of the loss by ê.
    let deadErrors: Scratch
    /// ‖ê − e‖² of each row, and then ‖x̂ₗ − x‖² of each level.
    let squares: Scratch
    /// What each coordinate's squared error counts.
    let errorWeights: Scratch?
    let workers: Pool<TopKWorker>
    var dead: [UInt32] = []
    /// How many steps were made.
    var steps = 0

    init(
        _ setting: Setting, mask: TemporalMask? = nil, _ generator: inout SeededGenerator
    ) {
        self.setting = setting
        self.mask = mask
        let (d, f, rows) = (setting.width, setting.latentCount, setting.batchSize)
        encoder = ParameterBlock(rows: f, width: d)
        encoderBias = ParameterBlock(rows: 1, width: f)
        decoder = ParameterBlock(rows: f, width: d)
        decoderBias = ParameterBlock(rows: 1, width: d)
        batch = Scratch(rows: rows, width: d)
        silence = [Int](repeating: 0, count: f)
        threshold = RunningThreshold(stepCount: setting.stepCount)
        choice = LatentChoice(rows: rows, count: setting.k, latentCount: f)
        deadChoice = LatentChoice(rows: rows, count: setting.deadCount, latentCount: f)
        candidates =
            setting.selection == .row
            ? nil : BatchCandidates(chunks: (rows + Self.chunk - 1) / Self.chunk)
        panels = PanelBuffer(inner: d, columns: f)
        packedBias = Scratch(rows: 1, width: f)
        centred = Scratch(rows: rows, width: d)
        errors = setting.levels.map { _ in Scratch(rows: rows, width: d) }
        deadErrors = Scratch(rows: rows, width: d)
        squares = Scratch(rows: 1 + setting.levels.count, width: rows)
        errorWeights = setting.errorWeights.map { Scratch(copying: $0) }
        workers = Pool { TopKWorker(latentCount: f) }
        dead.reserveCapacity(f)
        begin(&generator)
    }

    /// Directions drawn evenly, the encoder the decoder's transpose, b_dec the data's mean.
    private func begin(_ generator: inout SeededGenerator) {
        for latent in 0..<setting.latentCount {
            let row = decoder.values.row(latent)
            for c in 0..<setting.width { row[c] = Float(generator.normal()) }
            decoder.normalise(latent..<latent + 1)
            encoder.values.row(latent).update(from: row, count: setting.width)
        }
        for c in 0..<setting.width { decoderBias.values.base[c] = setting.mean[c] }
    }

    /// Trains on ``batch``.
    func step(rate: Float) -> TrainingLoss {
        mask?.begin(steps)
        let loss = differentiate()
        apply(rate: rate)
        return loss
    }

    /// One step of Adam down the gradients, decoder rows turned and not stretched.
    func apply(rate: Float) {
        steps += 1
        inLatentChunks { self.decoder.projectGradient($0) }
        let blocks = [encoder, decoder, encoderBias, decoderBias]
        let scale = GradientClipping.scale(
            of: blocks, limit: setting.clipping, threads: setting.threads)
        let adam = AdamStep(number: steps, rate: rate, gradientScale: scale, setting: setting.adam)
        inLatentChunks {
            self.decoder.step($0, adam)
            self.encoder.step($0, adam)
            self.decoder.normalise($0)
        }
        encoderBias.step(0..<1, adam)
        decoderBias.step(0..<1, adam)
    }

    /// Calls `body` for all latents, some at a time, on several threads.
    func inLatentChunks(_ body: @escaping @Sendable (Range<Int>) -> Void) {
        inChunks(of: 64, setting.latentCount, body)
    }

    /// Calls `body` for all rows, some at a time, on several threads.
    func inRowChunks(_ body: @escaping @Sendable (Range<Int>) -> Void) {
        inChunks(of: Self.chunk, setting.batchSize, body)
    }

    func inChunks(
        of size: Int, _ count: Int, _ body: @escaping @Sendable (Range<Int>) -> Void
    ) {
        inParallel((count + size - 1) / size, threads: setting.threads) { chunk in
            body(chunk * size..<min(count, (chunk + 1) * size))
        }
    }
}

extension Scratch {
    /// One row.
    convenience init(copying values: [Float]) {
        self.init(rows: 1, width: values.count)
        for (index, value) in values.enumerated() { view(1).base[index] = value }
    }
}

/// What a worker needs for a chunk of rows.
final class TopKWorker: @unchecked Sendable {
    // Sendable because the pool lends it to one worker at a time.
    let pre: Scratch
    let deadPre: Scratch
    var selection = TopSelection()
    var indices: [UInt32] = []

    init(latentCount: Int) {
        pre = Scratch(rows: TopKTrainer.chunk, width: latentCount)
        deadPre = Scratch(rows: 1, width: latentCount)
    }
}
