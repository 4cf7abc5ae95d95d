import Foundation

/// The program as a user runs it: a process with arguments, output and an exit code.
struct Program {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The package's folder.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let example = root.appendingPathComponent("Examples/othello").path

    /// The executable that was built beside the tests.
    static var executable: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("conjecture")
    }

    /// A running program.
    final class Running {
        let process = Process()
        private let out: URL
        private let err: URL

        /// - Parameters:
        ///   - environment: added to the tests' own, less the keys and addresses of models that it may
        ///     hold.
        ///   - fileLimit: how many kilobytes a file that it writes may have, or nil for any number.
        init(
            _ arguments: [String], in folder: URL, environment: [String: String] = [:],
            fileLimit: Int? = nil
        ) throws {
            out = folder.appendingPathComponent("out-\(UUID().uuidString)")
            err = folder.appendingPathComponent("err-\(UUID().uuidString)")
            for file in [out, err] { try Data().write(to: file) }
            if let fileLimit {
                // Without the signal, a write beyond the limit fails as on a full disk.
                process.executableURL = URL(fileURLWithPath: "/bin/bash")
                process.arguments =
                    [
                        "-c", "trap '' XFSZ; ulimit -f \(fileLimit); exec \"$0\" \"$@\"",
                        Program.executable.path,
                    ] + arguments
            } else {
                process.executableURL = Program.executable
                process.arguments = arguments
            }
            let inherited = ProcessInfo.processInfo.environment.filter {
                !$0.key.hasSuffix("_API_KEY") && !$0.key.hasSuffix("_BASE_URL")
            }
            process.environment = inherited.merging(environment) { $1 }
            process.currentDirectoryURL = folder
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: out)
            process.standardError = try FileHandle(forWritingTo: err)
            try process.run()
        }

        /// Waits off the cooperative pool: it has few threads, and other suites need them meanwhile.
        func wait() async throws -> Result {
            let process = process
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    process.waitUntilExit()
                    continuation.resume()
                }
            }
            return Result(
                status: process.terminationStatus,
                output: try String(contentsOf: out, encoding: .utf8),
                errors: try String(contentsOf: err, encoding: .utf8))
        }

        /// What it has printed so far.
        func output() throws -> String { try String(contentsOf: out, encoding: .utf8) }

        func signal(_ number: Int32) { kill(process.processIdentifier, number) }
    }

    static func run(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:],
        fileLimit: Int? = nil
    ) async throws -> Result {
        try await Running(arguments, in: folder, environment: environment, fileLimit: fileLimit)
            .wait()
    }
}

/// A folder of a test's own, removed when the test ends.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("conjecture-program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// A copy of the example subject, to damage.
    func copyOfExample() throws -> String {
        let copy = path("subject")
        try FileManager.default.copyItem(atPath: Program.example, toPath: copy)
        return copy
    }
}
