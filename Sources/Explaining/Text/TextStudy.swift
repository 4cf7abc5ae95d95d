import Consulting
import Digests
import Inquiry
import Instruments
import LinearAlgebra
import Memory
import Prompts
import Texts

extension ExplainStudy {
    /// Live means firing on at least this many passages of the propose and tune splits.
    static let livePassages = 20

    /// Deals the passages, measures what may be seen from the start, and chooses the features.
    ///
    /// - Parameters:
    ///   - instrument: the subject that the manifest names.
    ///   - material: the passages that the manifest names; they are kept in the memory.
    /// - Throws: ``ExplainError``, `InstrumentError`, `MemoryError`.
    public static func prepare(
        manifest: TextManifest, instrument: any TextInstrument, material: TextMaterial,
        model: ConsultedModel? = nil, store: Store, run: String
    ) async throws -> ExplainStudy {
        guard instrument.identity.hex == manifest.subject.identity,
            material.reference.digest == manifest.corpus.digest
        else { throw ExplainError.subjectChanged(run: run) }
        let proposer = try proposer(manifest, model, run: run)
        try await material.keep(in: store, run: run)
        let corpus = TextCorpus(
            documents: material.units, published: manifest.corpus.published, seed: manifest.seed)
        let bench = TextBench(instrument: instrument, store: store, run: run)
        let latents = try await chooseLatents(manifest, corpus, bench)
        let directions = manifest.subject.directions
        let features =
            latents.map(Feature.latent)
            + manifest.controls.features(beside: latents, directions: directions)
        let first = manifest.subject.latents ?? 0
        let columns = features.compactMap { feature -> Int? in
            switch feature {
            case .latent(let index): index
            case .direction(let index): first + index
            case .shuffled: nil
            }
        }
        for pool in [corpus.propose, corpus.tune] {
            try await bench.prepare(pool, latents: columns)
        }
        let context = TextStudyContext(
            seed: manifest.seed, plan: manifest.plan, inducer: TextInducer.Settings(),
            replicates: StudySettings().bootstrapReplicates, corpus: corpus,
            heldOut: SealedTexts(pool: corpus.heldOut, bench: bench, latents: columns),
            edits: TextEdits(vocabulary: .init(from: corpus.probes.texts, seed: manifest.seed)),
            bench: bench, firstDirection: first,
            output: (instrument as? TextSubject).map(SubjectOutputMeter.init), proposer: proposer,
            desk: try StudyManifest.texts(manifest).desk(run: run))
        let lessons = manifest.wave.map { size in
            RunLessons(
                size: size, latents: latents, plan: manifest.plan,
                journal: StoredJournal(store: store, run: run))
        }
        return ExplainStudy(
            features: features,
            tasks: features.enumerated().map { place, feature in
                let wave = lessons?.wave(of: place) ?? 0
                return InquiryTask(name: feature.name, plan: manifest.plan, wave: wave) {
                    TextLaboratory(
                        study: context, feature: feature,
                        experience: manifest.experience(
                            for: feature, try await lessons?.lessons(before: wave)))
                }
            })
    }

    private static func proposer(
        _ manifest: TextManifest, _ model: ConsultedModel?, run: String
    ) throws -> any TextProposer {
        guard let reference = manifest.proposer else { return InducingTextProposer() }
        let model = try reference.check(model, of: ExplainerBriefing.inquiry, run: run)
        let consulting = ConsultingTextProposer(
            model: model.model, prompts: model.prompts, form: reference.schemaForm,
            sampling: reference.sampling)
        return manifest.inducerFirst ? InducerFirstProposer(model: consulting) : consulting
    }

    private static func chooseLatents(
        _ manifest: TextManifest, _ corpus: TextCorpus, _ bench: TextBench
    ) async throws -> [Int] {
        let count = manifest.subject.latents
        switch manifest.request {
        case .list(let list):
            if let count, let wrong = list.first(where: { !(0..<count).contains($0) }) {
                throw ExplainError.noSuchLatent(wrong, count: count)
            }
            return list
        case .random(let wanted):
            guard let count else { throw ExplainError.latentsNotCounted }
            var generator = SeededGenerator(seed: manifest.seed, stream: 0xFEA7)
            let order = generator.sample(count, of: count)
            let live = try await live(order, enough: wanted, corpus, bench)
            guard live.count >= wanted else {
                throw ExplainError.tooFewLive(asked: wanted, live: live.count)
            }
            return live.prefix(wanted).sorted()
        case .all:
            guard let count else { throw ExplainError.latentsNotCounted }
            return try await live(Array(0..<count), enough: count, corpus, bench).sorted()
        }
    }

    /// The live ones of some latents, in their order, until there are enough. A large dictionary is not
    /// measured whole to draw a few of its latents.
    private static func live(
        _ latents: [Int], enough: Int, _ corpus: TextCorpus, _ bench: TextBench
    ) async throws -> [Int] {
        var live: [Int] = []
        for start in stride(from: 0, to: latents.count, by: 256) where live.count < enough {
            let some = Array(latents[start..<min(start + 256, latents.count)])
            for pool in [corpus.propose, corpus.tune] {
                try await bench.prepare(pool, latents: some)
            }
            for latent in some {
                var firing = 0
                for pool in [corpus.propose, corpus.tune] {
                    firing += try await bench.readings(of: pool, latent: latent).values
                        .count { $0 > 0 }
                }
                if firing >= livePassages { live.append(latent) }
            }
        }
        return live
    }
}
