import Inquiry
import Texts

extension TextLaboratory {
    func propose(_ state: InquiryState) async throws -> Proposal {
        let proposal = try await study.proposer.propose(state, self)
        guard !experience.own.isEmpty || !experience.ofOthers.isEmpty else { return proposal }
        let lessons = try lessons(try await inducer(state))
        return Proposal(
            drafts: (proposal.drafts + lessons).withoutRepeats, consultation: proposal.consultation,
            helpers: proposal.helpers)
    }

    /// Formulas that were supported before: those of this feature, and the best of any.
    private func lessons(_ inducer: TextInducer) throws -> [HypothesisDraft] {
        let shared = try experience.ofOthers.map { try TextRule.parse($0) }
        let best = shared.max { inducer.value($0) < inducer.value($1) }
        return try experience.own.map { draft(try TextRule.parse($0), .experience) }
            + (best.map { inducer.value($0) > 0.6 ? [draft($0, .experience)] : [] } ?? [])
    }

    func refine(parent: Int, attempt: Int, _ state: InquiryState) async throws -> Refinement {
        try await study.proposer.refine(
            parent: try known(parent, state), attempt: attempt, state, self)
    }

    func devise(_ hypothesis: Int, _ state: InquiryState) async throws -> Devising {
        try await study.proposer.devise(for: try known(hypothesis, state), state, self)
    }

    func review(leading: Int, _ state: InquiryState) async throws -> Review {
        try await study.proposer.review(leading: try known(leading, state), state, self)
    }

    func conclude(_ state: InquiryState) async throws -> Conclusion {
        guard let committed = state.committed else { throw InquiryError.nothingToCommitTo }
        return try await study.proposer.conclude(
            about: try known(committed, state), state, self)
    }

    private func known(
        _ hypothesis: Int, _ state: InquiryState
    ) throws(InquiryError) -> HypothesisRecord {
        guard let record = state.record(hypothesis) else { throw .unknownHypothesis(hypothesis) }
        return record
    }

    func draft(_ rule: TextRule, _ origin: Origin) -> HypothesisDraft {
        HypothesisDraft(
            origin: origin, formula: rule.formula, statement: rule.sentence,
            refutedBy: "silence on a text that has this, or firing on one that has "
                + (rule.facets.count > 1 ? "none of it" : "it not"),
            complexity: rule.complexity)
    }

    /// The rule inducer over everything that the inquiry knows.
    ///
    /// - Parameter isLenient: with half of the penalties.
    func inducer(
        _ state: InquiryState, isLenient: Bool = false
    ) async throws -> TextInducer {
        var settings = study.inducer
        if isLenient {
            settings.literalPenalty /= 2
            settings.facetPenalty /= 2
        }
        return TextInducer(evidence: try await evidence(state), settings: settings)
    }

    /// Everything that the proposer may know: what it was shown, and every probe's outcome.
    func evidence(_ state: InquiryState) async throws -> TextEvidence {
        guard let threshold = state.threshold else { throw InquiryError.measuredBeforeBeginning }
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
