import ArgumentParser
import Dictionaries

/// How a dictionary is made sparse, and how it is trained.
struct ArchitectureOptions: ParsableArguments {
    enum Name: String, CaseIterable, ExpressibleByArgument {
        case standard, gated, topk, batchtopk, matryoshka, jumprelu

        var usesK: Bool { self == .topk || self == .batchtopk || self == .matryoshka }
    }

    @Option(help: "standard, gated, topk, batchtopk, matryoshka or jumprelu.")
    var architecture = Name.topk

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Train many and compare them, in place of --architecture: series such as topk:8,16 or "
                + "standard+whitened:0.02,0.04, each an architecture (also p-annealing and "
                + "gated-p-annealing) with the k, weights or target L0s to try, or usual for all.",
            valueName: "series"))
    var sweep: [String] = []

    @Option(help: "How many latents the dictionary has.")
    var latents: Int

    @Option(help: "topk, batchtopk, matryoshka: how many latents may be active on a token.")
    var k: Int?

    @Option(
        help: ArgumentHelp(
            "standard, gated: the weight of the penalty on activations.", valueName: "weight"))
    var sparsity: Double?

    @Option(
        help: ArgumentHelp(
            "standard, gated: the power of activations that is penalised at the end (p-annealing). "
                + "Default: 1.", valueName: "p"))
    var finalPower: Double?

    @Option(
        help: ArgumentHelp(
            "jumprelu: how many latents should be active on a token.", valueName: "number"))
    var targetL0: Double?

    @Option(help: "jumprelu: how near its threshold an activation must be to move it.")
    var bandwidth: Double?

    @Option(
        help: ArgumentHelp(
            "matryoshka: how many latents each level has, the last being all of them. Default: a "
                + "sixteenth, an eighth, a quarter, a half, and all.", valueName: "numbers"))
    var prefixes: String?

    @Option(help: "Adam's greatest step. Default: 2e-4 · √(16384 / latents).")
    var learningRate: Double?

    @Option(help: "The norm that all gradients together have at most.")
    var clip: Double?

    @Flag(
        help: "Leave latents that matter little out of some steps (adaptive temporal masking).")
    var mask = false

    @Option(
        help: ArgumentHelp(
            "standard: give latents that do not fire another direction every so many steps.",
            valueName: "steps"))
    var resampleEvery: Int?

    @Option(
        help: ArgumentHelp(
            "standard, gated, jumprelu: the share of steps over which the penalty rises from 0.",
            valueName: "share"))
    var penaltyWarmUp: Double?

    func validate() throws {
        if sweep.isEmpty {
            _ = try chosen()
        } else {
            _ = try swept(
                base: TrainingPlan(latentCount: latents, architecture: .topK(k: 1), tokens: 65_536))
        }
    }

    /// The dictionaries of a sweep, which differ from `base` in what their series say.
    func swept(base: TrainingPlan) throws -> SweepPlan {
        let given = [
            k != nil, sparsity != nil, finalPower != nil, targetL0 != nil, bandwidth != nil,
        ]
        guard !given.contains(true), architecture == .topk, prefixes == nil, !mask,
            base.whitening == nil
        else {
            throw ValidationError(
                "--sweep takes the place of --architecture and its options, and its series say which are "
                    + "masked or whitened.")
        }
        do {
            return try SweepPlan(
                sweep == ["usual"] ? SweepPlan.usual(latentCount: latents) : sweep, base: base)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func apply(to plan: inout TrainingPlan) {
        plan.clipping = clip
        plan.masking = mask ? TemporalMasking() : nil
        plan.resampling = resampleEvery.map { Resampling(interval: $0) }
        if let penaltyWarmUp { plan.penaltyWarmUpShare = penaltyWarmUp }
    }

    /// The architecture, all that does not belong to it being refused.
    func chosen() throws -> TrainingArchitecture {
        try refuseOthers()
        switch architecture {
        case .topk: return .topK(k: try need(k, "--k"))
        case .batchtopk: return .batchTopK(k: try need(k, "--k"))
        case .matryoshka:
            return .matryoshka(k: try need(k, "--k"), prefixes: try chosenPrefixes())
        case .standard: return .standard(try penalty())
        case .gated: return .gated(try penalty())
        case .jumprelu:
            var target = JumpReLUTarget(activeLatents: try need(targetL0, "--target-l0"))
            if let bandwidth { target.bandwidth = bandwidth }
            return .jumpReLU(target)
        }
    }

    private func refuseOthers() throws {
        let isPenalised = architecture == .standard || architecture == .gated
        let options: [(name: String, isGiven: Bool, belongs: Bool)] = [
            ("--k", k != nil, architecture.usesK),
            ("--sparsity", sparsity != nil, isPenalised),
            ("--final-power", finalPower != nil, isPenalised),
            ("--target-l0", targetL0 != nil, architecture == .jumprelu),
            ("--bandwidth", bandwidth != nil, architecture == .jumprelu),
            ("--prefixes", prefixes != nil, architecture == .matryoshka),
            ("--resample-every", resampleEvery != nil, architecture == .standard),
            ("--penalty-warm-up", penaltyWarmUp != nil, !architecture.usesK),
        ]
        for option in options where option.isGiven && !option.belongs {
            throw ValidationError(
                "\(option.name) does not belong to --architecture \(architecture.rawValue).")
        }
    }

    private func need<Value>(_ value: Value?, _ name: String) throws -> Value {
        guard let value else {
            throw ValidationError("--architecture \(architecture.rawValue) needs \(name).")
        }
        return value
    }

    private func penalty() throws -> SparsityPenalty {
        SparsityPenalty(
            coefficient: try need(sparsity, "--sparsity"), finalPower: finalPower ?? 1)
    }

    private func chosenPrefixes() throws -> [Int] {
        guard let prefixes else {
            return TrainingArchitecture.usualPrefixes(of: latents)
        }
        let numbers = prefixes.split(separator: ",").map { Int($0) }
        guard !numbers.isEmpty, !numbers.contains(nil) else {
            throw ValidationError("--prefixes \(prefixes): give numbers such as 256,1024,4096.")
        }
        return numbers.compactMap { $0 }
    }
}
