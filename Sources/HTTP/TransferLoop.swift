import Foundation
import Synchronization

/// The thread of one client: it runs the client's jobs and its transfers, and sleeps when there are
/// neither.
///
/// It is the client's executor, so that whatever the client does to libcurl happens on the thread
/// that drives it. The thread owns the loop until it ends; the engine goes with the last reference.
final class TransferLoop: SerialExecutor {
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var cancelled: [Int] = []
        var shutDownIsAsked = false
        var isReleased = false
        /// The thread waits, and the bell has not been rung yet.
        var isAsleep = false

        var isEmpty: Bool {
            jobs.isEmpty && cancelled.isEmpty && !shutDownIsAsked && !isReleased
        }
    }

    private let inbox = Mutex(Inbox())
    /// Locked by the loop's thread only, so that it never waits: the lock is what lets the compiler
    /// see that nothing else touches libcurl.
    private let engine: Mutex<TransferEngine>
    private let bell: Bell

    init(setup: RequestSetup) throws(HTTPError) {
        bell = try Bell()
        engine = Mutex(try TransferEngine(bell: bell, setup: setup))
    }

    func start() {
        Thread { [self] in run() }.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        post { $0.jobs.append(job) }
    }

    /// Stops a transfer, soon.
    func cancel(_ id: Int) { post { $0.cancelled.append(id) } }

    /// Stops every transfer, and refuses new ones.
    func shutDown() { post { $0.shutDownIsAsked = true } }

    /// The client is gone: ends the thread.
    func release() { post { $0.isReleased = true } }

    /// What the client does, on the loop's thread.
    func withEngine(_ body: (TransferEngine) -> Void) {
        engine.withLock { body($0) }
    }

    private func post(_ change: (inout Inbox) -> Void) {
        let isAsleep = inbox.withLock { inbox in
            change(&inbox)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if isAsleep { bell.ring() }
    }

    private func run() {
        Self.nameThread()
        Self.blockPipeSignal()
        while true {
            var letters = Inbox()
            inbox.withLock { swap(&$0, &letters) }
            if letters.shutDownIsAsked || letters.isReleased { engine.withLock { $0.shutDown() } }
            if !letters.cancelled.isEmpty {
                engine.withLock { engine in letters.cancelled.forEach(engine.cancel) }
            }
            for job in letters.jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            // No job can come once the client is gone: each holds it.
            if letters.isReleased { return }
            let mayWait = inbox.withLock { inbox in
                inbox.isAsleep = inbox.isEmpty
                return inbox.isAsleep
            }
            engine.withLock { $0.turn(mayWait: mayWait) }
        }
    }

    /// For `top -H` and debuggers. Foundation's names do not reach the system on Linux.
    private static func nameThread() {
        try? Data("conjecture-http".utf8).write(to: URL(fileURLWithPath: "/proc/thread-self/comm"))
    }

    /// A write to a connection that the server closed shall fail, not end the process. The signal
    /// goes to the writing thread, which is this one.
    private static func blockPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}
