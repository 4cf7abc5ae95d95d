import Foundation
import Synchronization

/// One run of a program: its input comes from a file that nobody else can see, its output is read with
/// a bound on bytes and time, and it is killed with everything that it started.
///
/// Spawned without Foundation's `Process`, whose `waitUntilExit` on Linux waits for every process that
/// has inherited its socket, and so for a killed program's children.
struct ChildProcess: Sendable {
    enum End {
        /// With the status that a shell would give: 128 and the signal's number for a killed program.
        case exited(Int32, [UInt8])
        case timedOut
        case tooLong
    }

    struct StartError: Error {
        let code: Int32

        var text: String { String(cString: strerror(code)) }
    }

    static let outputLimit = 16 << 20

    /// Held from the making of a child's descriptors to its start: a child started meanwhile by another
    /// thread would inherit them, and the pipe would not end when its own program does.
    private static let spawning = Mutex(())

    /// Also names its process group.
    private let identifier: pid_t
    private let output: Int32

    /// Starts the program, found on the path.
    init(words: [String], input: [UInt8]) throws {
        guard !words.isEmpty else { throw StartError(code: ENOENT) }
        (identifier, output) = try Self.spawning.withLock { _ in
            let handle = try Self.handle(on: input)
            defer { close(handle) }
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw StartError(code: errno) }
            defer { close(ends[1]) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            do {
                return (try Self.spawn(words, input: handle, output: ends[1]), ends[0])
            } catch {
                close(ends[0])
                throw error
            }
        }
    }

    /// A file instead of a pipe: a program that does not read its input cannot then make the writer
    /// wait, or kill it with SIGPIPE.
    private static func handle(on input: [UInt8]) throws -> Int32 {
        var template = Array(
            FileManager.default.temporaryDirectory
                .appendingPathComponent("conjecture-request-XXXXXX").path.utf8CString)
        let handle = mkstemp(&template)
        guard handle >= 0 else { throw StartError(code: errno) }
        _ = fcntl(handle, F_SETFD, FD_CLOEXEC)
        unlink(template)
        var written = 0
        while written < input.count {
            let count = input.withUnsafeBytes { bytes in
                write(handle, bytes.baseAddress?.advanced(by: written), input.count - written)
            }
            guard count > 0 else {
                close(handle)
                throw StartError(code: errno)
            }
            written += count
        }
        lseek(handle, 0, SEEK_SET)
        return handle
    }

    private static func spawn(_ words: [String], input: Int32, output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: it can be killed whole, and an interrupt typed at the terminal, after
        // which what is in flight is still waited for, does not reach it. Dispatch blocks signals in
        // its threads; the program must not inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        arguments.append(nil)
        var identifier: pid_t = 0
        let code = posix_spawnp(
            &identifier, words[0], &actions, &attributes, arguments, environ)
        guard code == 0 else { throw StartError(code: code) }
        return identifier
    }

    /// Kills it with what it started. Does nothing once it has been waited for by ``collect(within:)``
    /// and its number has gone, since the group's number is not given away while a member lives.
    func kill() { _ = Foundation.kill(-identifier, SIGKILL) }

    /// Reads until the program closes its output, then waits for its end. Blocks its thread; to be
    /// called once.
    func collect(within seconds: Double) -> End {
        defer { close(output) }
        let deadline = Date(timeIntervalSinceNow: seconds)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let left = deadline.timeIntervalSinceNow
            guard left > 0 else { return stop(.timedOut) }
            var poll = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard Foundation.poll(&poll, 1, Int32(min(left * 1_000 + 1, 60_000))) > 0 else {
                continue
            }
            let count = read(output, &buffer, buffer.count)
            if count <= 0 { break }
            bytes += buffer[..<count]
            if bytes.count > Self.outputLimit { return stop(.tooLong) }
        }
        while deadline.timeIntervalSinceNow > 0 {
            if let status = status(WNOHANG) { return .exited(status, bytes) }
            usleep(2_000)
        }
        return stop(.timedOut)
    }

    private func stop(_ end: End) -> End {
        kill()
        _ = status(0)
        return end
    }

    /// How it ended; nil while it runs.
    private func status(_ options: Int32) -> Int32? {
        var status: Int32 = 0
        guard waitpid(identifier, &status, options) == identifier else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
