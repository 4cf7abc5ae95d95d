import Dispatch
import Foundation
import Synchronization

/// The same work many times over, on all cores.
enum Repetitions {
    /// `body` of 0..<count, in that order whatever ran first.
    ///
    /// Each repetition draws from a generator of its own, never from a shared one, so that the
    /// result does not depend on scheduling. The caller's thread is one of the workers.
    static func map<Result: Sendable>(
        _ count: Int, _ body: @Sendable (Int) -> Result
    ) -> [Result] {
        let workers = min(count, ProcessInfo.processInfo.activeProcessorCount)
        guard workers > 1 else { return (0..<count).map(body) }
        let next = Atomic(0)
        let results = Mutex([Result?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                let result = body(index)
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { $0.compactMap { $0 } }
    }
}
