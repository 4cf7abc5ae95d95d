import Digests
import LinearAlgebra
import Subjects

/// A training between its steps.
final class TrainingRun {
    private let source: any ActivationSource
    private let plans: [TrainingPlan]
    private let pool: ActivationPool
    private let preparation: RowPreparation
    private let trainers: [any DictionaryTrainer]
    /// How many steps were made.
    private(set) var step = 0

    /// Begins: measures the first activations.
    init(_ training: DictionaryTraining) throws(DictionaryError) {
        source = training.source
        plans = training.plans
        pool = try ActivationPool(source, byteLimit: plans[0].poolByteLimit, seed: plans[0].seed)
        preparation = try RowPreparation(fitting: pool, of: source, plans[0])
        try pool.adopt(preparation)
        trainers = try Self.trainers(plans, preparation, threads: source.threads)
    }

    /// Goes on from a checkpoint: what follows has the same bits as without an interruption.
    init(_ training: DictionaryTraining, from file: CheckpointFile) throws(DictionaryError) {
        source = training.source
        plans = training.plans
        var reader = file.sections()
        let stream = try reader.next()
        guard let step = stream.counters["step"]?.first, (0...plans[0].stepCount).contains(step)
        else { throw .foreignState(reason: "it has no number of steps") }
        self.step = step
        preparation = try RowPreparation(stream, width: source.width)
        pool = try ActivationPool(
            source, byteLimit: plans[0].poolByteLimit, seed: plans[0].seed, measures: false)
        try pool.restore(stream, preparation)
        trainers = try Self.trainers(plans, preparation, threads: source.threads)
        for trainer in trainers { try trainer.restore(try reader.next()) }
    }

    private static func trainers(
        _ plans: [TrainingPlan], _ preparation: RowPreparation, threads: Int
    ) throws(DictionaryError) -> [any DictionaryTrainer] {
        var trainers: [any DictionaryTrainer] = []
        for plan in plans {
            var generator = SeededGenerator(seed: plan.weightSeed ?? plan.seed)
            trainers.append(
                try plan.architecture.trainer(
                    preparation.setting(plan, threads: threads), &generator))
        }
        return trainers
    }

    /// Gives one batch to every trainer.
    func advance() throws(DictionaryError) -> [TrainingLoss] {
        let size = plans[0].batchSize
        let batch = trainers[0].batch.view(size)
        try pool.take(batch)
        for trainer in trainers.dropFirst() {
            let copy = trainer.batch.view(size)
            for r in 0..<size { copy.row(r).update(from: batch.row(r), count: batch.width) }
        }
        defer { step += 1 }
        return trainers.map { $0.step(step) }
    }

    /// Keeps all that is needed to go on.
    ///
    /// - Throws: ``DictionaryError/diverged(step:checkpoint:)`` if a weight is no finite number, so that
    ///   the checkpoints before stay.
    func write(
        to folder: CheckpointFolder, _ identity: Digest
    ) throws(DictionaryError) {
        var stream = TrainerState(kind: "stream")
        stream.counters["step"] = [step]
        preparation.save(in: &stream)
        pool.save(in: &stream)
        let writer = try folder.begin(step: step, identity)
        do throws(DictionaryError) {
            try writer.put(stream)
            for trainer in trainers {
                let state = trainer.state()
                guard state.isFinite else {
                    throw DictionaryError.diverged(step: step, checkpoint: folder.newestPath)
                }
                try writer.put(state)
            }
            try folder.finish(writer)
        } catch {
            folder.abandon(writer)
            throw error
        }
    }

    /// Takes each trainer's autoencoder and measures it.
    func finished() throws(DictionaryError) -> [TrainedDictionary] {
        let forms = trainers.map { preparation.folded($0.trained(), threads: source.threads) }
        let qualities = try HeldOutQuality.measure(
            forms.map { $0.autoencoder(source.facts.origin) }, on: source,
            normLimit: preparation.normLimit)
        return forms.indices.map { index in
            TrainedDictionary(
                form: forms[index], plan: plans[index], facts: source.facts,
                quality: qualities[index], liveLatents: trainers[index].liveLatents)
        }
    }
}

extension TrainerState {
    /// Whether all weights and moments are finite numbers.
    var isFinite: Bool {
        tables.values.allSatisfy { table in
            table.withUnsafeBufferPointer { values in
                // Without a branch in the loop, so that it is done many elements at a time.
                values.reduce(UInt32(0)) {
                    $0 | ($1.bitPattern & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0)
                }
                    == 0
            }
        }
    }
}

extension DictionaryTraining {
    /// Names all that decides the weights: the source, every plan, and the arithmetic.
    public func identity() throws(DictionaryError) -> Digest {
        var hash = SHA256()
        hash.update("\(TrainedDictionary.engineVersion) \(try source.identity())")
        // A plan's own description has all of its fields, those to come included.
        for plan in plans { hash.update("\0\(plan)") }
        return hash.finalize()
    }
}

extension TrainedForm {
    func autoencoder(_ origin: SparseAutoencoder.Origin, name: String = "dictionary")
        -> SparseAutoencoder
    {
        SparseAutoencoder(
            weights, architecture: architecture, subtractsDecoderBias: subtractsDecoderBias,
            origin: origin, name: name)
    }

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
