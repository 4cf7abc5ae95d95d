import Foundation

/// A key for a server. It comes from the environment only, and no way of printing it shows it.
public struct ServerKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// The environment variable that it came from.
    public let variable: String
    private let value: String

    /// - Returns: nil when the variable is not set or empty.
    public init?(
        variable: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        let value = environment[variable]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        guard !value.isEmpty else { return nil }
        self.variable = variable
        self.value = value
    }

    /// Gives the key to a header of a request, the only use there is for it.
    func use<T>(_ body: (String) -> T) -> T { body(value) }

    /// What a server said, made safe to show: without the key, on one line, and short.
    static func clean(_ text: String, without key: ServerKey?) -> String {
        var text = text
        if let key { text = text.replacing(key.value, with: "[\(key.variable)]") }
        let line = String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(600).map {
                    $0.value < 0x20 || $0.value == 0x7F ? " " : $0
                }))
        return line.count > 300 ? line.prefix(300) + "…" : line
    }

    public var description: String { "[\(variable)]" }
    /// Without children, so that a dump shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
