import Consulting
import Digests
import Inquiry
import LanguageModels
import Memory
import Prompts

extension ExplainStudy {
    /// What the journal of a run says, from nothing but its stored rows.
    public static func record(store: Store, run id: String) async throws -> RunRecord {
        let manifest = try StudyManifest(of: try await store.run(id))
        let journal = StoredJournal(store: store, run: id)
        var members: [RunRecord.Member] = []
        for name in try await store.inquiries(run: id) {
            guard let feature = Feature(name: name) else { continue }
            let state = try InquiryState(
                plan: manifest.plan, events: try await journal.events(of: name))
            members.append(feature.member(state, hadLessons: manifest.hadLessons(feature, state)))
        }
        members.sort { Feature(name: $0.name) ?? .latent(0) < Feature(name: $1.name) ?? .latent(0) }
        return RunRecord(
            title: "Explanations of \(manifest.hook)", domain: manifest.domain,
            study: try manifest.study, facts: manifest.facts, plan: manifest.plan,
            seed: manifest.seed, members: members,
            usage: try await RoleUsage.list(of: id, store: store))
    }

    /// Keeps what the finished inquiries of a run taught, but for explanations that people did not approve.
    /// What a person called an explanation is kept beside its formula.
    public static func keepLessons(of record: RunRecord, store: Store, run id: String) async throws
    {
        let manifest = try StudyManifest(of: try await store.run(id))
        for member in record.members(.feature) {
            guard let card = member.state.scores, member.state.approval?.isApproved != false,
                let chosen = member.state.committed.flatMap(member.state.record)
            else { continue }
            let counts = chosen.roles.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "\($0.key.rawValue) \($0.value.correct)/\($0.value.total)" }
                .joined(separator: ", ")
            try await store.keep(
                Lesson(
                    run: id, inquiry: member.name, scope: manifest.identity,
                    corpus: manifest.corpus, status: chosen.status.rawValue,
                    formula: chosen.hypothesis.formula,
                    statement: member.state.approval?.editedText ?? chosen.hypothesis.statement,
                    score: card.explanation.balancedAccuracy.value,
                    evidence: "probes that came out as predicted: \(counts)"))
        }
    }

    /// What a new study may start from: the formulas that studies of this subject on other games or
    /// texts supported. Those of the same ones are left out: they were made from what would test them.
    public static func knowledge(
        for manifest: StudyManifest, store: Store
    ) async throws -> [ExplainManifest.Knowledge] {
        let lessons = try await store.lessons(
            scope: manifest.identity, exceptCorpus: manifest.corpus)
        var seen: Set<ExplainManifest.Knowledge> = []
        return lessons.filter { $0.status == HypothesisStatus.supported.rawValue }
            .map { ExplainManifest.Knowledge(feature: $0.inquiry, formula: $0.formula) }
            .filter { seen.insert($0).inserted }
    }

    /// Does the run again, step by step, from the measurements in the memory, and compares each event
    /// with the journaled one.
    ///
    /// - Parameters:
    ///   - store: where the measurements are; the journal's chain is checked before.
    ///   - gate: what people decided then; nil for a run that asked nobody.
    /// - Throws: ``ExplainError/notReproduced(inquiry:sequence:kind:)`` for the first that differs.
    /// - Returns: how many events were reproduced.
    public static func reproduce(
        store: Store, run id: String, gate: (any ApprovalGate)? = nil
    ) async throws -> Int {
        try await store.verifyChain(run: id)
        let manifest = try StudyManifest(of: try await store.run(id))
        guard let identity = Digest(hex: manifest.identity) else {
            throw ExplainError.manifestUnreadable(run: id, reason: "the subject's identity")
        }
        let model = try manifest.proposer?.recording(of: id, in: store)
        let study: ExplainStudy =
            switch manifest {
            case .games(let manifest):
                try await prepare(
                    manifest: manifest,
                    instrument: RecordedInstrument(
                        identity: identity, latentCount: manifest.subject.latents,
                        directionCount: manifest.subject.directions,
                        context: manifest.subject.context),
                    model: model, store: store, run: id)
            case .texts(let manifest):
                try await prepare(
                    manifest: manifest,
                    instrument: MemorizedTextInstrument(
                        subject: manifest.subject, identity: identity, path: store.path),
                    material: try await TextMaterial(manifest.corpus, from: store),
                    model: model, store: store, run: id)
            }
        let journal = StoredJournal(store: store, run: id)
        var count = 0
        for task in study.tasks {
            count += try await reproduce(task, from: journal, gate: gate)
        }
        return count
    }

    private static func reproduce(
        _ task: InquiryTask, from journal: StoredJournal, gate: (any ApprovalGate)?
    ) async throws -> Int {
        let events = try await journal.events(of: task.name)
        guard !events.isEmpty else { return 0 }
        let laboratory = try await task.laboratory()
        var state = InquiryState(plan: task.plan)
        for (sequence, event) in events.enumerated() {
            guard let step = state.nextStep() else {
                throw ExplainError.notReproduced(
                    inquiry: task.name, sequence: sequence, kind: event.kind)
            }
            guard case .event(let again) = try await laboratory.perform(step, state, asking: gate),
                try CanonicalJSON.encode(again) == CanonicalJSON.encode(event)
            else {
                throw ExplainError.notReproduced(
                    inquiry: task.name, sequence: sequence, kind: event.kind)
            }
            try state.apply(event)
        }
        return events.count
    }
}

extension Feature {
    /// Reads what ``name`` writes.
    init?(name: String) {
        let words = name.split(separator: " ")
        guard words.count == 2 else { return nil }
        let numbers = words[1].split(separator: "/").map { Int($0) }
        switch (words[0], numbers.count, numbers.first ?? nil, numbers.last ?? nil) {
        case ("latent", 1, let index?, _): self = .latent(index)
        case ("direction", 1, let index?, _): self = .direction(index)
        case ("shuffled", 2, let latent?, let replicate?):
            self = .shuffled(latent: latent, replicate: replicate)
        default: return nil
        }
    }

    func member(_ state: InquiryState, hadLessons: Bool?) -> RunRecord.Member {
        switch self {
        case .latent:
            RunRecord.Member(
                name: name, kind: .feature, beside: nil, hadLessons: hadLessons, state: state)
        case .shuffled(let latent, _):
            RunRecord.Member(
                name: name, kind: .shuffled, beside: Feature.latent(latent).name, state: state)
        case .direction:
            RunRecord.Member(name: name, kind: .direction, beside: nil, state: state)
        }
    }
}
