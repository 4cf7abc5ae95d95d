import LinearAlgebra
import Subjects

extension PenaltyTrainer.Setting {
    init(_ setting: TrainerSetting, adam: AdamStep.Setting = .init()) {
        let plan = setting.plan
        let count = Double(plan.stepCount)
        // Weights whose mean is 1 leave whitened rows, which vary alike everywhere, the variance they have.
        let weights = setting.errorWeights ?? []
        let mean =
            weights.isEmpty ? 1 : weights.reduce(0) { $0 + Double($1) } / Double(weights.count)
        self.init(
            width: setting.width, latentCount: plan.latentCount, batchSize: plan.batchSize,
            centre: setting.centre, variance: Float(Double(setting.variance) / mean),
            errorWeights: setting.errorWeights.map { $0.map { Float(Double($0) / mean) } },
            deadAfter: plan.patience,
            threads: setting.threads, adam: adam, clipping: plan.clipping,
            mask: plan.masking.map {
                TemporalMask(
                    $0, latentCount: plan.latentCount, stepCount: plan.stepCount, seed: plan.seed)
            }, resampling: plan.resampling,
            isEnding: { Double($0) >= (1 - plan.decayShare) * count }, seed: plan.seed,
            rate: { plan.rate(at: $0) }, penaltyShare: { plan.penaltyShare(at: $0) })
    }
}

extension PenaltyTrainer: DictionaryTrainer {
    var liveLatents: Int { silence.count { $0 < setting.deadAfter } }

    func trained() -> TrainedForm {
        TrainedForm(
            weights: SparseAutoencoder.Weights(
                encoder: encoder.matrix.transposed(),
                encoderBias: Array(
                    UnsafeBufferPointer(start: rule.encoderBias, count: setting.latentCount)),
                decoder: decoder.matrix, decoderBias: decoderBias.matrix.storage),
            architecture: rule.architecture, subtractsDecoderBias: rule.subtractsDecoderBias
        ).scaled(by: unit)
    }

    func state() -> TrainerState {
        var state = TrainerState(kind: rule.kind)
        for (name, block) in namedBlocks { block.save(as: name, in: &state) }
        state.counters["silence"] = silence
        state.counters["steps"] = [steps]
        state.numbers["active share"] = [activeShare]
        rule.save(in: &state)
        mask?.save(in: &state)
        return state
    }

    func restore(_ state: TrainerState) throws(DictionaryError) {
        guard state.kind == rule.kind, let silence = state.counters["silence"],
            silence.count == setting.latentCount, let steps = state.counters["steps"]?.first,
            let share = state.numbers["active share"]?.first
        else { throw .foreignState(reason: "it is of a \(state.kind) training, or misshapen") }
        for (name, block) in namedBlocks { try block.restore(name, from: state) }
        try rule.restore(from: state)
        try mask?.restore(from: state)
        self.silence = silence
        self.steps = steps
        activeShare = share
    }

    private var namedBlocks: [(String, ParameterBlock)] {
        [("encoder", encoder), ("decoder", decoder), ("decoder bias", decoderBias)]
            + rule.vectors.map { ($0.name, $0.block) }
    }
}
