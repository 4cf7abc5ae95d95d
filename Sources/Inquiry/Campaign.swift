import Tracing

/// Carries out inquiries, a few at a time, each as a fold over its journal.
///
/// The campaign owns the only decision that is not in an inquiry's state: whether to go on. It stops
/// between steps, when ``drain()`` was called or the deadline has passed; what was in flight is
/// journaled first, and a later campaign over the same journal continues where this one stopped.
public actor Campaign {
    public enum End: Hashable, Sendable {
        case finished
        case drained
        case outOfTime
    }

    private let journal: any InquiryJournal
    private let observer: (any CampaignObserver)?
    private let concurrency: Int
    private let deadline: ContinuousClock.Instant?
    private let tracer: Tracer?
    private var draining = false
    private var isAskedToDrain = false

    /// - Parameters:
    ///   - concurrency: inquiries under way at once; it never changes a result.
    ///   - deadline: when to stop starting steps.
    public init(
        journal: any InquiryJournal, concurrency: Int, deadline: ContinuousClock.Instant? = nil,
        observer: (any CampaignObserver)? = nil, tracer: Tracer? = nil
    ) {
        precondition(concurrency > 0, "a campaign needs a concurrency above 0, not \(concurrency)")
        self.journal = journal
        self.concurrency = concurrency
        self.deadline = deadline
        self.observer = observer
        self.tracer = tracer
    }

    /// Asks the campaign to stop after the steps that are in flight.
    ///
    /// - Returns: false when that had been asked before.
    @discardableResult
    public func drain() -> Bool {
        defer { isAskedToDrain = true }
        draining = true
        return !isAskedToDrain
    }

    /// Runs every task to its end, or as far as it may, one wave after the other.
    ///
    /// - Throws: the first thing that a laboratory or the journal threw, once the steps of other
    ///   inquiries that were in flight have ended and been journaled: what they paid for is kept.
    public func run(_ tasks: [InquiryTask]) async throws -> End {
        for wave in Set(tasks.map(\.wave)).sorted() {
            let some = tasks.filter { $0.wave == wave }
            guard try await finish(some) == some.count else { return stopReason ?? .drained }
        }
        return .finished
    }

    /// - Returns: how many of the tasks came to their end.
    private func finish(_ tasks: [InquiryTask]) async throws -> Int {
        var finished = 0
        var failure: (any Error)?
        await withTaskGroup(of: Result<Bool, any Error>.self) { group in
            var waiting = tasks.makeIterator()
            for _ in 0..<concurrency {
                guard let task = waiting.next() else { break }
                group.addTask { await self.attempt(task) }
            }
            while let result = await group.next() {
                switch result {
                case .success(let done): finished += done ? 1 : 0
                case .failure(let error):
                    if failure == nil { failure = error }
                    draining = true
                }
                guard stopReason == nil, let task = waiting.next() else { continue }
                group.addTask { await self.attempt(task) }
            }
        }
        if let failure { throw failure }
        return finished
    }

    private nonisolated func attempt(_ task: InquiryTask) async -> Result<Bool, any Error> {
        do {
            guard let tracer else { return .success(try await investigate(task)) }
            return .success(
                try await tracer.span(
                    "invoke_workflow inquiry",
                    [
                        ("gen_ai.operation.name", .text("invoke_workflow")),
                        ("gen_ai.conversation.id", .text(task.name)),
                    ]
                ) { try await investigate(task) })
        } catch {
            return .failure(error)
        }
    }

    private var stopReason: End? {
        if draining { return .drained }
        if let deadline, ContinuousClock.now >= deadline { return .outOfTime }
        return nil
    }

    /// - Returns: whether the inquiry came to its end.
    private nonisolated func investigate(_ task: InquiryTask) async throws -> Bool {
        let events = try await journal.events(of: task.name)
        var state = try InquiryState(plan: task.plan, events: events)
        var sequence = events.count
        let laboratory = state.isFinished ? nil : try await task.laboratory()
        await observer?.inquiry(task.name, reached: state)
        while let step = state.nextStep(), let laboratory {
            if await stopReason != nil { return false }
            let event = try await perform(step, state, laboratory)
            var following = state
            try following.apply(event)
            try await journal.append(event, to: task.name, sequence: sequence)
            state = following
            sequence += 1
            await observer?.inquiry(task.name, reached: state)
        }
        return true
    }

    private nonisolated func perform(
        _ step: Step, _ state: InquiryState, _ laboratory: any Laboratory
    ) async throws -> InquiryEvent {
        guard let tracer else { return try await laboratory.perform(step, state) }
        return try await tracer.span("step \(step.word)") {
            try await laboratory.perform(step, state)
        }
    }
}
