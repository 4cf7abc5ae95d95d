import Foundation
import Tools

/// What tests of the sandbox need.
enum Bubblewrap {
    static let isInstalled = access("/usr/bin/bwrap", X_OK) == 0

    /// One for all tests: a probe costs two processes.
    static let sandbox = Task { try await Sandbox.probe() }
}
