import LinearAlgebra
import Subjects

/// A TopK autoencoder while it is trained: parameters, their gradients, and what dead latents need.
///
/// pre = (x − b_dec) W_enc + b_enc; f = max(pre, 0) of the k greatest; x̂ = f W_dec + b_dec, with rows of
/// W_dec of length 1. The loss of a batch is Σ‖x̂ − x‖² over the batch and the data's variance, plus
/// `deadWeight` · Σ‖ê − e‖² / Σ‖e‖², where e = x − x̂ is taken as given and ê is what the `deadCount`
/// greatest dead latents make of it.
///
/// The bits of the result do not depend on threads: rows and latents are worked on alone, and sums over
/// a batch run in the order of its rows. Of its own a step allocates nothing.
///
/// - Source: Gao et al. 2024, "Scaling and evaluating sparse autoencoders", sections 2.3 and A.2.
final class TopKTrainer: @unchecked Sendable {
    // Sendable because workers write to rows and latents of their own, and a phase begins after all
    // workers have ended the one before.

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
        /// Mean of ‖x − mean‖².
        var variance: Float
        var threads: Int
        /// The norm that all gradients together have at most, or nil.
        var clipping: Double?
        /// Adam's size of each step, counted from 0.
        var rate: @Sendable (Int) -> Float = { _ in 0 }
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

    let choice: LatentChoice
    let deadChoice: LatentChoice
    let panels: PanelBuffer
    let centred: Scratch
    /// x̂ − x, and then the derivative of the loss by x̂.
    let errors: Scratch
    /// ê − e, and then the derivative of the loss by ê.
    let deadErrors: Scratch
    /// ‖x̂ − x‖² of each row, and ‖ê − e‖².
    let squares: Scratch
    let workers: Pool<TopKWorker>
    var dead: [UInt32] = []
    /// How many steps were made.
    var steps = 0

    init(_ setting: Setting, _ generator: inout SeededGenerator) {
        self.setting = setting
        let (d, f, rows) = (setting.width, setting.latentCount, setting.batchSize)
        encoder = ParameterBlock(rows: f, width: d)
        encoderBias = ParameterBlock(rows: 1, width: f)
        decoder = ParameterBlock(rows: f, width: d)
        decoderBias = ParameterBlock(rows: 1, width: d)
        batch = Scratch(rows: rows, width: d)
        silence = [Int](repeating: 0, count: f)
        choice = LatentChoice(rows: rows, count: setting.k, latentCount: f)
        deadChoice = LatentChoice(rows: rows, count: setting.deadCount, latentCount: f)
        panels = PanelBuffer(inner: d, columns: f)
        centred = Scratch(rows: rows, width: d)
        errors = Scratch(rows: rows, width: d)
        deadErrors = Scratch(rows: rows, width: d)
        squares = Scratch(rows: 2, width: rows)
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
        let adam = AdamStep(number: steps, rate: rate, gradientScale: scale)
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
        let (size, count) = (64, setting.latentCount)
        inParallel((count + size - 1) / size, threads: setting.threads) { chunk in
            body(chunk * size..<min(count, (chunk + 1) * size))
        }
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
