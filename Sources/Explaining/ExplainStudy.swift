import Digests
import Foundation
import Games
import Inquiry
import LinearAlgebra
import Memory
import Prompts

/// One run of `explain`: its manifest, its place in the memory, and the inquiries that it consists of.
///
/// Beginning a run, resuming it and checking it are the same: ``prepare(manifest:instrument:store:run:)``
/// then one task per feature, each a fold over its journal.
public struct ExplainStudy: Sendable {
    public let manifest: ExplainManifest
    /// The features in the order in which they are explained: latents, then controls.
    public let features: [Feature]
    let context: StudyContext

    /// Live means firing on at least this many positions of the propose and tune splits.
    static let livePositions = 20

    /// Deals the games, measures what may be seen from the start, and chooses the features.
    public static func prepare(
        manifest: ExplainManifest, instrument: any Instrument, model: ConsultedModel? = nil,
        store: Store, run: String
    ) async throws -> ExplainStudy {
        guard instrument.identity.hex == manifest.subject.identity else {
            throw ExplainError.subjectChanged(run: run)
        }
        let proposer = try proposer(manifest, model, run: run)
        let rules = try Othello(size: manifest.subject.board)
        let corpus = try Corpus(
            rules: rules, count: manifest.games, context: manifest.subject.context,
            seed: manifest.seed)
        let bench = MeasurementBench(
            instrument: instrument, store: store, run: run, rules: rules)
        let context = StudyContext(
            rules: rules, seed: manifest.seed, plan: manifest.plan, settings: StudySettings(),
            catalogue: BoardProperty.catalogue(for: rules),
            propose: Split(
                pool: corpus.propose, readings: try await bench.readings(of: corpus.propose)),
            tune: Split(pool: corpus.tune, readings: try await bench.readings(of: corpus.tune)),
            heldOut: SealedHeldOut(pool: corpus.heldOut, bench: bench),
            designer: ProbeDesigner(
                rules: rules, pool: corpus.probes, heldOut: corpus.heldOut,
                context: manifest.subject.context),
            bench: bench, proposer: proposer)
        let latents = try chooseLatents(manifest, context)
        return ExplainStudy(
            manifest: manifest, features: latents.map(Feature.latent) + controls(manifest, latents),
            context: context)
    }

    private static func proposer(
        _ manifest: ExplainManifest, _ model: ConsultedModel?, run: String
    ) throws -> any Proposer {
        guard let reference = manifest.proposer else { return InducingProposer() }
        guard let model, model.model.identity == reference.identity else {
            throw ExplainError.modelChanged(
                run: run, wanted: reference.identity.name,
                found: model?.model.identity.name ?? "none")
        }
        guard model.prompts.hashes(of: ProposerBriefing.inquiry) == reference.prompts else {
            throw ExplainError.promptsChanged(run: run, folder: reference.promptFolder)
        }
        return ConsultingProposer(
            model: model.model, prompts: model.prompts, form: reference.schemaForm,
            sampling: reference.sampling)
    }

    private static func chooseLatents(
        _ manifest: ExplainManifest, _ context: StudyContext
    ) throws -> [Int] {
        let counts = zip(context.propose.readings.liveCounts, context.tune.readings.liveCounts)
            .map { $0 + $1 }
        let live = counts.indices.filter { counts[$0] >= livePositions }
        switch manifest.request {
        case .list(let list):
            if let wrong = list.first(where: { !counts.indices.contains($0) }) {
                throw ExplainError.noSuchLatent(wrong, count: counts.count)
            }
            return list
        case .random(let count):
            guard count <= live.count else {
                throw ExplainError.tooFewLive(asked: count, live: live.count)
            }
            var generator = SeededGenerator(seed: manifest.seed, stream: 0xFEA7)
            return generator.sample(count, of: live.count).map { live[$0] }.sorted()
        case .all: return live
        }
    }

    /// Shuffled twins of the latents in turn, then the control directions in turn.
    private static func controls(_ manifest: ExplainManifest, _ latents: [Int]) -> [Feature] {
        guard !latents.isEmpty else { return [] }
        let shuffled = (0..<manifest.controls.shuffled).map { index in
            Feature.shuffled(
                latent: latents[index % latents.count], replicate: 1 + index / latents.count)
        }
        let directions = (0..<min(manifest.controls.directions, manifest.subject.directions))
            .map(Feature.direction)
        return shuffled + directions
    }

    public var tasks: [InquiryTask] { features.map(task(for:)) }

    func task(for feature: Feature) -> InquiryTask {
        InquiryTask(name: feature.name, plan: manifest.plan) { [manifest, context] in
            OthelloLaboratory(
                study: context, feature: feature,
                view: FeatureView(
                    feature, propose: context.propose, tune: context.tune, seed: manifest.seed),
                experience: manifest.experience(for: feature))
        }
    }
}
