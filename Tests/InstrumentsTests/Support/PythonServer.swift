import Foundation
import SubjectMaterial

/// `Tools/activation_server` as a process, for tests.
///
/// It runs with the Python that CONJECTURE_TORCH_PYTHON names, and ends with the pipe to it.
final class PythonServer {
    struct Failure: Error, CustomStringConvertible { let description: String }

    static let python = ProcessInfo.processInfo.environment["CONJECTURE_TORCH_PYTHON"]
    static let absence =
        "CONJECTURE_TORCH_PYTHON names no Python with torch, transformers and sae-lens: "
        + "run Tools/activation_server/check.sh"
    static let tools = SharedData.packageRoot.appendingPathComponent("Tools/activation_server").path

    let url: String
    private let process = Process()
    private let pipe = Pipe()

    /// - Parameter folder: for the log.
    init(_ arguments: [String], secret: String, folder: String) async throws {
        let log = folder + "/log-\(UUID().uuidString)"
        try Data().write(to: URL(fileURLWithPath: log))
        process.executableURL = URL(fileURLWithPath: Self.python ?? "")
        process.arguments =
            [Self.tools + "/server.py", "--port", "0", "--stop-with-input"] + arguments
        process.environment = [
            "CONJECTURE_ACTIVATION_SECRET": secret, "PATH": "/usr/bin:/bin", "HOME": folder,
            "HF_HUB_OFFLINE": "1",
        ]
        process.standardInput = pipe
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        process.standardError = process.standardOutput
        try process.run()
        let end = ContinuousClock.now + .seconds(400)
        var found: String?
        while found == nil {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            found = text.split(separator: "\n").first { $0.hasPrefix("listening on ") }
                .map { String($0.dropFirst(13)) }
            guard found != nil || process.isRunning && ContinuousClock.now < end else {
                process.terminate()
                throw Failure(description: "the server does not start: \(text.suffix(2_000))")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        url = found ?? ""
    }

    func stop() {
        try? pipe.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Runs one of the programs beside the server until it is done.
    static func run(_ program: String, _ arguments: [String], folder: String) throws {
        let process = Process()
        let log = folder + "/log"
        try Data().write(to: URL(fileURLWithPath: log))
        process.executableURL = URL(fileURLWithPath: python ?? "")
        process.arguments = [tools + "/" + program] + arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder, "HF_HUB_OFFLINE": "1"]
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            throw Failure(description: "\(program): \(text.suffix(2_000))")
        }
    }
}
