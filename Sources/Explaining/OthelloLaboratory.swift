import Games
import Inquiry
import LinearAlgebra
import Memory

/// Carries out the steps of an inquiry about one feature of a model that plays Othello.
///
/// Everything it answers depends on the study, the feature and the inquiry's state: random choices
/// come from the study's seed, the feature and how far the inquiry has come.
struct OthelloLaboratory: Laboratory {
    let study: StudyContext
    let feature: Feature
    let view: FeatureView
    /// Formulas that were supported before, for this latent and for any.
    let experience: FeatureExperience

    var rules: Othello { study.rules }

    func begin() async throws -> Beginning {
        var beginning = ExemplarMiner(study: study, view: view).begin()
        beginning.lessons = experience.draw
        return beginning
    }

    func propose(_ state: InquiryState) async throws -> Proposal {
        try await study.proposer.propose(state, self)
    }

    /// Formulas that were supported before: those of this feature, and the best of any.
    func lessons(_ inducer: RuleInducer) throws -> [HypothesisDraft] {
        var drafts: [HypothesisDraft] = []
        for formula in experience.own {
            drafts.append(draft(try BoardPredicate.parse(formula, on: rules), .experience))
        }
        let shared = try experience.ofOthers.map { try BoardPredicate.parse($0, on: rules) }
        let best = shared.max { inducer.value($0) < inducer.value($1) }
        if let best, inducer.value(best) > 0.6 { drafts.append(draft(best, .experience)) }
        return drafts
    }

    func measure(_ probes: [Probe]) async throws -> [ProbeResult] {
        var outcomes: [Int: Outcome] = [:]
        var unknown: [(probe: Int, moves: [Square])] = []
        for probe in probes {
            let moves = try rules.moves(fromTranscript: probe.input)
            if let value = known(moves, probe.input) {
                outcomes[probe.id] = .activation(Double(value))
            } else {
                unknown.append((probe.id, moves))
            }
        }
        if !unknown.isEmpty {
            let readings = try await study.bench.readings(after: unknown.map(\.moves))
            for ((probe, _), reading) in zip(unknown, readings) {
                let value = view.activation(reading)
                outcomes[probe] =
                    value.isFinite
                    ? .activation(Double(value)) : .failed(reason: "the activation is not finite")
            }
        }
        return probes.map {
            ProbeResult(
                probe: $0.id, outcome: outcomes[$0.id] ?? .failed(reason: "was not measured"))
        }
    }

    /// The activation on an input that needs no measurement: one of a split, or of a shuffled feature.
    private func known(_ moves: [Square], _ transcript: String) -> Float? {
        if let position = study.propose.pool.position(after: moves) {
            return view.propose[position]
        }
        if let position = study.tune.pool.position(after: moves) { return view.tune[position] }
        return view.needsInstrument ? nil : view.dealt(to: transcript)
    }

    func refine(parent: Int, attempt: Int, _ state: InquiryState) async throws -> Refinement {
        guard let record = state.record(parent) else {
            throw InquiryError.unknownHypothesis(parent)
        }
        return try await study.proposer.refine(parent: record, attempt: attempt, state, self)
    }

    func rescore(_ state: InquiryState) async throws -> [HypothesisScore] {
        guard let threshold = state.threshold else { return [] }
        let pool = study.tune.pool
        return try state.records.map { record in
            let predicate = try BoardPredicate.parse(record.hypothesis.formula, on: rules)
            let counts = PredictionScorer.counts(
                pool.table.evaluate(predicate), view.tune, usable: pool.usable,
                threshold: Float(threshold))
            return HypothesisScore(
                hypothesis: record.hypothesis.id, balancedAccuracy: counts.balancedAccuracy ?? 0)
        }
    }

    func openHeldOut() async throws -> HeldOutOpening { study.heldOut.opening }

    func score(_ state: InquiryState) async throws -> ScoreCard {
        let (pool, readings) = try await study.heldOut.open(state.opening)
        guard let threshold = state.beginning?.threshold, let committed = state.committed,
            let explanation = state.record(committed), let oneShot = state.record(1)
        else { throw InquiryError.nothingToCommitTo }
        let scorer = HeldOutScorer(
            pool: pool, activations: view.heldOut(readings, usable: pool.usable),
            threshold: threshold,
            replicates: study.settings.bootstrapReplicates, seed: study.seed &+ feature.stream)
        return try scorer.card(
            explanation.hypothesis, oneShot: oneShot.hypothesis,
            matchesProperties: study.settings.matchesProperties)
    }

    /// The rule inducer over everything that the inquiry knows.
    ///
    /// - Parameter isLenient: with half of the penalties.
    func inducer(_ state: InquiryState, isLenient: Bool = false) throws -> RuleInducer {
        guard let threshold = state.threshold else { throw InquiryError.measuredBeforeBeginning }
        var settings = study.settings.inducer
        if isLenient {
            settings.literalPenalty /= 2
            settings.facetPenalty /= 2
        }
        return RuleInducer(
            evidence: EvidenceTable(
                try evidence(state, threshold), properties: study.catalogue,
                weights: study.settings.weights),
            settings: settings)
    }

    func draft(_ predicate: BoardPredicate, _ origin: Origin) -> HypothesisDraft {
        HypothesisDraft(
            origin: origin, formula: predicate.formula(on: rules),
            statement: predicate.sentence(on: rules),
            refutedBy: "silence where this holds, or firing where "
                + (predicate.facets.count > 1 ? "none of it" : "it does not") + " hold"
                + (predicate.facets.count > 1 ? "s" : ""),
            complexity: predicate.complexity)
    }
}
