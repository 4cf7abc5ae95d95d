/// Why there is no full screen.
enum TerminalError: Error, Hashable, Sendable {
    /// Standard input or output is no terminal.
    case noTerminal
    /// `TERM` names a terminal that cannot move its cursor.
    case tooPlain(name: String)
    /// The system refused an operation.
    case refused(operation: String, code: Int32)
}
