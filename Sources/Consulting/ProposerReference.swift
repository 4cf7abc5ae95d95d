import Inquiry
import LanguageModels
import Memory
import Prompts

/// Which language model proposes in a run, and everything that decides what it is asked.
public struct ProposerReference: Codable, Hashable, Sendable {
    /// The word after `--model`, to find it again.
    public let word: String
    public let identity: ModelIdentity
    public let schemaForm: SchemaForm
    public let sampling: SamplingChoice
    public let prompts: [PromptHash]
    /// A folder of the user's own prompts.
    public let promptFolder: String?
    /// As it was stated when the run began.
    public let price: Price?
    /// What the run may use up; a later part of the run may be given more.
    public let caps: BudgetCaps

    public init(
        word: String, identity: ModelIdentity, schemaForm: SchemaForm, sampling: SamplingChoice,
        prompts: [PromptHash], promptFolder: String?, price: Price?, caps: BudgetCaps
    ) {
        self.word = word
        self.identity = identity
        self.schemaForm = schemaForm
        self.sampling = sampling
        self.prompts = prompts
        self.promptFolder = promptFolder
        self.price = price
        self.caps = caps
    }
}

/// A language model with the prompts to ask it with.
public struct ConsultedModel: Sendable {
    public let model: any LanguageModel
    public let prompts: PromptSet

    public init(model: any LanguageModel, prompts: PromptSet) {
        self.model = model
        self.prompts = prompts
    }
}

extension ProposerReference {
    /// The model and its prompts, for people.
    public var versions: [RunRecord.Fact] {
        [.init("model", identity.name)]
            + prompts.map {
                .init("prompt \($0.name)", "version \($0.version), \($0.hash.hex.prefix(16))")
            }
    }

    /// The replies that a run has read, in the model's place: nobody is asked.
    ///
    /// - Throws: `PromptError` for the user's own prompts.
    public func recording(of run: String, in store: Store) throws -> ConsultedModel {
        ConsultedModel(
            model: RecordedModel(
                identity: identity, ledger: StoredCalls(store: store, run: run)),
            prompts: try promptFolder.map { try PromptSet(overlay: $0) } ?? PromptSet())
    }

    /// The model that a run is given, if it is the one that the run began with.
    ///
    /// - Parameter inquiry: whose prompts count.
    /// - Throws: ``ConsultingError/modelChanged(run:wanted:found:)``,
    ///   ``ConsultingError/promptsChanged(run:folder:)``.
    public func check(
        _ model: ConsultedModel?, of inquiry: String, run: String
    ) throws(ConsultingError) -> ConsultedModel {
        guard let model, model.model.identity == identity else {
            throw .modelChanged(
                run: run, wanted: identity.name, found: model?.model.identity.name ?? "none")
        }
        guard model.prompts.hashes(of: inquiry) == prompts else {
            throw .promptsChanged(run: run, folder: promptFolder)
        }
        return model
    }
}
