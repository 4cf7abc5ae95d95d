import Tracing

/// Carries out inquiries, a few at a time, each as a fold over its journal.
///
/// The campaign owns the only decision that is not in an inquiry's state: whether to go on. It stops
/// between steps, when ``drain()`` was called or the deadline has passed; what was in flight is
/// journaled first, and a later campaign over the same journal continues where this one stopped. An inquiry
/// that waits for people gives its place to another one and goes on when they have decided.
public actor Campaign {
    public enum End: Hashable, Sendable {
        case finished
        case drained
        case outOfTime
        /// Nothing is left but questions that people have not answered, so many.
        case waiting(Int)
    }

    /// How one inquiry came back.
    enum Halt: Sendable {
        case finished
        /// Before a step that was still to come.
        case stopped
        case waits(for: [String])
    }

    private let journal: any InquiryJournal
    private let observer: (any CampaignObserver)?
    private let concurrency: Int
    private let deadline: ContinuousClock.Instant?
    private let tracer: Tracer?
    private let gate: (any ApprovalGate)?
    private let isPatient: Bool
    private var draining = false
    private var isAskedToDrain = false
    /// Looks out for answers while inquiries wait.
    private var lookout: Task<Void, any Error>?
    /// Open questions when that was last told.
    private var told = 0

    /// - Parameters:
    ///   - concurrency: inquiries under way at once, and as many again that people have answered; it never
    ///     changes a result.
    ///   - deadline: when to stop starting steps.
    ///   - gate: where people are asked; nil where nobody is.
    ///   - isPatient: whether to stay when nothing is left but waiting.
    public init(
        journal: any InquiryJournal, concurrency: Int, deadline: ContinuousClock.Instant? = nil,
        gate: (any ApprovalGate)? = nil, isPatient: Bool = true,
        observer: (any CampaignObserver)? = nil, tracer: Tracer? = nil
    ) {
        precondition(concurrency > 0, "a campaign needs a concurrency above 0, not \(concurrency)")
        self.journal = journal
        self.concurrency = concurrency
        self.deadline = deadline
        self.gate = gate
        self.isPatient = isPatient
        self.observer = observer
        self.tracer = tracer
    }

    /// Asks the campaign to stop after the steps that are in flight.
    ///
    /// - Returns: false when that had been asked before.
    @discardableResult
    public func drain() -> Bool {
        defer { isAskedToDrain = true }
        stop()
        return !isAskedToDrain
    }

    private func stop() {
        draining = true
        lookout?.cancel()
    }

    /// Runs every task to its end, or as far as it may, one wave after the other.
    ///
    /// - Throws: the first thing that a laboratory or the journal threw, once the steps of other
    ///   inquiries that were in flight have ended and been journaled: what they paid for is kept.
    public func run(_ tasks: [InquiryTask]) async throws -> End {
        for wave in Set(tasks.map(\.wave)).sorted() {
            let some = tasks.filter { $0.wave == wave }
            let line = try await finish(some)
            guard line.finished == some.count else {
                return stopReason ?? .waiting(line.questions)
            }
        }
        return .finished
    }

    /// What comes back from the inquiries under way, and from the lookout.
    private enum Report: Sendable {
        case halted(InquiryTask, Result<Halt, any Error>)
        case looked(Result<Void, any Error>)
    }

    /// - Returns: the line when nothing in it can go on.
    private func finish(_ tasks: [InquiryTask]) async throws -> CampaignLine {
        var line = CampaignLine(tasks)
        var failure: (any Error)?
        await withTaskGroup(of: Report.self) { group in
            repeat {
                while stopReason == nil, let task = line.next(places: concurrency) {
                    group.addTask { .halted(task, await self.attempt(task)) }
                }
                if let gate, await looksOut(line) {
                    line.isWatched = true
                    group.addTask { .looked(await self.look(gate)) }
                }
                guard let report = await group.next() else { break }
                do {
                    try await take(report, &line)
                } catch {
                    if failure == nil { failure = error }
                    stop()
                }
            } while true
        }
        if let failure { throw failure }
        return line
    }

    private func take(_ report: Report, _ line: inout CampaignLine) async throws {
        switch report {
        case .halted(let task, let result):
            line.take(try? result.get(), of: task)
            _ = try result.get()
        case .looked(let result):
            line.isWatched = false
            try result.get()
            var open: [[String]] = []
            for one in line.waiting {
                open.append(try await gate?.open(one.questions) ?? one.questions)
            }
            line.wake(stillOpen: open)
        }
    }

    // MARK: Waiting for people

    /// Whether to begin to look out for answers. Says once when nothing but that is left to do.
    private func looksOut(_ line: CampaignLine) async -> Bool {
        guard !line.waiting.isEmpty, !line.isWatched, stopReason == nil else { return false }
        guard line.running == 0 else { return true }
        guard isPatient else { return false }
        if line.questions > told { await observer?.waits(for: line.questions) }
        told = line.questions
        return true
    }

    /// Returns when something may have been answered, or when the campaign must stop.
    private func look(_ gate: any ApprovalGate) async -> Result<Void, any Error> {
        let lookout = Task { try await gate.change() }
        self.lookout = lookout
        defer { self.lookout = nil }
        if stopReason != nil { lookout.cancel() }
        let alarm = deadline.map { deadline in
            Task {
                try await Task.sleep(until: deadline, clock: .continuous)
                lookout.cancel()
            }
        }
        defer { alarm?.cancel() }
        let result = await lookout.result
        return lookout.isCancelled ? .success(()) : result
    }

    // MARK: One inquiry

    private nonisolated func attempt(_ task: InquiryTask) async -> Result<Halt, any Error> {
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

    private nonisolated func investigate(_ task: InquiryTask) async throws -> Halt {
        let events = try await journal.events(of: task.name)
        var state = try InquiryState(plan: task.plan, events: events)
        var sequence = events.count
        let laboratory = state.isFinished ? nil : try await task.laboratory()
        await observer?.inquiry(task.name, reached: state)
        while let step = state.nextStep(), let laboratory {
            if await stopReason != nil { return .stopped }
            let event: InquiryEvent
            switch try await perform(step, state, laboratory) {
            case .event(let answer): event = answer
            case .waits(let questions): return .waits(for: questions)
            }
            var following = state
            try following.apply(event)
            try await journal.append(event, to: task.name, sequence: sequence)
            state = following
            sequence += 1
            await observer?.inquiry(task.name, reached: state)
        }
        return .finished
    }

    private nonisolated func perform(
        _ step: Step, _ state: InquiryState, _ laboratory: any Laboratory
    ) async throws -> StepResult {
        guard let tracer else { return try await laboratory.perform(step, state, asking: gate) }
        return try await tracer.span("step \(step.word)") {
            try await laboratory.perform(step, state, asking: gate)
        }
    }
}
