import Foundation

/// A Python that can run inside the sandbox, and the folders it needs to see.
public struct PythonInstallation: Hashable, Sendable {
    public let executable: String
    /// Where its library lies, such as `/usr`.
    public let prefix: String
    /// Such as `3.11.2`.
    public let version: String

    /// The first python3 that answers, the system's before others.
    static func find(searching folders: [String]) throws(SandboxProblem) -> PythonInstallation {
        for folder in folders {
            let path = folder + "/python3"
            guard access(path, X_OK) == 0, let found = ask(path) else { continue }
            return found
        }
        throw .noPython(searched: folders)
    }

    /// The system's folders, then the user's search path.
    static var usualFolders: [String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        var folders = ["/usr/bin", "/usr/local/bin"]
        for folder in path.split(separator: ":").map(String.init)
        where folder.hasPrefix("/") && !folders.contains(folder) {
            folders.append(folder)
        }
        return folders
    }

    /// Lets a python3, which may be a shim or lie in a virtual environment, say where it really is.
    private static func ask(_ path: String) -> PythonInstallation? {
        let question = """
            import os, resource, sys
            print(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
            print(os.path.realpath(sys.base_prefix))
            print("%d.%d.%d" % sys.version_info[:3])
            """
        let environment = ProcessInfo.processInfo.environment
        let child = ChildProcess(
            path: path, arguments: ["-I", "-S", "-c", question],
            // A shim looks up its version by these.
            environment: ["PATH", "HOME"].compactMap { name in
                environment[name].map { "\(name)=\($0)" }
            },
            input: [], seconds: 10, outputLimit: 1 << 16, messageLimit: 1 << 16)
        guard let outcome = try? child.run(isCancelled: { false }), outcome.ending == .exited(0)
        else { return nil }
        let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
        guard lines.count == 3, lines[0].hasPrefix("/"), lines[1].hasPrefix("/") else { return nil }
        return PythonInstallation(
            executable: String(lines[0]), prefix: String(lines[1]), version: String(lines[2]))
    }
}
