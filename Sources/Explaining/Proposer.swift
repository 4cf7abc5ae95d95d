import Games
import Inquiry

/// Has ideas about a feature; never decides about one.
///
/// Two kinds: the rule inducer, which ships, and a language model (``ConsultingProposer``), which it
/// is the baseline for. Whoever proposes, formulas are tested in the same way.
protocol Proposer: Sendable {
    func propose(_ state: InquiryState, _ laboratory: OthelloLaboratory) async throws -> Proposal
    func refine(
        parent: HypothesisRecord, attempt: Int, _ state: InquiryState,
        _ laboratory: OthelloLaboratory
    ) async throws -> Refinement
}

/// Proposes what the rule inducer finds.
struct InducingProposer: Proposer {
    func propose(
        _ state: InquiryState, _ laboratory: OthelloLaboratory
    ) async throws -> Proposal {
        let inducer = try laboratory.inducer(state)
        guard let leading = inducer.induce() else { return Proposal(drafts: []) }
        var drafts = [laboratory.draft(leading, .contrast)]
        drafts += inducer.rivals(of: leading).map { laboratory.draft($0, .rival) }
        drafts += try laboratory.lessons(inducer)
        return Proposal(drafts: drafts.withoutRepeats)
    }

    /// First induces anew from all evidence; where that moved nothing, climbs from the parent with
    /// lower penalties.
    func refine(
        parent: HypothesisRecord, attempt: Int, _ state: InquiryState,
        _ laboratory: OthelloLaboratory
    ) async throws -> Refinement {
        let rules = laboratory.rules
        let old = try BoardPredicate.parse(parent.hypothesis.formula, on: rules)
        let inducer = try laboratory.inducer(state, isLenient: attempt > 0)
        var candidates = [inducer.improve(old)]
        if let fresh = inducer.induce() { candidates.append(inducer.improve(fresh)) }
        let tried = Set(state.records.map(\.hypothesis.formula))
        let new = candidates.filter { !tried.contains($0.formula(on: rules)) }
        let best = new.max { inducer.value($0) < inducer.value($1) }
        return Refinement(
            parent: parent.hypothesis.id, draft: best.map { laboratory.draft($0, .refinement) },
            parentScore: inducer.evidence.score(old),
            draftScore: best.map(inducer.evidence.score) ?? 0)
    }
}

extension [HypothesisDraft] {
    /// The first of those with one formula.
    var withoutRepeats: [HypothesisDraft] {
        var seen: Set<String> = []
        return filter { seen.insert($0.formula).inserted }
    }
}
