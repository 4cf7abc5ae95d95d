import Digests
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
    let model: any LanguageModel
    let prompts: PromptSet
    let form: SchemaForm
    let sampling: SamplingChoice

    /// Hypotheses that are asked for.
    static let wanted = 4
    /// Hypotheses that are taken, should it give more.
    static let most = 6

    func propose(
        _ state: InquiryState, _ laboratory: OthelloLaboratory
    ) async throws -> Proposal {
        let briefer = try Briefer(laboratory: laboratory, state: state)
        let prompt = try prompts.render(briefer.proposerBriefing(wanted: Self.wanted))
        let (value, consultation) = try await ask(
            prompt, role: ProposerBriefing.role, sample: 0, laboratory
        ) { reply in
            // A reply that the schema lets through and nobody could use must be asked for once more:
            // it is kept, so a study that failed on it would fail for good.
            let items = reply["hypotheses"]?.array ?? []
            return ProposerBriefing.Reply.faults(in: reply)
                + items.enumerated().flatMap { index, item in
                    laboratory.faults(in: item, at: "$.hypotheses[\(index)]", tried: [])
                }
        }
        guard let value else { return Proposal(drafts: [], consultation: consultation) }
        let reply = try ProposerBriefing.Reply(value)
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
        let prompt = try prompts.render(briefer.refinerBriefing(parent))
        let tried = Set(state.records.map(\.hypothesis.formula))
        let (value, consultation) = try await ask(
            prompt, role: RefinerBriefing.role, sample: attempt, laboratory
        ) {
            RefinerBriefing.Reply.faults(in: $0) + laboratory.faults(in: $0, at: "$", tried: tried)
        }
        let evidence = try laboratory.inducer(state).evidence
        let old = try BoardPredicate.parse(parent.hypothesis.formula, on: laboratory.rules)
        guard let value else {
            return Refinement(
                parent: parent.hypothesis.id, draft: nil, parentScore: evidence.score(old),
                draftScore: 0, consultation: consultation)
        }
        let draft = try laboratory.draft(RefinerBriefing.Reply(value).hypothesis, .refinement)
        let new = try BoardPredicate.parse(draft.formula, on: laboratory.rules)
        return Refinement(
            parent: parent.hypothesis.id, draft: draft, parentScore: evidence.score(old),
            draftScore: evidence.score(new), consultation: consultation)
    }

    private func ask(
        _ prompt: RenderedPrompt, role: String, sample: Int, _ laboratory: OthelloLaboratory,
        check: @Sendable (JSONValue) -> [SchemaFault]
    ) async throws -> (JSONValue?, Consultation) {
        let hints = prompt.reply.sampling
        let request = ModelRequest(
            messages: [ModelMessage(.system, prompt.system), ModelMessage(.user, prompt.user)],
            schema: ReplySchema(name: prompt.reply.name, schema: prompt.reply.schema),
            sampling: sampling.applied(
                to: Sampling(
                    temperature: hints.temperature, maximumOutputTokens: hints.maximumOutputTokens,
                    effort: hints.reasoningEffort?.rawValue)),
            sample: sample)
        let reply = try await model.structured(
            request, for: CallPurpose(role: role, inquiry: laboratory.feature.name), form: form,
            check: check
        ) { faults in
            try prompts.render(RepairBriefing(faults)).user
        }
        let requests = reply.requests.map { $0.key(of: model.identity).hex }
        switch reply.result {
        case .success(let value):
            return (value, Consultation(role: role, requests: requests, failure: nil))
        case .failure(let failure):
            return (
                nil,
                Consultation(role: role, requests: requests, failure: failure.description)
            )
        }
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
