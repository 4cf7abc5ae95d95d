import Foundation

/// One run of a program: its input comes from a file that nobody else can see, its output is read with
/// a bound on bytes and time.
struct ChildProcess: Sendable {
    enum End {
        case exited(Int32, [UInt8])
        case timedOut
        case tooLong
    }

    static let outputLimit = 16 << 20

    private let process: Process
    private let output: Pipe

    /// Starts the program.
    init(words: [String], input: [UInt8]) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardInput = try Self.handle(on: input)
        output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.standardError
        try process.run()
    }

    /// A file instead of a pipe: a program that does not read its input cannot then make the writer
    /// wait, or kill it with SIGPIPE.
    private static func handle(on input: [UInt8]) throws -> FileHandle {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("conjecture-request-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        guard
            FileManager.default.createFile(
                atPath: url.path, contents: Data(input), attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        return try FileHandle(forReadingFrom: url)
    }

    func kill() { _ = Foundation.kill(process.processIdentifier, SIGKILL) }

    /// Reads until the program closes its output, then waits for its end. Blocks its thread.
    func collect(within seconds: Double) -> End {
        let descriptor = output.fileHandleForReading.fileDescriptor
        let deadline = Date(timeIntervalSinceNow: seconds)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let left = deadline.timeIntervalSinceNow
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard left > 0, Foundation.poll(&poll, 1, Int32(min(left * 1_000 + 1, 60_000))) >= 0
            else { return stop(.timedOut) }
            guard poll.revents != 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count <= 0 { break }
            bytes += buffer[..<count]
            if bytes.count > Self.outputLimit { return stop(.tooLong) }
        }
        process.waitUntilExit()
        return .exited(process.terminationStatus, bytes)
    }

    private func stop(_ end: End) -> End {
        kill()
        process.waitUntilExit()
        return end
    }
}
