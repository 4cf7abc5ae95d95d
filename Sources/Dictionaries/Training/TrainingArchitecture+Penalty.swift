import JSON
import LinearAlgebra

extension TrainingArchitecture {
    /// Whether activity has a price, rather than a limit.
    var hasPenalty: Bool {
        switch self {
        case .standard, .gated, .jumpReLU: true
        default: false
        }
    }
}

extension SparsityPenalty {
    /// - Throws: ``DictionaryError/badPlan(field:value:expected:)``.
    func check() throws(DictionaryError) {
        guard coefficient >= 0, coefficient <= 1e6 else {
            throw .badPlan(
                field: "sparsity", value: "\(coefficient)", expected: "from 0 to a million")
        }
        guard finalPower > 0, finalPower <= 1 else {
            throw .badPlan(
                field: "final-power", value: "\(finalPower)", expected: "above 0, at most 1")
        }
        guard annealingStart >= 0, annealingStart < 1 else {
            throw .badPlan(
                field: "annealing start", value: "\(annealingStart)",
                expected: "from 0, below 1")
        }
    }

    /// For the dictionary's configuration.
    func json(named name: String) -> JSONValue {
        let always: [JSONValue.Member] = [
            .init(name: "name", value: .string(name)),
            .init(name: "sparsity", value: .number(coefficient)),
        ]
        guard finalPower < 1 else { return .object(always) }
        return .object(
            always + [
                .init(name: "final_power", value: .number(finalPower)),
                .init(name: "annealing_start", value: .number(annealingStart)),
            ])
    }
}

extension JumpReLUTarget {
    /// - Throws: ``DictionaryError/badPlan(field:value:expected:)``.
    func check(latentCount: Int) throws(DictionaryError) {
        guard activeLatents > 0, activeLatents <= Double(latentCount) else {
            throw .badPlan(
                field: "target-l0", value: "\(activeLatents)",
                expected: "above 0, at most the number of latents, which is \(latentCount)")
        }
        guard coefficient >= 0, coefficient <= 1e6 else {
            throw .badPlan(
                field: "sparsity", value: "\(coefficient)", expected: "from 0 to a million")
        }
        guard bandwidth >= 1e-6, bandwidth <= 1 else {
            throw .badPlan(
                field: "bandwidth", value: "\(bandwidth)", expected: "from 0.000001 to 1")
        }
    }

    /// For the dictionary's configuration.
    var json: JSONValue {
        [
            "name": "jumprelu", "target_l0": .number(activeLatents),
            "sparsity": .number(coefficient), "bandwidth": .number(bandwidth),
        ]
    }
}

extension TrainingPlan {
    /// - Throws: ``DictionaryError/badPlan(field:value:expected:)``.
    func checkPenalty() throws(DictionaryError) {
        guard penaltyWarmUpShare >= 0, penaltyWarmUpShare <= 1 else {
            throw .badPlan(
                field: "penalty warm-up", value: "\(penaltyWarmUpShare)", expected: "from 0 to 1")
        }
        guard let resampling else { return }
        try resampling.check()
        switch architecture {
        case .standard, .gated: break
        default:
            throw .badPlan(
                field: "resample-every", value: "\(resampling.interval)",
                expected: "with a standard or gated dictionary only: others have no such latents")
        }
    }
}

extension PenaltyTrainer {
    /// Adam without the mean of gradients, as gated and JumpReLU autoencoders were published with.
    static let withoutMean = AdamStep.Setting(meanDecay: 0)

    convenience init(
        standard penalty: SparsityPenalty, _ setting: TrainerSetting,
        _ generator: inout SeededGenerator
    ) {
        let plan = setting.plan
        self.init(
            Setting(setting),
            rule: StandardRule(
                latentCount: plan.latentCount,
                schedule: PowerSchedule(penalty, stepCount: plan.stepCount)), &generator)
    }

    convenience init(
        gated penalty: SparsityPenalty, _ setting: TrainerSetting,
        _ generator: inout SeededGenerator
    ) {
        let plan = setting.plan
        self.init(
            Setting(setting, adam: Self.withoutMean),
            rule: GatedRule(
                latentCount: plan.latentCount,
                schedule: PowerSchedule(penalty, stepCount: plan.stepCount)), &generator)
    }

    convenience init(
        jumpReLU target: JumpReLUTarget, _ setting: TrainerSetting,
        _ generator: inout SeededGenerator
    ) {
        self.init(
            Setting(setting, adam: Self.withoutMean),
            rule: JumpReLURule(latentCount: setting.plan.latentCount, target: target), &generator)
    }
}
