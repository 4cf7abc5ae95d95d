import Inquiry
import Texts

/// Has ideas about a feature of texts; never decides about one.
///
/// Two kinds: the rule inducer, which ships, and a language model (``ConsultingTextProposer``), which
/// it is the baseline for. Whoever proposes, formulas are tested in the same way.
protocol TextProposer: Sendable {
    func propose(_ state: InquiryState, _ laboratory: TextLaboratory) async throws -> Proposal
    func refine(
        parent: HypothesisRecord, attempt: Int, _ state: InquiryState,
        _ laboratory: TextLaboratory
    ) async throws -> Refinement
    /// Texts that could refute a hypothesis. Asked where its proposal offered it, as are the next two.
    func devise(
        for record: HypothesisRecord, _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Devising
    /// What is unexplained before the inquiry ends.
    func review(
        leading: HypothesisRecord, _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Review
    /// The outcome in words.
    func conclude(
        about record: HypothesisRecord, _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Conclusion
}

/// A proposer that offers no more than to propose and refine has nothing to say beyond it.
extension TextProposer {
    func devise(
        for record: HypothesisRecord, _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Devising {
        Devising(hypothesis: record.hypothesis.id, pairs: [], dropped: 0, consultation: nil)
    }

    func review(
        leading: HypothesisRecord, _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Review {
        Review(parent: leading.hypothesis.id, unexplained: "", drafts: [], consultation: nil)
    }

    func conclude(
        about record: HypothesisRecord, _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Conclusion {
        Conclusion(words: nil, consultation: nil)
    }
}

/// Proposes what the rule inducer finds.
struct InducingTextProposer: TextProposer {
    func propose(
        _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Proposal {
        let inducer = try await laboratory.inducer(state)
        guard let leading = inducer.induce() else { return Proposal(drafts: []) }
        let drafts =
            [laboratory.draft(leading, .contrast)]
            + inducer.rivals(of: leading).map { laboratory.draft($0, .rival) }
        return Proposal(drafts: drafts.withoutRepeats)
    }

    /// First induces anew from all evidence; where that moved nothing, climbs from the parent with
    /// lower penalties.
    func refine(
        parent: HypothesisRecord, attempt: Int, _ state: InquiryState,
        _ laboratory: TextLaboratory
    ) async throws -> Refinement {
        let old = try TextRule.parse(parent.hypothesis.formula)
        let inducer = try await laboratory.inducer(state, isLenient: attempt > 0)
        var candidates = [inducer.improve(old)]
        if let fresh = inducer.induce() { candidates += [fresh, inducer.improve(fresh)] }
        let tried = Set(state.records.map(\.hypothesis.formula))
        let new = candidates.filter { !tried.contains($0.formula) }
        let best = new.max { inducer.value($0) < inducer.value($1) }
        return Refinement(
            parent: parent.hypothesis.id, draft: best.map { laboratory.draft($0, .refinement) },
            parentScore: inducer.balancedAccuracy(old),
            draftScore: best.map(inducer.balancedAccuracy) ?? 0)
    }
}
