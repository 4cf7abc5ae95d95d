import Consulting
import Digests
import Explaining
import Foundation
import Inquiry
import LanguageModels
import Memory

/// The planted benchmark with a language model that proposes: a run in a memory that stays, so that a
/// benchmark that was interrupted goes on and asks nothing again that was answered.
struct ConsultedPlantedBenchmark {
    let texts: [String]
    let seed: UInt64
    let setting: BenchmarkSetting
    /// Where the memory is.
    let path: String
    let store: Store
    let session: ModelSession

    struct Outcome {
        let model: String
        let results: [PlantedStudy.Result]
        let nulls: PlantedStudy.Nulls
    }

    private struct Begun {
        let run: String
        let proposer: ProposerReference
    }

    /// - Throws: ``ExitStatus`` where the run could not be ended; why has been said.
    func outcome() async throws -> Outcome {
        let begun = try await begun()
        let lock = try RunLock(run: begun.run, memory: path)
        defer { lock.release() }
        try await store.set(.running, run: begun.run, now: Date())
        do {
            let outcome = try await carryOut(begun)
            try await store.set(.finished, run: begun.run, now: Date())
            return outcome
        } catch let error as ModelError {
            let again = "the same command goes on with run \(begun.run)"
            throw try await RunEnding.leave(
                begun.run, for: error, store: store,
                goingOn: RunEnding.GoingOn(
                    withMore: "; with a higher cap \(again)", later: again, mended: again))
        }
    }

    private func carryOut(_ begun: Begun) async throws -> Outcome {
        let source = try await session.source(
            for: begun.proposer, run: begun.run, deadline: nil, tracer: nil)
        let study = PlantedStudy(
            texts: texts, features: setting.features, nulls: setting.nulls, seed: seed,
            plan: PlantedStudy.plan, store: store, run: begun.run, consulted: source.model,
            form: begun.proposer.schemaForm, sampling: begun.proposer.sampling)
        let end = try await setting.carryOut(
            study.tasks, store: store, run: begun.run, budget: source.budget)
        guard end == .finished else {
            throw ModelError(
                .cancelled, model: begun.proposer.identity.name, reason: "it was interrupted")
        }
        let journal = StoredJournal(store: store, run: begun.run)
        return Outcome(
            model: begun.proposer.identity.name,
            results: try await study.results(
                journal, concurrency: setting.threads, asksOneShot: true),
            nulls: try await study.nulls(journal))
    }

    /// The run of this benchmark that is in the memory, or a new one.
    private func begun() async throws -> Begun {
        if let known = try await known() { return known }
        let scope = "before-\(UUID().uuidString)"
        guard
            let reference = try await session.reference(
                of: PlantedManifest.inquiry, scope: scope)
        else { preconditionFailure("a benchmark without a model keeps no memory") }
        let manifest = try manifest(reference)
        let run = try await session.begin(
            prefix: "benchmark", manifest: CanonicalJSON.encode(manifest), scope: scope)
        return Begun(run: run.id, proposer: reference)
    }

    /// Found without a question to the model, which finding out how it takes schemas would be.
    private func known() async throws -> Begun? {
        guard let word = session.options.model else { return nil }
        let specification = try session.options.specification(word)
        guard specification.provider != .replay else { return nil }
        let wanted = try manifest(
            ProposerReference(
                word: word, identity: specification.identity, schemaForm: .native,
                sampling: specification.sampling,
                prompts: try session.prompts(session.options.prompts)
                    .hashes(of: PlantedManifest.inquiry),
                promptFolder: session.options.prompts, price: specification.price,
                caps: session.options.caps.caps))
        for row in try await store.runs() {
            guard let manifest = PlantedManifest(of: row), wanted.goesOn(as: manifest) else {
                continue
            }
            return Begun(run: row.id, proposer: manifest.proposer)
        }
        return nil
    }

    private func manifest(_ proposer: ProposerReference) throws -> PlantedManifest {
        try PlantedManifest(
            texts: texts, features: setting.features, nulls: setting.nulls, seed: seed,
            plan: PlantedStudy.plan, proposer: proposer)
    }
}
