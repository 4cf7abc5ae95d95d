import Foundation
import Tools

/// What tests of the sandbox need.
enum Bubblewrap {
    static let isInstalled = access("/usr/bin/bwrap", X_OK) == 0

    /// One for all tests: a probe costs two processes.
    static let sandbox = Task { try await Sandbox.probe() }

    /// A folder of the search path with a python3 that is not the system's.
    static let otherPythonFolder: String? =
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        .first { !$0.hasPrefix("/usr/bin") && $0 != "/bin" && access($0 + "/python3", X_OK) == 0 }
}
