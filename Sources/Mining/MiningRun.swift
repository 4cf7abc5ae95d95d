import Digests
import Inquiry
import Memory

/// A run of `mine` in the memory: a fold over its journal. Running, resuming and checking are one path.
public struct MiningRun: Sendable {
    public let study: MiningStudy
    private let store: Store
    private let run: String

    /// The journal's one inquiry.
    static let inquiry = "mining"

    public init(study: MiningStudy, store: Store, run: String) {
        self.study = study
        self.store = store
        self.run = run
    }

    /// How a run came to a halt.
    public enum End: Sendable {
        case finished(MiningOutcome)
        /// Before a step that was still to come.
        case stopped
        /// Questions that people have not answered; it goes on by being carried out again.
        case waiting([String])
    }

    /// Carries out what is left of the run. Every event is in the memory before the next step begins.
    ///
    /// - Parameters:
    ///   - shouldStop: asked between steps.
    ///   - tell: what is under way, in words.
    public func carryOut(
        shouldStop: @Sendable () async -> Bool, tell: @Sendable (String) async -> Void
    ) async throws -> End {
        var events = try await Self.events(store: store, run: run)
        var state = try MiningState(
            reflections: study.manifest.settings.reflections, asks: study.manifest.asksInTheEnd,
            events: events)
        while let step = state.next() {
            if await shouldStop() { return .stopped }
            await tell(step.words)
            let event: MiningEvent
            do {
                event = try await study.answer(step, state)
            } catch let pending as ApprovalPending {
                return .waiting(pending.questions)
            }
            try await store.append(
                kind: event.kind, body: CanonicalJSON.encode(event), run: run,
                inquiry: Self.inquiry, sequence: events.count)
            try state.apply(event)
            events.append(event)
        }
        guard let outcome = state.outcome else { throw MiningError.unfinished(run: run) }
        return .finished(outcome)
    }

    /// Does every journaled step again and compares.
    ///
    /// - Returns: the number of events.
    /// - Throws: ``MiningError/notReproduced(sequence:kind:)`` for the first that comes out otherwise,
    ///   and what breaks the journal's chain.
    public func reproduce() async throws -> Int {
        try await store.verifyChain(run: run)
        let events = try await Self.events(store: store, run: run)
        var state = MiningState(
            reflections: study.manifest.settings.reflections, asks: study.manifest.asksInTheEnd)
        for (sequence, event) in events.enumerated() {
            guard let step = state.next() else {
                throw MiningError.eventOutOfOrder(event.kind)
            }
            guard try await study.answer(step, state) == event else {
                throw MiningError.notReproduced(sequence: sequence, kind: event.kind)
            }
            try state.apply(event)
        }
        return events.count
    }

    static func events(store: Store, run: String) async throws -> [MiningEvent] {
        try await store.journal(run: run, inquiry: inquiry).map { row in
            do {
                return try CanonicalJSON.decode(MiningEvent.self, from: row.body)
            } catch {
                throw MemoryError.broken(
                    run: run, inquiry: inquiry, sequence: row.sequence,
                    reason: "it cannot be read (\(error))")
            }
        }
    }

    /// What a run has confirmed, from nothing but its journal.
    ///
    /// - Throws: ``MiningError/unfinished(run:)``.
    public static func outcome(store: Store, run: String) async throws -> MiningOutcome {
        for case .confirmed(let outcome) in try await events(store: store, run: run) {
            return outcome
        }
        throw MiningError.unfinished(run: run)
    }
}

extension MiningStep {
    /// What is under way, for a screen.
    var words: String {
        switch self {
        case .deal: "dealing the rows"
        case .propose(let round): "round \(round + 1): proposing"
        case .check(let round): "round \(round + 1): running every tool"
        case .screen(let round): "round \(round + 1): screening what a model must score"
        case .select(let round): "round \(round + 1): selecting"
        case .open: "opening the confirm rows"
        case .confirm: "confirming, with the null of the whole pipeline"
        case .approve: "asking people about what was confirmed"
        }
    }
}
