import Digests

/// Why a tool cannot be defined, read, or run at all.
public enum ToolError: Error, Hashable, Sendable {
    /// A tool's name that is none.
    case name(String)
    /// A tool whose definition breaks a rule.
    case tool(name: String, reason: String)
    /// An expression that does not parse; `offset` counts characters from its start.
    case expression(source: String, offset: Int, reason: String)
    case rubric(question: String, reason: String)
    /// A file of the module that users may read, and that breaks its own form.
    case shipped(file: String, line: Int, reason: String)
    /// A tool's file or text that is no tool.
    case form(place: String, reason: String)
    /// A catalogue file whose recipe no longer has the hash it was approved with.
    case altered(path: String, approved: Digest, found: Digest)
    case unreadable(path: String, reason: String)
    /// Another tool of the catalogue has this name and version.
    case taken(name: String, version: Int, path: String)
    /// Python cannot be run safely here.
    case sandbox(SandboxProblem)
}
