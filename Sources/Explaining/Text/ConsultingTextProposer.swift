import Consulting
import Inquiry
import JSON
import LanguageModels
import Prompts
import Texts

/// Proposes what a language model conjectures about a feature of texts.
///
/// Each question is made anew from the inquiry's state, so it is the same question whenever it is
/// asked, and the ledger answers one that was answered before. The model's formulas are read as
/// strictly as anybody's; what it says of its own hypotheses has no effect on any verdict.
struct ConsultingTextProposer: TextProposer {
    private let consultant: Consultant
    /// What it offers beyond proposing and refining.
    private let helpers: [Helper]

    /// Hypotheses that are asked for.
    static let wanted = 4
    /// Hypotheses that are taken, should it give more.
    static let most = 6
    /// Words of a model's own that are kept, in characters.
    static let wordsLimit = 500

    init(
        model: any LanguageModel, prompts: PromptSet, form: SchemaForm, sampling: SamplingChoice,
        helpers: [Helper] = Helper.allCases
    ) {
        consultant = Consultant(model: model, prompts: prompts, form: form, sampling: sampling)
        self.helpers = helpers
    }

    func propose(
        _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Proposal {
        let briefer = try await TextBriefer(laboratory: laboratory, state: state)
        let (reply, consultation) = try await consultant.ask(
            try await briefer.explainerBriefing(wanted: Self.wanted), inquiry: laboratory.name
        ) { laboratory.faults(inAll: $0, tried: []) }
        guard let reply else { return Proposal(drafts: [], consultation: consultation) }
        var drafts: [HypothesisDraft] = []
        for hypothesis in reply.hypotheses.prefix(min(Self.most, state.plan.hypotheses)) {
            drafts.append(
                try laboratory.draft(hypothesis, drafts.isEmpty ? .contrast : .rival))
        }
        return Proposal(
            drafts: drafts.withoutRepeats, consultation: consultation,
            helpers: helpers)
    }

    func refine(
        parent: HypothesisRecord, attempt: Int, _ state: InquiryState,
        _ laboratory: TextLaboratory
    ) async throws -> Refinement {
        let briefer = try await TextBriefer(laboratory: laboratory, state: state)
        let tried = Set(state.records.map(\.hypothesis.formula))
        let (reply, consultation) = try await consultant.ask(
            try await briefer.analystBriefing(parent), sample: attempt, inquiry: laboratory.name
        ) { laboratory.faults(in: $0, at: "$", tried: tried) }
        let inducer = try await laboratory.inducer(state)
        let draft = try reply.map { try laboratory.draft($0.hypothesis, .refinement) }
        return Refinement(
            parent: parent.hypothesis.id, draft: draft,
            parentScore: inducer.balancedAccuracy(try TextRule.parse(parent.hypothesis.formula)),
            draftScore: try draft.map {
                inducer.balancedAccuracy(try TextRule.parse($0.formula))
            } ?? 0, consultation: consultation)
    }

    func devise(
        for record: HypothesisRecord, _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Devising {
        let briefer = try await TextBriefer(laboratory: laboratory, state: state)
        let reading = WrittenPairs(
            rule: try TextRule.parse(record.hypothesis.formula), cache: laboratory.study.cache,
            used: Set(
                state.probes.filter { $0.hypothesis == record.hypothesis.id }.map(\.input)))
        let (reply, consultation) = try await consultant.ask(
            briefer.designerBriefing(
                record, wanted: WrittenPairs.wanted, textLimit: WrittenPairs.textLimit),
            inquiry: laboratory.name
        ) { value in
            guard let reply = try? DesignerBriefing.Reply(value) else { return [] }
            return reading.faults(in: reply)
        }
        let (pairs, dropped) = reply.map(reading.read) ?? ([], 0)
        return Devising(
            hypothesis: record.hypothesis.id, pairs: pairs, dropped: dropped,
            consultation: consultation)
    }

    func review(
        leading: HypothesisRecord, _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Review {
        let briefer = try await TextBriefer(laboratory: laboratory, state: state)
        let tried = Set(state.records.map(\.hypothesis.formula))
        let (reply, consultation) = try await consultant.ask(
            try await briefer.reviewerBriefing(leading), sample: state.reviews.count,
            inquiry: laboratory.name
        ) { laboratory.faults(inAll: $0, tried: tried) }
        let room = min(Self.most, state.plan.hypotheses - state.records.count)
        let drafts = try reply?.hypotheses.prefix(max(0, room))
            .map { try laboratory.draft($0, .review) }
        return Review(
            parent: leading.hypothesis.id,
            unexplained: String((reply?.unexplained ?? "").prefix(Self.wordsLimit)),
            drafts: drafts?.withoutRepeats ?? [], consultation: consultation)
    }

    func conclude(
        about record: HypothesisRecord, _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Conclusion {
        let briefer = try await TextBriefer(laboratory: laboratory, state: state)
        let facets = try TextRule.parse(record.hypothesis.formula).facets.map(\.formula)
        let briefing = try await briefer.concluderBriefing(record, facets: facets)
        let tests = Set(briefing.tests.map(\.number))
        let (reply, consultation) = try await consultant.ask(
            briefing, inquiry: laboratory.name
        ) { value in
            guard let reply = try? ConcluderBriefing.Reply(value) else { return [] }
            return reply.faults(facets: facets.count, tests: tests)
        }
        return Conclusion(
            words: reply.map {
                Conclusion.Words(
                    label: $0.label, description: $0.description, facets: $0.facets,
                    evidence: $0.evidence)
            }, consultation: consultation)
    }
}

extension ConcluderBriefing.Reply {
    /// What keeps it from being about this explanation.
    fileprivate func faults(facets count: Int, tests: Set<Int>) -> [SchemaFault] {
        var faults: [SchemaFault] = []
        if facets.count != count {
            faults.append(
                SchemaFault(
                    place: "$.facets",
                    reason: "the formula has \(count) facets, and \(facets.count) are named"))
        }
        for number in evidence where !tests.contains(number) {
            faults.append(
                SchemaFault(place: "$.evidence", reason: "\(number) is the number of no test"))
        }
        return faults
    }
}

extension TextLaboratory {
    /// How the ledger and messages name the inquiry.
    var name: String { feature.name }

    fileprivate func faults(inAll reply: JSONValue, tried: Set<String>) -> [SchemaFault] {
        (reply["hypotheses"]?.array ?? []).enumerated().flatMap { index, item in
            faults(in: item, at: "$.hypotheses[\(index)]", tried: tried)
        }
    }

    /// What a schema cannot say of a hypothesis: that its formula can be read and tested.
    fileprivate func faults(
        in item: JSONValue, at place: String, tried: Set<String>
    ) -> [SchemaFault] {
        let here = place + ".formula"
        guard let text = item["formula"]?.string else { return [] }
        let rule: TextRule
        do throws(TextRuleError) {
            rule = try TextRule.parse(text)
        } catch {
            return [SchemaFault(place: here, reason: "\(error)")]
        }
        var faults: [String] = []
        let limits = study.inducer
        if rule.facets.count > limits.facets {
            faults.append("has more than \(limits.facets) facets")
        }
        if rule.facets.contains(where: { $0.literals.count > limits.literals }) {
            faults.append("has a facet of more than \(limits.literals) literals")
        }
        if tried.contains(rule.formula) { faults.append("this formula has been tried already") }
        return faults.map { SchemaFault(place: here, reason: $0) }
    }

    /// A draft from a model's words. The statement that people read is made from the formula, which is
    /// what is tested; the model's own words stand beside it.
    fileprivate func draft(
        _ hypothesis: ProposedHypothesis, _ origin: Origin
    ) throws -> HypothesisDraft {
        let rule = try TextRule.parse(hypothesis.formula)
        let limit = ConsultingTextProposer.wordsLimit
        return HypothesisDraft(
            origin: origin, formula: rule.formula, statement: rule.sentence,
            refutedBy: String(hypothesis.refutedBy.prefix(limit)), complexity: rule.complexity,
            words: String(hypothesis.statement.prefix(limit)))
    }
}
