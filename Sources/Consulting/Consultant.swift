import Inquiry
import JSON
import LanguageModels
import Prompts

/// Asks a language model one question with a structured reply, whatever the domain.
///
/// The module knows no science: it joins prompts to a model and says what came of a question. Read
/// first: this type, ``ProposerReference``.
///
/// A question is known by its content, so the ledger answers one that was answered before; a reply of
/// no use is told its faults and asked for once more, and after that it is a failure to be journaled.
public struct Consultant: Sendable {
    public let model: any LanguageModel
    let prompts: PromptSet
    let form: SchemaForm
    let sampling: SamplingChoice

    public init(
        model: any LanguageModel, prompts: PromptSet, form: SchemaForm, sampling: SamplingChoice
    ) {
        self.model = model
        self.prompts = prompts
        self.form = form
        self.sampling = sampling
    }

    /// - Parameters:
    ///   - sample: tells apart questions that could be the same and want another answer.
    ///   - inquiry: for the ledger.
    ///   - check: what keeps a reply from being used beyond its schema. A reply that the schema lets
    ///     through and nobody could use must be found out here: it is kept, so a study that failed on
    ///     it later would fail for good.
    /// - Returns: no reply where the model gave none of use; the consultation says why.
    public func ask<Brief: Briefing>(
        _ briefing: Brief, sample: Int = 0, inquiry: String,
        check: @Sendable (JSONValue) -> [SchemaFault]
    ) async throws -> (reply: Brief.Reply?, consultation: Consultation) {
        let prompt = try prompts.render(briefing)
        let answer = try await model.structured(
            request(prompt, sample), for: CallPurpose(role: Brief.role, inquiry: inquiry),
            form: form
        ) { value in
            Brief.Reply.faults(in: value) + check(value)
        } repair: { faults in
            try prompts.render(RepairBriefing(faults)).user
        }
        let requests = answer.requests.map { $0.key(of: model.identity).hex }
        switch answer.result {
        case .success(let value):
            return (
                try Brief.Reply(value),
                Consultation(role: Brief.role, requests: requests, failure: nil)
            )
        case .failure(let failure):
            return (
                nil,
                Consultation(
                    role: Brief.role, requests: requests, failure: failure.description)
            )
        }
    }

    private func request(_ prompt: RenderedPrompt, _ sample: Int) -> ModelRequest {
        let hints = prompt.reply.sampling
        return ModelRequest(
            messages: [ModelMessage(.system, prompt.system), ModelMessage(.user, prompt.user)],
            schema: ReplySchema(name: prompt.reply.name, schema: prompt.reply.schema),
            sampling: sampling.applied(
                to: Sampling(
                    temperature: hints.temperature, maximumOutputTokens: hints.maximumOutputTokens,
                    effort: hints.reasoningEffort?.rawValue)),
            sample: sample)
    }
}
