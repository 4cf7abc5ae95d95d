import Dictionaries
import Foundation
import Synchronization

/// How far a training has come: one line that changes in a terminal, a line now and then elsewhere.
final class TrainingScreen: Sendable {
    private let started = ContinuousClock.now
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    func show(_ progress: DictionaryTraining.Progress) {
        let now = ContinuousClock.now
        let pause: Duration = Console.isTerminal ? .milliseconds(200) : .seconds(10)
        let isDue = last.withLock { last in
            if let before = last, now - before < pause { return false }
            last = now
            return true
        }
        guard isDue || progress.step == progress.stepCount else { return }
        let perSecond = Double(progress.tokens) / ((now - started) / .seconds(1))
        let line = String(
            format: "step %d of %d  unexplained %.4f  %d dead  %.0f tokens/s", progress.step,
            progress.stepCount, progress.unexplained, progress.deadLatents, perSecond)
        Console.write(Console.isTerminal ? "\r\u{1B}[K" + line : line + "\n")
    }

    func finish() {
        if Console.isTerminal { Console.write("\r\u{1B}[K") }
    }
}
