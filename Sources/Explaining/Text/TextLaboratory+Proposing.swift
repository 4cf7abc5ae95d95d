import Inquiry
import Texts

extension TextLaboratory {
    func propose(_ state: InquiryState) async throws -> Proposal {
        let inducer = try await inducer(state)
        guard let leading = inducer.induce() else { return Proposal(drafts: []) }
        let drafts =
            [draft(leading, .contrast)] + inducer.rivals(of: leading).map { draft($0, .rival) }
        return Proposal(drafts: drafts.withoutRepeats)
    }

    /// First induces anew from all evidence; where that moved nothing, climbs from the parent with
    /// lower penalties.
    func refine(parent: Int, attempt: Int, _ state: InquiryState) async throws -> Refinement {
        guard let record = state.record(parent) else {
            throw InquiryError.unknownHypothesis(parent)
        }
        let old = try TextRule.parse(record.hypothesis.formula)
        let inducer = try await inducer(state, isLenient: attempt > 0)
        var candidates = [inducer.improve(old)]
        if let fresh = inducer.induce() { candidates += [fresh, inducer.improve(fresh)] }
        let tried = Set(state.records.map(\.hypothesis.formula))
        let new = candidates.filter { !tried.contains($0.formula) }
        let best = new.max { inducer.value($0) < inducer.value($1) }
        return Refinement(
            parent: parent, draft: best.map { draft($0, .refinement) },
            parentScore: inducer.balancedAccuracy(old),
            draftScore: best.map(inducer.balancedAccuracy) ?? 0)
    }

    private func draft(_ rule: TextRule, _ origin: Origin) -> HypothesisDraft {
        HypothesisDraft(
            origin: origin, formula: rule.formula, statement: rule.sentence,
            refutedBy: "silence on a text that has this, or firing on one that has "
                + (rule.facets.count > 1 ? "none of it" : "it not"),
            complexity: rule.complexity)
    }

    /// The rule inducer over everything that the inquiry knows.
    private func inducer(
        _ state: InquiryState, isLenient: Bool = false
    ) async throws -> TextInducer {
        guard let threshold = state.threshold else { throw InquiryError.measuredBeforeBeginning }
        var settings = study.inducer
        if isLenient {
            settings.literalPenalty /= 2
            settings.facetPenalty /= 2
        }
        return TextInducer(evidence: try await evidence(state, threshold), settings: settings)
    }

    /// Everything that the proposer may know: what it was shown, and every probe's outcome.
    private func evidence(
        _ state: InquiryState, _ threshold: Double
    ) async throws -> TextEvidence {
        var evidence = TextEvidence()
        let pool = study.corpus.propose
        let readings = try await readings(of: .propose)
        let shown = state.beginning?.shown ?? ShownInputs()
        for index in shown.exemplars {
            evidence.add(
                .init(units: pool.texts[index], fires: true, place: readings.places[index]))
        }
        for index in Set(shown.background + shown.nearMisses).sorted() {
            evidence.add(.init(units: pool.texts[index], fires: false))
        }
        var seen: Set<String> = []
        for probe in state.probes where seen.insert(probe.input).inserted {
            guard let outcome = state.outcomes[probe.id - 1]?.observed(threshold: threshold) else {
                continue
            }
            evidence.add(
                .init(
                    units: study.cache.units(probe.input), fires: outcome == .fires,
                    weight: probe.arm == .designed ? Self.designedWeight : 1))
        }
        return evidence
    }

    /// A designed probe tells more than a text that was found: it was made to tell hypotheses apart.
    private static let designedWeight = 2.0
}
