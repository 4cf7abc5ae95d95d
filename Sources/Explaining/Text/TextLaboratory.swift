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
    let cache = UnitCache()
    var proposer: any TextProposer = InducingTextProposer()
}

/// Carries out the steps of an inquiry about one feature of text.
///
/// Everything it answers depends on the study, the feature and the inquiry's state: random choices
/// come from the study's seed, the feature and how far the inquiry has come.
struct TextLaboratory: Laboratory {
    let study: TextStudyContext
    let latent: Int

    func begin() async throws -> Beginning {
        let propose = try await study.bench.readings(of: study.corpus.propose, latent: latent)
        let tune = try await study.bench.readings(of: study.corpus.tune, latent: latent)
        let highest = (members(propose) + members(tune)).map(\.value).sorted(by: >)
        let threshold = FiringThreshold(fraction: study.plan.thresholdFraction, maxima: highest)
        let firing = members(propose).filter { threshold.isReached(by: $0.value) }.sorted {
            ($0.value, $1.index) > ($1.value, $0.index)
        }
        let positive = highest.count { $0 > 0 }
        return Beginning(
            threshold: threshold, density: Double(positive) / Double(max(1, highest.count)),
            proposeExemplars: firing.count,
            tuneExemplars: members(tune).count { threshold.isReached(by: $0.value) },
            exemplars: firing.prefix(8).map {
                Exemplar(
                    input: study.corpus.propose.texts[$0.index].text,
                    activation: Double($0.value))
            },
            shown: shown(firing.map(\.index), propose, below: Float(threshold.value)), heat: [])
    }

    private func members(_ readings: TextPoolReadings) -> [(index: Int, value: Float)] {
        readings.usable.members.map { ($0, readings.values[$0]) }
    }

    /// - Parameter firing: strongest first.
    private func shown(
        _ firing: [Int], _ readings: TextPoolReadings, below limit: Float
    ) -> ShownInputs {
        guard !firing.isEmpty else { return ShownInputs() }
        var generator = SeededGenerator(seed: study.seed, stream: stream(0x5403))
        let count = study.plan.exemplarsShown
        var exemplars = Array(firing.prefix(count / 2))
        var rest = Array(firing.dropFirst(count / 2))
        rest.shuffle(using: &generator)
        exemplars += rest.prefix(count - exemplars.count)
        var silent = readings.usable.members.filter { readings.values[$0] < limit }
        silent.shuffle(using: &generator)
        return ShownInputs(
            exemplars: exemplars, nearMisses: nearMisses(exemplars, readings, silent),
            background: Array(silent.prefix(study.plan.backgroundShown)))
    }

    /// Silent texts with the very word on which the feature fires elsewhere.
    private func nearMisses(
        _ exemplars: [Int], _ readings: TextPoolReadings, _ silent: [Int]
    ) -> [Int] {
        let texts = study.corpus.propose.texts
        var wanted: [String: Int] = [:]
        for exemplar in exemplars {
            guard let place = readings.places[exemplar] else { continue }
            wanted[texts[exemplar].units[place].folded, default: 0] += study.plan.nearMissesShown
        }
        var result: [Int] = []
        for index in silent {
            let words = Set(texts[index].units.map(\.folded)).filter { wanted[$0, default: 0] > 0 }
            guard let word = words.min() else { continue }
            wanted[word, default: 0] -= 1
            result.append(index)
        }
        return result
    }

    /// A stream of random numbers of this feature's own.
    func stream(_ purpose: UInt64) -> UInt64 {
        UInt64(latent) &* 0x9E37_79B9_7F4A_7C15 ^ purpose
    }

    func measure(_ probes: [Probe]) async throws -> [ProbeResult] {
        let found = try await study.bench.readings(
            of: probes.map { study.cache.units($0.input) }, latent: latent)
        return zip(probes, found).map { probe, found in
            let outcome: Outcome =
                switch found {
                case .reading(let value, _): .activation(Double(value))
                case .failed(let reason): .failed(reason: reason)
                }
            return ProbeResult(probe: probe.id, outcome: outcome)
        }
    }

    func rescore(_ state: InquiryState) async throws -> [HypothesisScore] {
        guard let threshold = state.threshold else { return [] }
        let pool = study.corpus.tune
        let readings = try await study.bench.readings(of: pool, latent: latent)
        return try state.records.map { record in
            let rule = try TextRule.parse(record.hypothesis.formula)
            let counts = PredictionScorer.counts(
                mask(rule.holds(in:), pool), readings.values, usable: readings.usable,
                threshold: Float(threshold))
            return HypothesisScore(
                hypothesis: record.hypothesis.id, balancedAccuracy: counts.balancedAccuracy ?? 0)
        }
    }

    private func mask(_ holds: (TextUnits) -> Bool, _ pool: TextPool) -> BitSet {
        var mask = BitSet(count: pool.texts.count)
        for (index, text) in pool.texts.enumerated() where holds(text) { mask[index] = true }
        return mask
    }

    func openHeldOut() async throws -> HeldOutOpening { study.heldOut.opening }

    func score(_ state: InquiryState) async throws -> ScoreCard {
        let (pool, readings) = try await study.heldOut.open(state.opening, latent: latent)
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
            firing: scorer.firing)
    }
}
