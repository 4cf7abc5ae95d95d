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
    private var draining = false

    /// - Parameters:
    ///   - concurrency: inquiries under way at once; it never changes a result.
    ///   - deadline: when to stop starting steps.
    public init(
        journal: any InquiryJournal, concurrency: Int, deadline: ContinuousClock.Instant? = nil,
        observer: (any CampaignObserver)? = nil
    ) {
        precondition(concurrency > 0, "a campaign needs a concurrency above 0, not \(concurrency)")
        self.journal = journal
        self.concurrency = concurrency
        self.deadline = deadline
        self.observer = observer
    }

    /// Asks the campaign to stop after the steps that are in flight.
    public func drain() { draining = true }

    /// Runs every task to its end, or as far as it may.
    ///
    /// - Throws: the first thing that a laboratory or the journal threw; the steps of other inquiries
    ///   that were not journaled by then are done again by the next campaign.
    public func run(_ tasks: [InquiryTask]) async throws -> End {
        var finished = 0
        try await withThrowingTaskGroup(of: Bool.self) { group in
            var waiting = tasks.makeIterator()
            for _ in 0..<concurrency {
                guard let task = waiting.next() else { break }
                group.addTask { try await self.investigate(task) }
            }
            while let done = try await group.next() {
                finished += done ? 1 : 0
                guard stopReason == nil, let task = waiting.next() else { continue }
                group.addTask { try await self.investigate(task) }
            }
        }
        return finished == tasks.count ? .finished : stopReason ?? .drained
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
        let laboratory = state.isFinished ? nil : task.laboratory()
        await observer?.inquiry(task.name, reached: state)
        while let step = state.nextStep(), let laboratory {
            if await stopReason != nil { return false }
            let event = try await laboratory.perform(step, state)
            var following = state
            try following.apply(event)
            try await journal.append(event, to: task.name, sequence: sequence)
            state = following
            sequence += 1
            await observer?.inquiry(task.name, reached: state)
        }
        return true
    }
}
