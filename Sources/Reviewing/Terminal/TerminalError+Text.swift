import Foundation

extension TerminalError: CustomStringConvertible {
    /// The reason and the cure.
    var description: String {
        switch self {
        case .noTerminal:
            "the review screen needs a terminal for its input and output. "
                + "Use `conjecture review list`, `show` and `decide` in scripts."
        case .tooPlain(let name):
            "the terminal \"\(name)\" cannot move its cursor. Set TERM to what it really is, or use "
                + "`conjecture review list`, `show` and `decide`."
        case .refused(let operation, let code):
            "terminal: \(operation): \(String(cString: strerror(code)))."
        }
    }
}
