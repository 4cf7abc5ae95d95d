import CSpawn
import Foundation

/// One program run to its end on the calling thread, its output bounded.
///
/// The thread that starts it stays until it has ended: `--die-with-parent` ends a process with the
/// thread that started it, not with the program.
struct ChildProcess {
    let path: String
    let arguments: [String]
    /// All of its environment.
    var environment: [String] = []
    /// Read to its end as the child's standard input.
    let input: [UInt8]
    /// Given as descriptor 3, if any.
    var extraInput: [UInt8]?
    let seconds: Double
    let outputLimit: Int
    let messageLimit: Int

    struct Outcome {
        var output: [UInt8] = []
        var messages: [UInt8] = []
        var ending = Ending.exited(0)
    }

    enum Ending: Hashable {
        case exited(Int)
        case signalled(Int)
        case timeLimit, outputLimit, messageLimit, cancelled
    }

    struct StartError: Error { let message: String }

    /// - Parameter isCancelled: asked many times a second; true ends the child.
    func run(isCancelled: () -> Bool) throws(StartError) -> Outcome {
        let input = try Self.file(of: self.input)
        defer { close(input) }
        let extra = try extraInput.map { bytes throws(StartError) in try Self.file(of: bytes) }
        defer { if let extra { close(extra) } }
        let output = try Self.pipe()
        defer { close(output.read) }
        let messages: (read: Int32, write: Int32)
        do throws(StartError) {
            messages = try Self.pipe()
        } catch {
            close(output.write)
            throw error
        }
        defer { close(messages.read) }
        let result = spawn(input, output.write, messages.write, extra)
        close(output.write)
        close(messages.write)
        let child = try result.get()
        return follow(child, output.read, messages.read, isCancelled)
    }

    private func follow(
        _ child: pid_t, _ output: Int32, _ messages: Int32, _ isCancelled: () -> Bool
    ) -> Outcome {
        var outcome = Outcome()
        let deadline = ContinuousClock.now + .seconds(seconds)
        var isOpen = (output: true, messages: true)
        var stop: Ending?
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while stop == nil, isOpen.output || isOpen.messages {
            var watched = [
                pollfd(fd: isOpen.output ? output : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isOpen.messages ? messages : -1, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&watched, 2, 20)
            if watched[0].revents != 0 {
                isOpen.output = Self.read(output, &buffer, into: &outcome.output)
            }
            if watched[1].revents != 0 {
                isOpen.messages = Self.read(messages, &buffer, into: &outcome.messages)
            }
            stop = reasonToStop(outcome, deadline, isCancelled)
        }
        outcome.ending = end(child, stop, deadline, isCancelled)
        return outcome
    }

    private func reasonToStop(
        _ outcome: Outcome, _ deadline: ContinuousClock.Instant, _ isCancelled: () -> Bool
    ) -> Ending? {
        if outcome.output.count > outputLimit { return .outputLimit }
        if outcome.messages.count > messageLimit { return .messageLimit }
        if ContinuousClock.now >= deadline { return .timeLimit }
        return isCancelled() ? .cancelled : nil
    }

    /// Waits for the child, which may have closed its output long before it ends.
    private func end(
        _ child: pid_t, _ stop: Ending?, _ deadline: ContinuousClock.Instant,
        _ isCancelled: () -> Bool
    ) -> Ending {
        var status: Int32 = 0
        var stop = stop
        while stop == nil {
            let ended = waitpid(child, &status, WNOHANG)
            if ended == child { return Self.ending(status) }
            if ContinuousClock.now >= deadline { stop = .timeLimit }
            if isCancelled() { stop = .cancelled }
            usleep(500)
        }
        kill(-child, SIGKILL)
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        return stop ?? Self.ending(status)
    }

    private static func ending(_ status: Int32) -> Ending {
        let signal = Int(status & 0x7F)
        return signal == 0 ? .exited(Int(status >> 8 & 0xFF)) : .signalled(signal)
    }

    /// Returns false at the end of the stream.
    private static func read(
        _ descriptor: Int32, _ buffer: inout [UInt8], into bytes: inout [UInt8]
    ) -> Bool {
        let count = Foundation.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && errno == EINTR }
        bytes += buffer[..<count]
        return true
    }

    private func spawn(
        _ input: Int32, _ output: Int32, _ messages: Int32, _ extra: Int32?
    ) -> Result<pid_t, StartError> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // None of these is below 4, so that no copy overwrites one that is still to be copied.
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, messages, 2)
        if let extra { posix_spawn_file_actions_adddup2(&actions, extra, 3) }
        // Whatever else this program has open is none of the child's business.
        posix_spawn_file_actions_addclosefrom_np(&actions, extra == nil ? 3 : 4)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var child: pid_t = 0
        let code = Self.withStrings([path] + arguments) { arguments in
            Self.withStrings(environment) { environment in
                posix_spawn(&child, path, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else {
            return .failure(StartError(message: "\(path): \(String(cString: strerror(code)))"))
        }
        return .success(child)
    }

    private static func withStrings<Value>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }

    private static func pipe() throws(StartError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw failure("pipe") }
        return (try raised(ends[0]), try raised(ends[1]))
    }

    /// A file without a name that holds the bytes, open for reading only.
    private static func file(of bytes: [UInt8]) throws(StartError) -> Int32 {
        var path = Array((NSTemporaryDirectory() + "/conjecture-XXXXXX").utf8CString)
        let writing = mkstemp(&path)
        guard writing >= 0 else { throw failure("a temporary file in \(NSTemporaryDirectory())") }
        defer { close(writing) }
        let reading = open(path, O_RDONLY | O_CLOEXEC)
        unlink(path)
        guard reading >= 0 else { throw failure("a temporary file") }
        fchmod(writing, 0o400)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(writing, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let reason = failure("writing a temporary file")
                close(reading)
                throw reason
            }
            rest = rest.dropFirst(count)
        }
        return try raised(reading)
    }

    /// The same open file under a number of at least 4.
    private static func raised(_ descriptor: Int32) throws(StartError) -> Int32 {
        guard descriptor < 4 else { return descriptor }
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 4)
        close(descriptor)
        guard copy >= 0 else { throw failure("a descriptor") }
        return copy
    }

    private static func failure(_ what: String) -> StartError {
        StartError(message: "\(what): \(String(cString: strerror(errno)))")
    }
}
