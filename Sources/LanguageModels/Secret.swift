import Foundation

/// A key. It comes from the environment only, and no way of printing it shows it.
public struct Secret: Sendable {
    /// The environment variable that it came from.
    public let variable: String
    private let value: String

    /// - Returns: nil when the variable is not set or empty.
    public init?(
        variable: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        guard let value = environment[variable], !value.isEmpty else { return nil }
        self.variable = variable
        self.value = value.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Gives the key to a header of a request, the only use there is for it.
    func use<T>(_ body: (String) -> T) -> T { body(value) }

    /// `text` without the key, should a server have echoed it.
    func redacted(from text: String) -> String {
        value.utf8.count < 4 ? text : text.replacing(value, with: "[\(variable)]")
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "[\(variable)]" }
    public var debugDescription: String { description }
    /// Without children, so that a dump shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What servers say in their errors, made safe to show: without keys, on one line, and short.
enum ServerWords {
    static func clean(_ text: String, secret: Secret?) -> String {
        var text = secret?.redacted(from: text) ?? text
        // Providers echo keys in part ("sk-proj-ab***yz"): whatever looks like one goes too.
        text = text.replacing(/\b(sk|pk|rk|key|AIza)[-_][A-Za-z0-9*_\-]{6,}/, with: "[key]")
        text = text.replacing(/AIza[A-Za-z0-9*_\-]{8,}/, with: "[key]")
        let line = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
        return line.count > 300 ? line.prefix(300) + "…" : line
    }
}
