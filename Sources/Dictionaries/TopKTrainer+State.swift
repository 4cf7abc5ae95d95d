import LinearAlgebra
import Subjects

extension TopKTrainer.Setting {
    init(_ setting: TrainerSetting, k: Int) {
        let plan = setting.plan
        self.init(
            width: setting.width, latentCount: plan.latentCount, k: k,
            deadCount: plan.deadCount ?? min(plan.latentCount, max(1, setting.width / 2)),
            deadWeight: Float(plan.deadWeight), deadAfter: plan.patience,
            batchSize: plan.batchSize, mean: setting.centre, variance: setting.variance,
            threads: setting.threads, clipping: plan.clipping, rate: { plan.rate(at: $0) })
    }
}

extension TopKTrainer: DictionaryTrainer {
    func step(_ number: Int) -> TrainingLoss { step(rate: setting.rate(number)) }

    var liveLatents: Int { silence.count { $0 < setting.deadAfter } }

    func trained() -> TrainedForm {
        TrainedForm(
            weights: SparseAutoencoder.Weights(
                encoder: encoder.matrix.transposed(), encoderBias: encoderBias.matrix.storage,
                decoder: decoder.matrix, decoderBias: decoderBias.matrix.storage),
            architecture: .topK(k: setting.k), subtractsDecoderBias: true)
    }

    func state() -> TrainerState {
        var state = TrainerState(kind: "topk")
        encoder.save(as: "encoder", in: &state)
        encoderBias.save(as: "encoder bias", in: &state)
        decoder.save(as: "decoder", in: &state)
        decoderBias.save(as: "decoder bias", in: &state)
        state.counters["silence"] = silence
        state.counters["steps"] = [steps]
        return state
    }

    func restore(_ state: TrainerState) throws(DictionaryError) {
        guard state.kind == "topk", let silence = state.counters["silence"],
            silence.count == setting.latentCount, let steps = state.counters["steps"]?.first
        else { throw .foreignState(reason: "it is of a \(state.kind) training, or misshapen") }
        try encoder.restore("encoder", from: state)
        try encoderBias.restore("encoder bias", from: state)
        try decoder.restore("decoder", from: state)
        try decoderBias.restore("decoder bias", from: state)
        self.silence = silence
        self.steps = steps
    }
}
