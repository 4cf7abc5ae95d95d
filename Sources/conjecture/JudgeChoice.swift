import Explaining
import HTTP
import Inquiry
import LanguageModels
import Memory
import Prompts

/// Finds the judge that a user chose.
struct JudgeChoice {
    let model: ModelOptions
    let observation: ObservationOptions
    let memory: MemoryOptions

    /// Under which name the memory keeps what evaluations asked: the same question is paid for once.
    private static let scope = "evaluate"

    func judge(batch: Int) async throws -> any ExplanationJudge {
        guard let word = model.model else { return FormulaJudge(.words) }
        let store = try memory.open()
        let session = ModelSession(options: model, observation: observation, store: store)
        let specification = try model.specification(word)
        guard specification.provider != .replay,
            let reference = try await session.reference(
                of: SimulationBriefing.inquiry, scope: Self.scope)
        else { throw SpecificationError.noModel(word) }
        let stack = ModelStack(
            client: try HTTPClient(), gates: HostGates(),
            ledger: StoredCalls(store: store, run: Self.scope),
            budget: Budget(caps: model.caps.caps), tracer: try session.tracer(),
            logger: observation.logger)
        return ModelJudge(
            model: try await stack.model(specification),
            prompts: try session.prompts(model.prompts),
            form: reference.schemaForm, sampling: reference.sampling, batch: batch)
    }
}
