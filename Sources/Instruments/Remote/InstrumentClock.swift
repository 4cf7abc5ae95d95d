/// Time as an instrument sees it; passed in, so that tests need none.
public struct InstrumentClock: Sendable {
    /// Seconds from a fixed moment; never goes back.
    public let now: @Sendable () -> Double
    /// Waits that many seconds; throws when the task is cancelled.
    public let sleep: @Sendable (Double) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (Double) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's; goes on while it sleeps.
    public static let continuous: InstrumentClock = {
        let start = ContinuousClock.now
        return InstrumentClock(
            now: { (ContinuousClock.now - start) / .seconds(1) },
            sleep: { try await Task.sleep(for: .seconds($0)) })
    }()
}
