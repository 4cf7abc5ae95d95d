import Foundation

/// A shell in a terminal of tmux's own making, driven by keys and read as a person would.
final class TmuxPane {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let socket = "conjecture-\(UUID().uuidString.prefix(8))"
    private static let program = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/opt/homebrew/bin/tmux"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    static var isThere: Bool { program != nil }

    init(columns: Int, rows: Int, in folder: URL, environment: [String: String] = [:]) throws {
        let settings = environment.map { "\($0.key)=\($0.value)" }
        try run(
            ["-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "env"]
                + settings + ["PS1=$ ", "HOME=\(folder.path)", "bash", "--norc", "--noprofile"])
        try run(["set-option", "-g", "escape-time", "0"])
    }

    deinit { _ = try? run(["kill-server"]) }

    @discardableResult
    private func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program ?? "")
        process.arguments = ["-L", socket] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// Keys by tmux's names ("Enter", "j", "C-c").
    func press(_ keys: String...) throws { try run(["send-keys"] + keys) }

    func type(_ text: String) throws { try run(["send-keys", "-l", text]) }

    func resize(columns: Int, rows: Int) throws {
        try run(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// What is shown.
    ///
    /// - Parameter hasStyles: whether with the sequences of colours and attributes.
    func text(hasStyles: Bool = false) throws -> String {
        try run(["capture-pane", "-p"] + (hasStyles ? ["-e"] : []))
    }

    var title: String { get throws { try run(["display-message", "-p", "#{pane_title}"]) } }

    /// The process that runs in the foreground of the pane.
    func child() throws -> Int32 {
        let shell = try run(["display-message", "-p", "#{pane_pid}"])
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let children = try String(
            contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
        guard let child = children.split(separator: " ").last.flatMap({ Int32($0) }) else {
            throw Failure(description: "nothing runs in the shell \(shell)")
        }
        return child
    }

    /// Waits until the screen shows a text.
    @discardableResult
    func wait(for text: String, seconds: Int = 30) async throws -> String {
        for _ in 0..<seconds * 20 {
            let shown = try self.text()
            if shown.contains(text) { return shown }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Failure(description: "\"\(text)\" was not shown, but: \(try self.text())")
    }

    /// Long enough for a key to count: nobody sees a screen in less.
    func look() async throws { try await Task.sleep(for: .milliseconds(400)) }
}
