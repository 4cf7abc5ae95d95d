import Consulting
import Games
import Inquiry
import JSON
import LanguageModels
import Prompts

/// Proposes what a language model conjectures.
///
/// Each question is made anew from the inquiry's state, so it is the same question whenever it is
/// asked, and the ledger answers one that was answered before. The model's formulas are read as
/// strictly as anybody's; nothing else that it says has any effect.
struct ConsultingProposer: Proposer {
    private let consultant: Consultant

    /// Hypotheses that are asked for.
    static let wanted = 4
    /// Hypotheses that are taken, should it give more.
    static let most = 6

    init(
        model: any LanguageModel, prompts: PromptSet, form: SchemaForm, sampling: SamplingChoice
    ) {
        consultant = Consultant(model: model, prompts: prompts, form: form, sampling: sampling)
    }

    func propose(
        _ state: InquiryState, _ laboratory: OthelloLaboratory
    ) async throws -> Proposal {
        let briefer = try Briefer(laboratory: laboratory, state: state)
        let (reply, consultation) = try await consultant.ask(
            briefer.proposerBriefing(wanted: Self.wanted), inquiry: laboratory.feature.name
        ) { reply in
            (reply["hypotheses"]?.array ?? []).enumerated().flatMap { index, item in
                laboratory.faults(in: item, at: "$.hypotheses[\(index)]", tried: [])
            }
        }
        guard let reply else { return Proposal(drafts: [], consultation: consultation) }
        var drafts: [HypothesisDraft] = []
        for hypothesis in reply.hypotheses.prefix(Self.most) {
            drafts.append(
                try laboratory.draft(hypothesis, drafts.isEmpty ? .contrast : .rival))
        }
        drafts += try laboratory.lessons(try laboratory.inducer(state))
        return Proposal(drafts: drafts.withoutRepeats, consultation: consultation)
    }

    func refine(
        parent: HypothesisRecord, attempt: Int, _ state: InquiryState,
        _ laboratory: OthelloLaboratory
    ) async throws -> Refinement {
        let briefer = try Briefer(laboratory: laboratory, state: state)
        let tried = Set(state.records.map(\.hypothesis.formula))
        let (reply, consultation) = try await consultant.ask(
            try briefer.refinerBriefing(parent), sample: attempt,
            inquiry: laboratory.feature.name
        ) {
            laboratory.faults(in: $0, at: "$", tried: tried)
        }
        let evidence = try laboratory.inducer(state).evidence
        let old = try BoardPredicate.parse(parent.hypothesis.formula, on: laboratory.rules)
        guard let reply else {
            return Refinement(
                parent: parent.hypothesis.id, draft: nil, parentScore: evidence.score(old),
                draftScore: 0, consultation: consultation)
        }
        let draft = try laboratory.draft(reply.hypothesis, .refinement)
        let new = try BoardPredicate.parse(draft.formula, on: laboratory.rules)
        return Refinement(
            parent: parent.hypothesis.id, draft: draft, parentScore: evidence.score(old),
            draftScore: evidence.score(new), consultation: consultation)
    }
}

extension OthelloLaboratory {
    /// What a schema cannot say of a hypothesis: that its formula can be read and tested.
    func faults(in item: JSONValue, at place: String, tried: Set<String>) -> [SchemaFault] {
        let here = place + ".formula"
        guard let text = item["formula"]?.string else { return [] }
        let predicate: BoardPredicate
        do throws(GameError) {
            predicate = try BoardPredicate.parse(text, on: rules)
        } catch {
            return [SchemaFault(place: here, reason: "\(error)")]
        }
        var faults: [String] = []
        let limits = study.settings.inducer
        if predicate.facets.count > limits.facets {
            faults.append("has more than \(limits.facets) facets")
        }
        if predicate.facets.contains(where: { $0.literals.count > limits.literals }) {
            faults.append("has a facet of more than \(limits.literals) literals")
        }
        for literal in predicate.facets.flatMap(\.literals)
        where !study.tune.pool.table.contains(literal.property) {
            faults.append("\(literal.property.formula(on: rules)) can never change on this board")
        }
        if tried.contains(predicate.formula(on: rules)) {
            faults.append("this formula has been tried already")
        }
        return faults.map { SchemaFault(place: here, reason: $0) }
    }

    /// A draft from a model's words. The statement that people read is made from the formula, which is
    /// what is tested; the model's own words stand beside it.
    func draft(_ hypothesis: ProposedHypothesis, _ origin: Origin) throws -> HypothesisDraft {
        let predicate = try BoardPredicate.parse(hypothesis.formula, on: rules)
        return HypothesisDraft(
            origin: origin, formula: predicate.formula(on: rules),
            statement: predicate.sentence(on: rules),
            refutedBy: String(hypothesis.refutedBy.prefix(500)),
            complexity: predicate.complexity, words: String(hypothesis.statement.prefix(500)))
    }
}
