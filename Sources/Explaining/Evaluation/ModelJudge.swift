import JSON
import LanguageModels
import Prompts

/// A language model that judges explanations from their words alone.
///
/// It may be another model than the one that wrote them, and needs no log-probabilities. Each question
/// is checked against its schema and asked once more with its faults; after that it is a failure.
public struct ModelJudge: ExplanationJudge {
    let model: any LanguageModel
    let prompts: PromptSet
    let form: SchemaForm
    let sampling: SamplingChoice
    /// Texts in one question.
    let batch: Int

    public var name: String { model.identity.name }

    public init(
        model: any LanguageModel, prompts: PromptSet, form: SchemaForm, sampling: SamplingChoice,
        batch: Int
    ) {
        precondition(batch > 0, "a question has at least one text: \(batch)")
        self.model = model
        self.prompts = prompts
        self.form = form
        self.sampling = sampling
        self.batch = batch
    }

    public func applies(
        _ explanation: CandidateExplanation, to texts: [String]
    ) async throws -> [Judgement<Bool>] {
        try await verdicts(texts, explanation) {
            DetectionBriefing(explanation: explanation.words, texts: $0)
        }
    }

    public func fits(
        _ explanation: CandidateExplanation, marks texts: [MarkedText]
    ) async throws -> [Judgement<Bool>] {
        try await verdicts(texts.map(Self.written), explanation) {
            FuzzingBriefing(explanation: explanation.words, texts: $0)
        }
    }

    /// Neighbouring marked pieces are marked as one.
    static func written(_ text: MarkedText) -> String {
        var result = ""
        for (place, piece) in text.pieces.enumerated() {
            let (here, before) = (text.marked.contains(place), text.marked.contains(place - 1))
            if here != before {
                result += here ? FuzzingBriefing.marks.before : FuzzingBriefing.marks.after
            }
            result += piece
        }
        return text.marked.contains(text.pieces.count - 1)
            ? result + FuzzingBriefing.marks.after : result
    }

    private func verdicts(
        _ texts: [String], _ explanation: CandidateExplanation,
        _ briefing: ([String]) -> some VerdictBriefing
    ) async throws -> [Judgement<Bool>] {
        var judgements: [Judgement<Bool>] = []
        var start = 0
        while start < texts.count {
            let part = Array(texts[start..<min(start + batch, texts.count)])
            let reply = try await ask(briefing(part), about: explanation.source) { reply in
                VerdictReply.faults(in: reply, count: part.count)
            }
            for number in 1...part.count {
                judgements.append(reply.map { $0.verdicts[number] == true })
            }
            start += batch
        }
        return judgements
    }

    public func predict(
        _ explanation: CandidateExplanation, on pieces: [String]
    ) async throws -> Judgement<[Int]> {
        let briefing = SimulationBriefing(explanation: explanation.words, tokens: pieces)
        return try await ask(briefing, about: explanation.source) { reply in
            SimulationBriefing.Reply.faults(in: reply, count: pieces.count)
        }.map(\.activations)
    }

    public func write(
        from words: String, source: String, count: Int
    ) async throws -> Judgement<WrittenTexts> {
        let briefing = GenerationBriefing(explanation: words, wanted: count)
        return try await ask(briefing, about: source) { reply in
            GenerationBriefing.Reply.faults(in: reply, wanted: count)
        }.map { WrittenTexts(firing: $0.firing, silent: $0.silent) }
    }

    private func ask<Brief: Briefing>(
        _ briefing: Brief, about source: String,
        check: @Sendable (JSONValue) -> [SchemaFault]
    ) async throws -> Judgement<Brief.Reply> {
        let prompt: RenderedPrompt
        do throws(PromptError) {
            prompt = try prompts.render(briefing)
        } catch {
            // A text that is too long for its hole fails alone.
            guard case .template = error else { throw error }
            return .failed(reason: "\(error)")
        }
        let hints = prompt.reply.sampling
        let request = ModelRequest(
            messages: [ModelMessage(.system, prompt.system), ModelMessage(.user, prompt.user)],
            schema: ReplySchema(name: prompt.reply.name, schema: prompt.reply.schema),
            sampling: sampling.applied(
                to: Sampling(
                    temperature: hints.temperature, maximumOutputTokens: hints.maximumOutputTokens,
                    effort: hints.reasoningEffort?.rawValue)))
        let reply = try await model.structured(
            request, for: CallPurpose(role: Brief.role, inquiry: source), form: form, check: check
        ) { faults in
            try prompts.render(RepairBriefing(faults)).user
        }
        switch reply.result {
        case .failure(let failure): return .failed(reason: failure.description)
        case .success(let value): return .given(try Brief.Reply(value))
        }
    }
}
