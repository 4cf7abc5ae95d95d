import Consulting
import Digests
import Inquiry
import LanguageModels
import Memory
import Prompts
import Rows
import Statistics
import Tools

extension MiningStudy {
    /// Deals the rows and makes ready whoever proposes and computes.
    ///
    /// - Parameters:
    ///   - rows: what the manifest's file and schema give.
    ///   - model: the language model that the manifest names, if it names one.
    ///   - embedding: the encoder that the manifest names, if it names one.
    ///   - gate: where people are asked what the manifest's policy says.
    /// - Throws: ``MiningError/dataChanged(run:path:)``,
    ///   ``MiningError/embeddingChanged(run:path:)``, `ConsultingError`, `RowError`.
    public static func prepare(
        manifest: MiningManifest, rows: RowSet, model: ConsultedModel?,
        embedding: TextEmbedding? = nil, gate: (any ApprovalGate)? = nil, store: Store,
        run: String
    ) async throws -> MiningStudy {
        var study = try await prepare(
            manifest, rows, model, embedding, store: store, run: run)
        study.desk = manifest.approval.map {
            MiningDesk(manifest: manifest, policy: $0, gate: gate, run: run)
        }
        return study
    }

    private static func prepare(
        _ manifest: MiningManifest, _ rows: RowSet, _ model: ConsultedModel?,
        _ embedding: TextEmbedding?, store: Store, run: String
    ) async throws -> MiningStudy {
        guard embedding?.reference.identity == manifest.embedding?.identity else {
            throw MiningError.embeddingChanged(run: run, path: manifest.embedding?.path ?? "none")
        }
        guard rows.digest == manifest.data.digest else {
            throw MiningError.dataChanged(run: run, path: manifest.data.path)
        }
        let deal = try deal(rows, manifest)
        let folds = try TrainingFolds(
            deal, count: manifest.settings.folds, seed: manifest.seed(.folds))
        var kinds: EmbeddingKinds?
        if let embedding {
            kinds = try await EmbeddingKinds(
                deal.discover, embedding, seed: manifest.seed(.embedding))
        }
        let inducing = inducing(deal, folds, rows, manifest, kinds)
        let kept = ToolValueStore(store: store, run: run)
        let python = PythonBench(
            kept: kept, room: SandboxRoom(isUnsafe: manifest.python == .unsafe))
        guard let reference = manifest.proposer else {
            return MiningStudy(
                manifest: manifest, rows: rows, deal: deal, folds: folds,
                bench: FeatureBench(python: python, annotator: nil), proposer: inducing,
                inducing: inducing, annotator: nil, embedding: embedding)
        }
        let model = try reference.check(model, of: MiningManifest.inquiry, run: run)
        let consultant = Consultant(
            model: model.model, prompts: model.prompts, form: reference.schemaForm,
            sampling: reference.sampling)
        let annotator = Annotator(
            consultant: consultant, kept: kept,
            manner: try reference.manner(of: AnnotatorBriefing.role))
        return MiningStudy(
            manifest: manifest, rows: rows, deal: deal, folds: folds,
            bench: FeatureBench(python: python, annotator: annotator),
            proposer: try ConsultingFeatureProposer(
                consultant: consultant, manifest: manifest, inducing: inducing,
                controls: [lengthTool().title] + manifest.data.schema.confounders),
            inducing: nil, annotator: annotator, embedding: embedding)
    }

    /// A study with no memory and no model: what needs neither is computed as it passes by.
    init(manifest: MiningManifest, rows: RowSet, python: PassingPython) throws {
        let deal = try Self.deal(rows, manifest)
        let folds = try TrainingFolds(
            deal, count: manifest.settings.folds, seed: manifest.seed(.folds))
        let inducing = Self.inducing(deal, folds, rows, manifest)
        self.init(
            manifest: manifest, rows: rows, deal: deal, folds: folds,
            bench: FeatureBench(python: python, annotator: nil), proposer: inducing,
            inducing: inducing, annotator: nil, embedding: nil)
    }

    private static func inducing(
        _ deal: RoleDeal, _ folds: TrainingFolds, _ rows: RowSet, _ manifest: MiningManifest,
        _ kinds: EmbeddingKinds? = nil
    ) -> InducingFeatureProposer {
        InducingFeatureProposer(
            deal.discover, training: TrainingRows(deal, of: rows, folds: folds),
            experience: manifest.experience, kinds: kinds)
    }

    private static func deal(_ rows: RowSet, _ manifest: MiningManifest) throws -> RoleDeal {
        let settings = manifest.settings
        return try RoleDeal(
            rows, seed: manifest.seed,
            shares: .init(
                discover: settings.discoverShare, select: settings.selectShare,
                confirm: 1 - settings.discoverShare - settings.selectShare))
    }
}

extension ProposerReference {
    /// Names everything that decides what the model answers when it plays a role, but the question.
    fileprivate func manner(of role: String) throws -> String {
        struct Manner: Encodable {
            let identity: ModelIdentity
            let form: SchemaForm
            let sampling: SamplingChoice
            let prompts: [PromptHash]
        }
        return SHA256.digest(
            of: try CanonicalJSON.encode(
                Manner(
                    identity: identity, form: schemaForm, sampling: sampling,
                    prompts: prompts.filter { $0.name.hasSuffix("/" + role) }))
        ).hex
    }
}
