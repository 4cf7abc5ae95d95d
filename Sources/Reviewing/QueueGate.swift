import Inquiry
import Memory

/// Where one run asks people, over the queue.
public struct QueueGate: ApprovalGate {
    private let queue: ReviewQueue
    private let run: String
    private let controls: ApprovalPolicy.Controls?

    /// - Parameter controls: shares of items to plant among the real ones.
    public init(queue: ReviewQueue, run: String, controls: ApprovalPolicy.Controls? = nil) {
        self.queue = queue
        self.run = run
        self.controls = controls
    }

    public func answer(to request: ApprovalRequest) async throws -> ApprovalAnswer? {
        try await queue.submit(request, controls: controls)
        return try await queue.answer(to: request, run: run)
    }

    public func open(_ names: [String]) async throws -> [String] {
        try await queue.open(run: run, names: names)
    }

    /// How often the queue is looked at while a run waits.
    private static let interval = Duration.milliseconds(75)
    /// Something may fall due without anything happening, and something may have happened between a
    /// question and the first look.
    private static let patience = 8

    public func change() async throws {
        let before = try await queue.sequence()
        for _ in 0..<Self.patience {
            try await Task.sleep(for: Self.interval)
            if try await queue.sequence() != before { return }
            if try await !queue.expire().isEmpty { return }
        }
    }
}

/// What people decided in a run that has ended, for doing it again: nothing is asked.
public struct RecordedGate: ApprovalGate {
    private let queue: ReviewQueue
    private let run: String

    public init(store: Store, run: String) {
        queue = ReviewQueue(store: store)
        self.run = run
    }

    /// - Throws: ``ReviewError/noSuchItem(_:)`` when it was never asked, ``ReviewError/stale`` when another
    ///   sheet was shown then.
    public func answer(to request: ApprovalRequest) async throws -> ApprovalAnswer? {
        try await queue.recorded(request, run: run)
    }

    public func open(_ names: [String]) async throws -> [String] { [] }

    public func change() async throws {}
}
