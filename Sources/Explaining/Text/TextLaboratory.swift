import Inquiry
import LinearAlgebra
import Texts

/// What all inquiries into text features of one run share. Nothing in it changes.
struct TextStudyContext: Sendable {
    let seed: UInt64
    let plan: InquiryPlan
    let inducer: TextInducer.Settings
    let replicates: Int
    let corpus: TextCorpus
    let heldOut: SealedTexts
    let edits: TextEdits
    let bench: TextBench
    /// What the instrument calls the first control direction.
    var firstDirection = 0
    /// Measures what features write, where there is something that can.
    var output: (any OutputMeter)?
    let cache = UnitCache()
    var proposer: any TextProposer = InducingTextProposer()
    /// Writes what people are asked; nil where nobody is.
    var desk: ApprovalDesk?
}

/// Carries out the steps of an inquiry about one feature of text.
///
/// Everything it answers depends on the study, the feature and the inquiry's state: random choices
/// come from the study's seed, the feature and how far the inquiry has come.
struct TextLaboratory: Laboratory {
    let study: TextStudyContext
    let feature: Feature
    /// Formulas that were supported before, for this feature and for any.
    let experience: FeatureExperience

    init(
        study: TextStudyContext, feature: Feature,
        experience: FeatureExperience = FeatureExperience()
    ) {
        self.study = study
        self.feature = feature
        self.experience = experience
    }

    /// What the instrument measures for the feature.
    private var column: Int {
        switch feature {
        case .latent(let index), .shuffled(let index, _): index
        case .direction(let index): study.firstDirection + index
        }
    }

    /// The feature on a split that an inquiry may see.
    func readings(of split: VisibleSplit) async throws -> TextPoolReadings {
        let pool = pool(split)
        let raw = try await study.bench.readings(of: pool, latent: column)
        return try await view().readings(raw, of: pool, salt: split.rawValue)
    }

    enum VisibleSplit: UInt64 {
        case propose = 1
        case tune
    }

    private func pool(_ split: VisibleSplit) -> TextPool {
        split == .propose ? study.corpus.propose : study.corpus.tune
    }

    private func view() async throws -> TextFeatureView {
        TextFeatureView(
            feature,
            propose: try await study.bench.readings(of: study.corpus.propose, latent: column),
            seed: study.seed)
    }

    /// A stream of random numbers of this feature's own.
    func stream(_ purpose: UInt64) -> UInt64 {
        feature.stream &* 0x9E37_79B9_7F4A_7C15 ^ purpose
    }

    func begin() async throws -> Beginning {
        let propose = try await readings(of: .propose)
        let tune = try await readings(of: .tune)
        let miner = TextExemplarMiner(laboratory: self, propose: propose, tune: tune)
        var beginning = miner.begin()
        beginning.lessons = experience.draw
        if case .shuffled = feature { return beginning }
        let texts = beginning.exemplars.map { study.cache.units($0.input) }
        let view = try await view()
        let shaded = try await study.bench.tokens(of: texts, latent: column)
        beginning.exemplars = zip(beginning.exemplars, shaded).map { exemplar, tokens in
            Exemplar(
                input: exemplar.input, activation: exemplar.activation,
                tokens: tokens?.map {
                    ShadedToken(
                        text: $0.text, activation: Double(view.activation(Float($0.activation))))
                })
        }
        return beginning
    }

    func measure(_ probes: [Probe]) async throws -> [ProbeResult] {
        zip(probes, try await measurements(of: probes.map(\.input))).map { probe, found in
            let outcome: Outcome =
                switch found {
                case .reading(let value, _): .activation(Double(value))
                case .failed(let reason): .failed(reason: reason)
                }
            return ProbeResult(probe: probe.id, outcome: outcome)
        }
    }

    /// The feature on some texts, one measurement for each in the same order; those of the splits, and a
    /// shuffled feature's, are known.
    func measurements(of inputs: [String]) async throws -> [TextMeasurement] {
        let view = try await view()
        let propose = try await readings(of: .propose)
        let tune = try await readings(of: .tune)
        var known: [String: TextMeasurement] = [:]
        var unknown: [String] = []
        for input in inputs where known[input] == nil {
            if let place = study.corpus.propose.place(of: input) {
                known[input] = propose.measurement(place, of: study.corpus.propose)
            } else if let place = study.corpus.tune.place(of: input) {
                known[input] = tune.measurement(place, of: study.corpus.tune)
            } else if !view.needsInstrument {
                known[input] = .reading(value: view.dealt(to: input, from: tune), byte: nil)
            } else {
                unknown.append(input)
            }
        }
        let found = try await study.bench.readings(
            of: unknown.map(study.cache.units), latent: column)
        for (input, found) in zip(unknown, found) {
            if case .reading(let value, let byte) = found {
                known[input] = .reading(value: view.activation(value), byte: byte)
            } else {
                known[input] = found
            }
        }
        return inputs.map { known[$0] ?? .failed(reason: "was not measured") }
    }

    /// By the texts of the tune split, and by every designed probe of the inquiry: among texts as they
    /// are, a cause looks like what goes with it, and on probes made for one hypothesis it need not.
    func rescore(_ state: InquiryState) async throws -> [HypothesisScore] {
        guard let threshold = state.threshold else { return [] }
        let pool = study.corpus.tune
        let readings = try await readings(of: .tune)
        let probes = designedProbes(state, threshold)
        return try state.records.map { record in
            let rule = try TextRule.parse(record.hypothesis.formula)
            let natural = PredictionScorer.counts(
                mask(rule.holds(in:), pool), readings.values, usable: readings.usable,
                threshold: Float(threshold)
            ).balancedAccuracy
            let designed = rule.balancedAccuracy(
                on: probes.map(\.text), fires: probes.map(\.fires))
            let scores = [natural, designed].compactMap(\.self)
            return HypothesisScore(
                hypothesis: record.hypothesis.id,
                balancedAccuracy: scores.reduce(0, +) / Double(max(1, scores.count)))
        }
    }

    /// Each designed text that was measured, once.
    private func designedProbes(
        _ state: InquiryState, _ threshold: Double
    ) -> [(text: TextUnits, fires: Bool)] {
        var seen: Set<String> = []
        return state.probes.compactMap { probe in
            guard probe.arm == .designed, seen.insert(probe.input).inserted,
                let outcome = state.outcomes[probe.id - 1]?.observed(threshold: threshold)
            else { return nil }
            return (study.cache.units(probe.input), outcome == .fires)
        }
    }

    private func mask(_ holds: (TextUnits) -> Bool, _ pool: TextPool) -> BitSet {
        var mask = BitSet(count: pool.texts.count)
        for (index, text) in pool.texts.enumerated() where holds(text) { mask[index] = true }
        return mask
    }

    func openHeldOut() async throws -> HeldOutOpening { study.heldOut.opening }

    func score(_ state: InquiryState) async throws -> ScoreCard {
        let (pool, raw) = try await study.heldOut.open(state.opening, latent: column)
        let readings = try await view().readings(raw, of: pool, salt: 3)
        guard let threshold = state.beginning?.threshold, let committed = state.committed,
            let explanation = state.record(committed), let oneShot = state.record(1)
        else { throw InquiryError.nothingToCommitTo }
        let scorer = PredictionScorer(
            starts: Array(0...pool.texts.count), usable: readings.usable,
            activations: readings.values, threshold: threshold, replicates: study.replicates,
            seed: study.seed &+ stream(0x5C0))
        let rule = try TextRule.parse(explanation.hypothesis.formula)
        let control = try TextRule.parse(oneShot.hypothesis.formula)
        let facets = rule.facets.map { facet in
            mask({ text in text.units.indices.contains { facet.holds(at: $0, in: text) } }, pool)
        }
        return ScoreCard(
            explanation: scorer.score(mask(rule.holds(in:), pool), explanation.hypothesis.id),
            oneShot: scorer.score(mask(control.holds(in:), pool), oneShot.hypothesis.id),
            facets: zip(rule.facets, scorer.shares(of: facets)).map { facet, share in
                FacetShare(
                    formula: facet.formula, statement: facet.sentence, massShare: share.mass,
                    precision: share.precision)
            },
            firing: scorer.firing, output: try await output(threshold))
    }

    /// What the feature writes, measured on texts of the propose split.
    private func output(_ threshold: FiringThreshold) async throws -> OutputSide? {
        guard case .latent(let latent) = feature else { return nil }
        let texts = study.corpus.propose.texts.prefix(OutputSide.textCount).map(\.text)
        let name =
            "output/1 \(latent) \(threshold.maximum) \(study.seed) \(study.corpus.propose.digest.hex)"
        return try await study.bench.kept(name) { [study] in
            try await study.output?.outputSide(
                of: latent, strength: Float(threshold.maximum), on: Array(texts), seed: study.seed)
        }
    }
}
