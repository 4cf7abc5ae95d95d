import Consulting
import Explaining
import Foundation
import HTTP
import Inquiry
import LanguageModels
import Logging
import Memory
import Mining
import Prompts
import Tracing

/// Sets a run's language model up: finds out how it must be asked, then puts the layers round it.
struct ModelSession {
    let options: ModelOptions
    let observation: ObservationOptions
    let store: Store
    private let gates = HostGates()

    init(options: ModelOptions, observation: ObservationOptions, store: Store) {
        self.options = options
        self.observation = observation
        self.store = store
    }

    /// The run's tracer, where a trace was asked for.
    func tracer() throws -> Tracer? {
        guard let target = observation.trace else { return nil }
        if target.hasPrefix("http://") || target.hasPrefix("https://") {
            return Tracer(sink: TraceCollector(client: try HTTPClient(), url: target))
        }
        do {
            return Tracer(sink: try TraceFile(path: target))
        } catch {
            throw ReportError.notWritten(path: target, reason: error.localizedDescription)
        }
    }

    func prompts(_ folder: String?) throws -> PromptSet {
        try folder.map { try PromptSet(overlay: $0) } ?? PromptSet()
    }

    /// Begins a run and hands it what was asked before it had a name.
    ///
    /// - Parameter scope: the name that it was asked under.
    func begin(prefix: String, manifest: String, scope: String) async throws -> RunRow {
        let run = try await store.begin(prefix: prefix, manifest: manifest, now: Date())
        try await store.adoptAttempts(from: scope, run: run.id)
        if let word = options.model { try await store.setModelWord(word, run: run.id) }
        return run
    }

    /// What a new run's manifest says of its model; nil where the rule inducer proposes.
    ///
    /// - Parameters:
    ///   - inquiry: whose prompts are used.
    ///   - scope: a name to keep the probe's call under until the run has one.
    func reference(of inquiry: String, scope: String) async throws -> ProposerReference? {
        guard let word = options.model else { return nil }
        let specification = try options.specification(word)
        if specification.provider == .replay { return try await recorded(specification).reference }
        // Before anything is asked: a fault in a user's prompts should cost nothing.
        let hashes = try prompts(options.prompts).hashes(of: inquiry)
        let form: SchemaForm
        if let chosen = specification.schemaForm {
            form = chosen
        } else {
            form = try await probe(specification, scope: scope)
        }
        return ProposerReference(
            word: word, identity: specification.identity, schemaForm: form,
            sampling: specification.sampling, prompts: hashes,
            promptFolder: options.prompts, price: specification.price, caps: options.caps.caps)
    }

    private func probe(
        _ specification: ModelSpecification, scope: String
    ) async throws -> SchemaForm {
        let stack = ModelStack(
            client: try HTTPClient(), gates: gates,
            ledger: StoredCalls(store: store, run: scope), budget: Budget(caps: options.caps.caps),
            tracer: nil, logger: observation.logger)
        let finding = try await SchemaProbe.run(
            try await stack.model(specification), inquiry: scope,
            sample: Int.random(in: 1...Int(Int32.max)))
        Console.error("\(specification.identity.name): a reply schema is \(finding.words)")
        return finding.form
    }

    /// Where a run's replies come from.
    struct Source {
        let model: ConsultedModel
        /// What it may use up; nil where nobody is asked.
        let budget: Budget?
    }

    /// The model of a run that has begun, ready to be asked.
    ///
    /// - Parameter deadline: after which it is not asked any more.
    func source(
        for reference: ProposerReference, run: String, deadline: ContinuousClock.Instant?,
        tracer: Tracer?
    ) async throws -> Source {
        let prompts = try prompts(options.prompts ?? reference.promptFolder)
        // A run that began as a replay goes on as one.
        let word = try await store.run(run).modelWord ?? reference.word
        var specification = try options.specification(options.model ?? word)
        if options.price == nil { specification.price = reference.price ?? specification.price }
        let ledger = StoredCalls(store: store, run: run)
        if specification.provider == .replay {
            let recording = try await recorded(specification)
            return Source(
                model: ConsultedModel(
                    model: RecordedModel(
                        identity: recording.reference.identity, ledger: recording.ledger,
                        copyingTo: ledger), prompts: prompts), budget: nil)
        }
        let budget = Budget(
            caps: reference.caps.overridden(by: options.caps.caps),
            spent: try await ledger.spent(), deadline: deadline)
        let stack = ModelStack(
            client: try HTTPClient(), gates: gates, ledger: ledger,
            budget: budget, tracer: tracer, logger: observation.logger)
        return Source(
            model: ConsultedModel(
                model: try await stack.model(specification), prompts: prompts), budget: budget)
    }

    /// The run that `replay:MEMORY#RUN` names.
    private func recorded(
        _ specification: ModelSpecification
    ) async throws -> (reference: ProposerReference, ledger: StoredCalls) {
        let parts = specification.endpoint.split(separator: "#", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw SpecificationError.noModel("replay:\(specification.endpoint)")
        }
        guard FileManager.default.fileExists(atPath: parts[0]) else {
            throw SpecificationError.unreadableFile(
                path: parts[0], reason: "there is no memory here")
        }
        let recording = try Store(path: parts[0])
        let row = try await recording.run(parts[1])
        let planted = PlantedManifest(of: row)
        let reference =
            MiningManifest.isOne(row)
            ? try MiningManifest(of: row).proposer
            : try planted?.proposer ?? StudyManifest(of: row).proposer
        guard let reference else {
            throw SpecificationError.unreadableFile(
                path: parts[0], reason: "run \(parts[1]) asked no language model")
        }
        return (reference, StoredCalls(store: recording, run: parts[1]))
    }
}

extension SchemaProbe.Finding {
    var words: String {
        switch self {
        case .enforced: "enforced"
        case .ignored:
            "accepted but not enforced; it is sent in words, and replies are checked here"
        case .refused: "refused; it is sent in words, and replies are checked here"
        case .notExpressible: "not to be had; it is sent in words, and replies are checked here"
        }
    }
}
