import Consulting
import Digests
import Foundation
import Games
import Inquiry
import LinearAlgebra
import Memory
import Prompts

/// One run of `explain`: the inquiries that it consists of.
///
/// Beginning a run, resuming it and checking it are the same: prepare, then one task per feature, each
/// a fold over its journal. There is one way to prepare for games and one for texts.
public struct ExplainStudy: Sendable {
    /// The features in the order in which they are explained: latents, then controls.
    public let features: [Feature]
    /// One for each feature.
    public let tasks: [InquiryTask]

    /// Features of a wave, unless somebody says otherwise.
    public static let waveSize = 16

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
        let corpus = try GameCorpus(
            rules: rules, count: manifest.games, context: manifest.subject.context,
            seed: manifest.seed)
        let bench = MeasurementBench(
            instrument: instrument, store: store, run: run, rules: rules)
        var settings = StudySettings()
        settings.matchesProperties = manifest.engine != ExplainManifest.earlierVersion
        let context = StudyContext(
            rules: rules, seed: manifest.seed, plan: manifest.plan, settings: settings,
            catalogue: BoardProperty.catalogue(for: rules),
            propose: Split(
                pool: corpus.propose, readings: try await bench.readings(of: corpus.propose)),
            tune: Split(pool: corpus.tune, readings: try await bench.readings(of: corpus.tune)),
            heldOut: SealedHeldOut(pool: corpus.heldOut, bench: bench),
            designer: ProbeDesigner(
                rules: rules, pool: corpus.probes, heldOut: corpus.heldOut,
                context: manifest.subject.context),
            bench: bench, proposer: proposer, desk: try StudyManifest.games(manifest).desk(run: run)
        )
        let latents = try chooseLatents(manifest, context)
        let features =
            latents.map(Feature.latent)
            + manifest.controls.features(beside: latents, directions: manifest.subject.directions)
        let lessons = manifest.wave.map { size in
            RunLessons(
                size: size, latents: latents, plan: manifest.plan,
                journal: StoredJournal(store: store, run: run))
        }
        let desk = GameDesk(manifest: manifest, context: context, lessons: lessons)
        return ExplainStudy(
            features: features,
            tasks: features.enumerated().map {
                desk.task(for: $1, wave: lessons?.wave(of: $0) ?? 0)
            })
    }

    private static func proposer(
        _ manifest: ExplainManifest, _ model: ConsultedModel?, run: String
    ) throws -> any Proposer {
        guard let reference = manifest.proposer else { return InducingProposer() }
        let model = try reference.check(model, of: ProposerBriefing.inquiry, run: run)
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
}

/// Makes the inquiries of a study of games.
private struct GameDesk {
    let manifest: ExplainManifest
    let context: StudyContext
    let lessons: RunLessons?

    func task(for feature: Feature, wave: Int) -> InquiryTask {
        InquiryTask(name: feature.name, plan: manifest.plan, wave: wave) {
            [manifest, context, lessons] in
            OthelloLaboratory(
                study: context, feature: feature,
                view: FeatureView(
                    feature, propose: context.propose, tune: context.tune, seed: manifest.seed),
                experience: manifest.experience(
                    for: feature, try await lessons?.lessons(before: wave)))
        }
    }
}

extension ExplainManifest.Controls {
    /// Shuffled twins of the latents in turn, then the control directions in turn.
    func features(beside latents: [Int], directions available: Int) -> [Feature] {
        guard !latents.isEmpty else { return [] }
        let twins = (0..<shuffled).map { index in
            Feature.shuffled(
                latent: latents[index % latents.count], replicate: 1 + index / latents.count)
        }
        return twins + (0..<min(directions, available)).map(Feature.direction)
    }
}
