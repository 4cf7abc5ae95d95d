import Synchronization

/// How far something has come: one line that changes in a terminal, a line now and then elsewhere.
final class LineScreen: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameter isLast: shown however soon it comes.
    func show(isLast: Bool = false, _ line: () -> String) {
        let now = ContinuousClock.now
        let pause: Duration = Console.isTerminal ? .milliseconds(200) : .seconds(10)
        let isDue = last.withLock { last in
            if let before = last, now - before < pause { return false }
            last = now
            return true
        }
        guard isDue || isLast else { return }
        Console.write(Console.isTerminal ? "\r\u{1B}[K" + line() : line() + "\n")
    }

    func finish() {
        if Console.isTerminal { Console.write("\r\u{1B}[K") }
    }
}
