import Foundation
import Synchronization

/// The thread of one server. It ends when the server stops.
final class ServerLoop: Sendable {
    private let inbox: ServerInbox
    /// Locked by the loop's thread only, so that it never waits: the lock is what lets the compiler
    /// see that nothing else touches the connections.
    private let engine: Mutex<ServerEngine>

    init(
        listener: Listener, inbox: ServerInbox, limits: ServerLimits,
        handler: @escaping HTTPServer.Handler
    ) {
        self.inbox = inbox
        engine = Mutex(
            ServerEngine(listener: listener, inbox: inbox, limits: limits, handler: handler))
    }

    func start() { Thread { [self] in run() }.start() }

    private func run() {
        Self.nameThread()
        var isOver = false
        while !isOver {
            isOver = engine.withLock { engine in
                engine.turn()
                return engine.isOver
            }
        }
        inbox.close()
    }

    /// For `top -H` and debuggers. Foundation's names do not reach the system on Linux.
    private static func nameThread() {
        try? Data("conjecture-web".utf8).write(to: URL(fileURLWithPath: "/proc/thread-self/comm"))
    }
}

/// Seconds since the machine started.
enum ServerClock {
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
