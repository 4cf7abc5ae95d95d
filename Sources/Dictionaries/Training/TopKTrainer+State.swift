import LinearAlgebra
import Subjects

extension TopKTrainer.Setting {
    init(
        _ setting: TrainerSetting, k: Int, selection: TopKTrainer.Selection = .row,
        prefixes: [Int] = []
    ) {
        let plan = setting.plan
        self.init(
            width: setting.width, latentCount: plan.latentCount, k: k,
            deadCount: plan.deadCount ?? min(plan.latentCount, max(1, setting.width / 2)),
            deadWeight: Float(plan.deadWeight), deadAfter: plan.patience,
            batchSize: plan.batchSize, mean: setting.centre, variance: setting.variance,
            threads: setting.threads, rate: { plan.rate(at: $0) }, selection: selection,
            prefixes: prefixes, errorWeights: setting.errorWeights, clipping: plan.clipping,
            stepCount: plan.stepCount)
    }
}

extension TopKTrainer {
    /// A trainer for a plan, which may mask.
    convenience init(
        _ setting: TrainerSetting, k: Int, selection: Selection = .row, prefixes: [Int] = [],
        _ generator: inout SeededGenerator
    ) {
        self.init(
            Setting(setting, k: k, selection: selection, prefixes: prefixes),
            mask: TemporalMask(setting.plan),
            &generator)
    }
}

extension TopKTrainer: DictionaryTrainer {
    func step(_ number: Int) -> TrainingLoss {
        precondition(number == steps, "step \(number) after \(steps) steps")
        return step(rate: setting.rate(number))
    }

    var liveLatents: Int { silence.count { $0 < setting.deadAfter } }

    func trained() -> TrainedForm {
        let threshold = Float(threshold.value ?? 0)
        return TrainedForm(
            weights: SparseAutoencoder.Weights(
                encoder: encoder.matrix.transposed(), encoderBias: encoderBias.matrix.storage,
                decoder: decoder.matrix, decoderBias: decoderBias.matrix.storage),
            architecture: setting.selection == .row
                ? .topK(k: setting.k)
                : .jumpReLU(threshold: .init(repeating: threshold, count: setting.latentCount)),
            subtractsDecoderBias: true)
    }

    private var kind: String {
        if setting.selection == .row { return "topk" }
        return setting.levels.count == 1 ? "batchtopk" : "matryoshka"
    }

    func state() -> TrainerState {
        var state = TrainerState(kind: kind)
        encoder.save(as: "encoder", in: &state)
        encoderBias.save(as: "encoder bias", in: &state)
        decoder.save(as: "decoder", in: &state)
        decoderBias.save(as: "decoder bias", in: &state)
        state.counters["silence"] = silence
        state.counters["steps"] = [steps]
        threshold.save(in: &state)
        mask?.save(in: &state)
        return state
    }

    func restore(_ state: TrainerState) throws(DictionaryError) {
        guard state.kind == kind, let silence = state.counters["silence"],
            silence.count == setting.latentCount, let steps = state.counters["steps"]?.first
        else { throw .foreignState(reason: "it is of a \(state.kind) training, or misshapen") }
        try encoder.restore("encoder", from: state)
        try encoderBias.restore("encoder bias", from: state)
        try decoder.restore("decoder", from: state)
        try decoderBias.restore("decoder bias", from: state)
        try threshold.restore(from: state)
        try mask?.restore(from: state)
        self.silence = silence
        self.steps = steps
    }
}
