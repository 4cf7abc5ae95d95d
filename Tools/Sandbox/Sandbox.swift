import Foundation
import JSON

/// Where Python tools run. Made by ``probe(_:)``, which tries the walls before it trusts them.
///
/// bubblewrap gives a process of its own namespaces: no network, no processes but its own, an empty
/// environment, a file system of the system's `/usr` and Python, all read-only with nowhere to
/// write. ``SystemCallFilter`` forbids what namespaces do not; resource limits bound memory,
/// processor time and files; this side bounds the clock and the output. Texts are all that enters.
public struct Sandbox: Hashable, Sendable {
    public enum Mode: Hashable, Sendable {
        /// Inside bubblewrap, or not at all.
        case walled
        /// With the user's own rights: generated code can read and change whatever the user can.
        /// Only the limits on memory, time and output hold.
        case unsafeNoSandbox
    }

    /// Raised when the runner or its rules change what a source gives.
    public static let edition = 1

    public let mode: Mode
    public let python: PythonInstallation
    /// Whether the runner notes what a tool reaches for. The walls must stand without it.
    var watches = true
    private let bubblewrap: String?

    /// Finds bubblewrap and Python, and tries the walls.
    ///
    /// - Throws: ``SandboxProblem`` with what is missing and its cure. There is no falling back.
    public static func probe(_ mode: Mode = .walled) async throws(SandboxProblem) -> Sandbox {
        try await probe(
            mode, bubblewrapPaths: ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"],
            pythonFolders: PythonInstallation.usualFolders)
    }

    static func probe(
        _ mode: Mode, bubblewrapPaths: [String], pythonFolders: [String]
    ) async throws(SandboxProblem) -> Sandbox {
        guard SystemCallFilter.Architecture.current != nil else {
            throw .platform("this processor")
        }
        let bubblewrap = bubblewrapPaths.first { access($0, X_OK) == 0 }
        if mode == .walled, bubblewrap == nil { throw .noBubblewrap }
        let found = await OwnThread.run { () -> Result<PythonInstallation, SandboxProblem> in
            Result { () throws(SandboxProblem) in
                try PythonInstallation.find(searching: pythonFolders)
            }
        }
        let sandbox = Sandbox(
            mode: mode, python: try found.get(),
            bubblewrap: mode == .walled ? bubblewrap : nil)
        try await sandbox.tryWalls()
        return sandbox
    }

    private init(mode: Mode, python: PythonInstallation, bubblewrap: String?) {
        self.mode = mode
        self.python = python
        self.bubblewrap = bubblewrap
    }

    /// The program and its arguments that run `script` with an empty environment.
    func command(running script: String) -> (path: String, arguments: [String]) {
        let python = [python.executable, "-s", "-S", "-B", "-X", "utf8", "-c", script]
        guard let bubblewrap else { return (python[0], Array(python.dropFirst())) }
        return (
            bubblewrap,
            systemFolders + [
                "--remount-ro", "/", "--unshare-all", "--unshare-user", "--die-with-parent",
                "--new-session", "--chdir", "/", "--cap-drop", "ALL", "--uid", "65534", "--gid",
                "65534", "--hostname", "sandbox", "--seccomp", "3",
            ]
                + Self.environment.flatMap { entry in
                    ["--setenv"] + entry.split(separator: "=", maxSplits: 1).map(String.init)
                } + ["--"] + python
        )
    }

    /// Equal hashes from run to run, so that sets have one order.
    static let environment = [
        "LANG=C.UTF-8", "OPENBLAS_NUM_THREADS=1", "PYTHONHASHSEED=0", "PYTHONSAFEPATH=1",
    ]

    /// `/usr`, the links or folders that lead into it, and Python's own prefix.
    private var systemFolders: [String] {
        var arguments = ["--ro-bind", "/usr", "/usr"]
        for name in ["bin", "lib", "lib64"] {
            let path = "/" + name
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
                arguments += ["--symlink", target, path]
            } else if access(path, F_OK) == 0 {
                arguments += ["--ro-bind", path, path]
            }
        }
        if !(python.prefix + "/").hasPrefix("/usr/") {
            arguments += ["--ro-bind", python.prefix, python.prefix]
        }
        return arguments
    }

    /// The filter that a walled process gets.
    var filter: [UInt8]? {
        guard bubblewrap != nil, let architecture = SystemCallFilter.Architecture.current else {
            return nil
        }
        return SystemCallFilter(architecture: architecture).bytes
    }
}
