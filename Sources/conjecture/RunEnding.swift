import Dispatch
import Foundation
import LanguageModels
import Memory

/// How runs end that do not finish: what they are marked as, and the way to go on.
enum RunEnding {
    /// What is said of how a run goes on.
    struct GoingOn {
        /// After what stopped it, with more to use up.
        let withMore: String
        /// When it was interrupted.
        let later: String
        /// When what was wrong is mended.
        let mended: String

        static func resuming(_ run: String) -> GoingOn {
            GoingOn(
                withMore: ": conjecture resume \(run)", later: "conjecture resume \(run)",
                mended:
                    "`conjecture resume \(run)` goes on and asks nothing again that was answered")
        }
    }

    /// A run that cannot ask its model.
    ///
    /// - Parameter goingOn: nil for a run that `resume` goes on with.
    static func leave(
        _ run: String, for error: ModelError, store: Store, goingOn: GoingOn? = nil
    ) async throws -> ExitStatus {
        let goingOn = goingOn ?? .resuming(run)
        switch error.kind {
        case .overBudget:
            try await store.set(.outOfBudget, run: run, now: Date())
            Console.error("\(error)\(goingOn.withMore)")
            return .budgetSpent
        case .cancelled: return try await interrupted(run, store: store, goingOn: goingOn)
        default:
            try await store.set(.failed, run: run, now: Date())
            Console.error("conjecture: \(error); when that is mended, \(goingOn.mended)")
            return .failed
        }
    }

    static func interrupted(
        _ run: String, store: Store, goingOn: GoingOn? = nil
    ) async throws -> ExitStatus {
        let goingOn = goingOn ?? .resuming(run)
        try await store.set(.interrupted, run: run, now: Date())
        Console.error("interrupted; the journal is safe: \(goingOn.later)")
        return .interrupted
    }

    /// A run that stays for nobody's answer.
    static func waiting(_ run: String, for questions: Int, store: Store) async throws -> ExitStatus
    {
        try await store.set(.interrupted, run: run, now: Date())
        Console.error(
            "run \(run) " + waits(for: questions) + "; then conjecture resume \(run)")
        return .waiting
    }

    /// That nothing goes on without people.
    static func waits(for questions: Int) -> String {
        "waits for \(questions) approval\(questions == 1 ? "" : "s"): conjecture review / serve"
    }

    static func outOfTime(_ run: String, store: Store) async throws -> ExitStatus {
        try await store.set(.outOfBudget, run: run, now: Date())
        Console.error("the seconds are spent; to go on: conjecture resume \(run)")
        return .budgetSpent
    }

    /// SIGINT and SIGTERM let what is in flight end and be journaled, and nothing more be sent to a
    /// language model. A second one does not wait: a model may think for minutes, and the journal is
    /// safe at any moment.
    ///
    /// - Parameter drain: begins to end the run; false where it has begun already.
    static func onInterrupt(
        _ budget: Budget?, drain: @escaping @Sendable () async -> Bool
    ) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { signal in
            Foundation.signal(signal, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
            source.setEventHandler {
                Task {
                    guard await drain() else {
                        Foundation.exit(ExitStatus.interrupted.rawValue)
                    }
                    await budget?.close()
                }
            }
            source.resume()
            return source
        }
    }

    /// Lets the signals end the process again, where something that may take long follows.
    static func endInterrupts(_ sources: [any DispatchSourceSignal]) {
        sources.forEach { $0.cancel() }
        for signal in [SIGINT, SIGTERM] { Foundation.signal(signal, SIG_DFL) }
    }
}
