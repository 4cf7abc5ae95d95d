import Digests
import Exemplars
import Foundation
import Instruments
import LinearAlgebra
import Subjects

/// Trains a dictionary on a model's activations, and measures it on documents kept apart.
///
/// The same files, plan and seed give the same bytes, with any number of threads.
public struct DictionaryTraining: Sendable {
    /// How far the training has come.
    public struct Progress: Sendable {
        public let step: Int
        public let stepCount: Int
        public let tokens: Int
        /// Of the last batch, as a share of the variance.
        public let unexplained: Double
        public let deadLatents: Int
    }

    public enum Decision: Sendable {
        case goOn, stop
    }

    public let plan: TrainingPlan
    /// Where the activations are taken.
    public let hook: TransformerHook
    /// How many different tokens there are to train on, and to measure on.
    public var tokenCounts: (training: Int, heldOut: Int) {
        (source.training.tokenCount, source.heldOut.tokenCount)
    }
    private let source: ActivationSource
    private let corpus: Corpus
    private let modelName: String

    /// Reads model and corpus.
    ///
    /// - Parameters:
    ///   - model: a folder as ``TextSubject`` takes it.
    ///   - hook: where the activations are taken, by its TransformerLens name.
    public init(
        model: String, hook: String, corpus: Corpus, plan: TrainingPlan, threads: Int
    ) throws(DictionaryError) {
        precondition(threads > 0, "\(threads) threads")
        try plan.check()
        let tokenizer: TextTokenizer
        do {
            tokenizer = try TextTokenizer(folder: model)
        } catch {
            throw .instrument(error)
        }
        let transformer: Transformer
        let firstToken: Int?
        do {
            transformer = try TextSubject.model(model)
            self.hook = try transformer.hook(named: hook)
            firstToken = tokenizer.ownFirstToken
        } catch {
            throw .subject(error)
        }
        guard tokenizer.vocabularySize <= transformer.configuration.vocabularySize else {
            throw .instrument(
                .vocabularyMismatch(
                    tokenizer: tokenizer.vocabularySize,
                    model: transformer.configuration.vocabularySize))
        }
        self.plan = plan
        self.corpus = corpus
        modelName = URL(fileURLWithPath: model).standardizedFileURL.lastPathComponent
        source = try ActivationSource(
            model: transformer, tokenizer: tokenizer, hook: self.hook, firstToken: firstToken,
            corpus: corpus, plan: plan, threads: threads)
    }

    /// Trains and measures.
    ///
    /// Blocks the calling thread; keep it off the cooperative pool.
    ///
    /// - Parameter progress: is called after every step, and may stop the training.
    public func run(
        progress: (Progress) -> Decision = { _ in .goOn }
    ) throws(DictionaryError) -> TrainedDictionary {
        let pool = try ActivationPool(source, width: try width(), seed: plan.seed)
        let statistics = try pool.statistics()
        var generator = SeededGenerator(seed: plan.seed)
        let trainer = try plan.architecture.trainer(setting(statistics), &generator)
        for step in 0..<plan.stepCount {
            try pool.take(trainer.batch.view(plan.batchSize), scale: statistics.scale)
            let loss = trainer.step(step)
            guard loss.isFinite else { throw .diverged(step: step + 1) }
            let decision = progress(
                Progress(
                    step: step + 1, stepCount: plan.stepCount,
                    tokens: (step + 1) * plan.batchSize, unexplained: loss.unexplained,
                    deadLatents: loss.deadLatents))
            if decision == .stop { throw .stopped(step: step + 1) }
        }
        return try finished(trainer, scale: statistics.scale)
    }

    private func width() throws(DictionaryError) -> Int {
        var width = 0
        try source.forEachRow(of: source.training, [0]) { width = $0.count }
        return width
    }

    private func setting(_ statistics: ActivationPool.Statistics) -> TrainerSetting {
        TrainerSetting(
            width: statistics.mean.count, plan: plan, centre: statistics.mean,
            variance: statistics.variance, threads: source.threads)
    }

    private func finished(
        _ trainer: any DictionaryTrainer, scale: Float
    ) throws(DictionaryError) -> TrainedDictionary {
        let form = trainer.trained().scaled(by: scale)
        let dictionary = SparseAutoencoder(
            form.weights, architecture: form.architecture,
            subtractsDecoderBias: form.subtractsDecoderBias,
            origin: .init(
                hookName: "\(hook)", modelName: modelName, contextSize: plan.contextLength,
                prependsBOS: source.firstToken != nil))
        return TrainedDictionary(
            form: form, plan: plan, origin: dictionary.origin,
            corpus: .init(
                name: corpus.paths.map { URL(fileURLWithPath: $0).lastPathComponent }
                    .joined(separator: " "), digest: corpus.digest),
            quality: try HeldOutQuality(of: dictionary, on: source, source.heldOut),
            liveLatents: trainer.liveLatents)
    }
}

extension TrainedForm {
    /// The form for rows that were not multiplied by `scale`: every architecture keeps proportions, so that
    /// only biases and thresholds change.
    func scaled(by scale: Float) -> TrainedForm {
        func divided(_ values: [Float]) -> [Float] { values.map { $0 / scale } }
        var form = self
        form.weights.encoderBias = divided(weights.encoderBias)
        form.weights.decoderBias = divided(weights.decoderBias)
        switch architecture {
        case .standard, .topK, .groupMax: break
        case .jumpReLU(let threshold): form.architecture = .jumpReLU(threshold: divided(threshold))
        case .gated(var gate):
            gate.bias = divided(gate.bias)
            gate.magnitudeBias = divided(gate.magnitudeBias)
            form.architecture = .gated(gate)
        }
        return form
    }
}
