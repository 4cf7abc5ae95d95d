import Digests
import Inquiry

/// A formula that an inquiry of the same run supported.
struct RunLesson: Sendable, Hashable {
    let formula: String
    /// Inputs of the tune split that the inquiry looked at before it taught this.
    let seen: Set<String>
}

/// What the features of a run teach those that are explained after them.
///
/// Features are explained in waves of a fixed size, in their order, and the controls after all of them. An
/// inquiry may start from the formulas that inquiries of earlier waves supported. It begins when these have
/// ended, so what it knows depends on the journal alone: neither on the concurrency nor on interruptions.
///
/// A lesson of the same games or texts is refused where it comes from another study
/// (``ExplainStudy/knowledge(for:store:)``): that study dealt them to other splits, so its proposer may
/// have read what would test the formula here. Within one run the splits are the same for every feature.
/// The formula was made from the propose split and from what was measured of the first feature as probes.
/// Designed probes of the second feature are built for it; its held-out scores are of inputs that no
/// inquiry opens before it has committed; neither made the formula. The natural trials are the one overlap:
/// the first inquiry looked at some inputs of the tune split, chose its formula by what the first feature
/// did on them, and where two features fire together that says what the second one does there. Those inputs
/// travel with the lesson (``RunLesson/seen``), and no natural trial of the formula, or of one that was
/// made from it, draws them. For the same reason what is taught is every supported formula, whose verdict
/// rests on probes, and not the one committed to, which is chosen by a score over the whole tune split.
actor RunLessons {
    private let journal: any InquiryJournal
    private let plan: InquiryPlan
    /// Names of the inquiries that teach, by wave.
    private let teachers: [[String]]
    private nonisolated let size: Int
    private nonisolated let latentCount: Int
    private var gathered: [Int: Task<[RunLesson], any Error>] = [:]

    /// - Parameters:
    ///   - size: features of a wave.
    ///   - latents: the features, in order; controls teach nothing.
    init(size: Int, latents: [Int], plan: InquiryPlan, journal: any InquiryJournal) {
        precondition(size > 0, "a wave needs a size above 0, not \(size)")
        self.size = size
        latentCount = latents.count
        self.plan = plan
        self.journal = journal
        teachers = stride(from: 0, to: latents.count, by: size).map { start in
            latents[start..<min(start + size, latents.count)].map { Feature.latent($0).name }
        }
    }

    /// The wave of a feature of the run, by its place in the order.
    nonisolated func wave(of place: Int) -> Int {
        place < latentCount ? place / size : (latentCount + size - 1) / size
    }

    /// What inquiries of the waves before one teach, each formula once with what its first teacher saw: it
    /// would be known whatever later ones found.
    ///
    /// - Throws: ``ExplainError/unfinishedTeacher(inquiry:)``.
    func lessons(before wave: Int) async throws -> [RunLesson] {
        if let task = gathered[wave] { return try await task.value }
        let task = Task { try await self.gather(before: wave) }
        gathered[wave] = task
        return try await task.value
    }

    private func gather(before wave: Int) async throws -> [RunLesson] {
        guard wave > 0 else { return [] }
        var lessons = try await lessons(before: wave - 1)
        let told = Dictionary(uniqueKeysWithValues: lessons.map { ($0.formula, $0.seen) })
        var known = Set(told.keys)
        for name in teachers[wave - 1] {
            let state = try InquiryState(plan: plan, events: try await journal.events(of: name))
            guard state.isFinished else { throw ExplainError.unfinishedTeacher(inquiry: name) }
            for lesson in Self.lessons(of: state, told: told)
            where known.insert(lesson.formula).inserted {
                lessons.append(lesson)
            }
        }
        return lessons
    }

    /// - Parameter told: what the inquiry itself was told, by formula: who taught it saw inputs too.
    private static func lessons(
        of state: InquiryState, told: [String: Set<String>]
    ) -> [RunLesson] {
        // What people did not approve is no lesson.
        guard state.approval?.isApproved != false else { return [] }
        var seen = Set(state.probes.filter { $0.arm == .natural }.map(\.input))
        for record in state.records where record.hypothesis.origin == .experience {
            seen.formUnion(told[record.hypothesis.formula] ?? [])
        }
        return state.records.filter { $0.status == .supported }
            .map { RunLesson(formula: $0.hypothesis.formula, seen: seen) }
    }
}

extension Feature {
    /// Half of the features, drawn with the seed, are explained without lessons, so that the report can
    /// tell what these are worth.
    func isWithoutLessons(seed: UInt64) -> Bool {
        SHA256.digest(of: "\(seed) lessons \(name)").prefix64 & 1 == 1
    }
}

extension FeatureExperience {
    /// In a study that is carried out in waves.
    ///
    /// - Parameters:
    ///   - knowledge: of earlier studies.
    ///   - lessons: of earlier waves.
    init(
        _ knowledge: [ExplainManifest.Knowledge], and lessons: [RunLesson], for feature: Feature,
        seed: UInt64
    ) {
        self.init(knowledge, for: feature)
        let old = Set(own + shared)
        fresh = lessons.filter { !old.contains($0.formula) }
        let isWithheld = feature.isWithoutLessons(seed: seed)
        let draw = LessonDraw(known: old.count + fresh.count, isWithheld: isWithheld)
        if isWithheld { self = FeatureExperience() }
        self.draw = draw
    }

    /// Inputs of the tune split that a hypothesis must not be put to, since lessons that are behind it were
    /// made from them.
    func seen(behind hypothesis: Int, _ state: InquiryState) -> Set<String> {
        guard !fresh.isEmpty else { return [] }
        let formulas = state.lessons(behind: hypothesis)
        return fresh.filter { formulas.contains($0.formula) }
            .reduce(into: []) { $0.formUnion($1.seen) }
    }
}
