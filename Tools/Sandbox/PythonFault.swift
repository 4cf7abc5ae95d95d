/// Why a Python tool gave no values: what it did, or what it ran into. Rows count from 1.
public enum PythonFault: Error, Hashable, Sendable {
    /// The source does not compile, fails while it loads, or defines no `feature`.
    case load(message: String)
    case notANumber(row: Int, found: String)
    case notFinite(row: Int, found: String)
    case tooFewAnswers(expected: Int, found: Int, messages: String)
    case tooManyAnswers(expected: Int)
    case malformedAnswer(row: Int, reason: String)
    /// It reached for files, processes, the network or memory that is not its own.
    case forbidden(row: Int, attempt: String)
    /// A call to the system failed, as most do in the sandbox.
    case systemError(row: Int, message: String)
    /// It tried to end its process.
    case exit(row: Int, message: String)
    case memoryLimit(row: Int, bytes: Int)
    case processorLimit(seconds: Int)
    case timeLimit(seconds: Double)
    case answerLimit(bytes: Int)
    case printLimit(bytes: Int)
    /// The process ended with a status that is not one of its own.
    case died(status: Int, messages: String)
    /// The process could not be started.
    case start(message: String)
    case cancelled

    /// The fault's kind in a word or two, for counting.
    public var name: String {
        switch self {
        case .load: "does-not-load"
        case .notANumber: "not-a-number"
        case .notFinite: "not-finite"
        case .tooFewAnswers: "too-few-answers"
        case .tooManyAnswers: "too-many-answers"
        case .malformedAnswer: "malformed-answer"
        case .forbidden: "forbidden"
        case .systemError: "system-error"
        case .exit: "exit"
        case .memoryLimit: "memory-limit"
        case .processorLimit: "processor-limit"
        case .timeLimit: "time-limit"
        case .answerLimit: "answer-limit"
        case .printLimit: "print-limit"
        case .died: "died"
        case .start: "start"
        case .cancelled: "cancelled"
        }
    }
}

extension PythonFault {
    /// The same fault where `count` texts came before this batch; row 0 is the loading.
    func after(rowCount count: Int) -> PythonFault {
        func moved(_ row: Int) -> Int { row == 0 ? 0 : row + count }
        return switch self {
        case .notANumber(let row, let found): .notANumber(row: moved(row), found: found)
        case .notFinite(let row, let found): .notFinite(row: moved(row), found: found)
        case .malformedAnswer(let row, let reason):
            .malformedAnswer(row: moved(row), reason: reason)
        case .forbidden(let row, let attempt): .forbidden(row: moved(row), attempt: attempt)
        case .systemError(let row, let message): .systemError(row: moved(row), message: message)
        case .exit(let row, let message): .exit(row: moved(row), message: message)
        case .memoryLimit(let row, let bytes): .memoryLimit(row: moved(row), bytes: bytes)
        case .load, .tooFewAnswers, .tooManyAnswers, .processorLimit, .timeLimit, .answerLimit,
            .printLimit, .died, .start, .cancelled:
            self
        }
    }
}

extension PythonFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .load(let message): "the source does not load: \(ToolError.line(message))"
        case .notANumber(let row, let found):
            "text \(row): feature gave \(ToolError.line(found)); return a float, or None for none"
        case .notFinite(let row, let found):
            "text \(row): feature gave \(ToolError.line(found)); return a finite float, or None "
                + "for none"
        case .tooFewAnswers(let expected, let found, let messages):
            "\(found) answers came for \(expected) texts" + Self.tail(messages)
        case .tooManyAnswers(let expected): "more answers came than the \(expected) texts"
        case .malformedAnswer(let row, let reason):
            "answer \(row) is no JSON number: \(ToolError.line(reason))"
        case .forbidden(let row, let attempt):
            "\(Self.place(row)): it tried \(ToolError.line(attempt)); a feature may only look at "
                + "its text"
        case .systemError(let row, let message):
            "\(Self.place(row)): \(ToolError.line(message)); a feature may only look at its text"
        case .exit(let row, let message):
            "\(Self.place(row)): it tried to end the program (\(ToolError.line(message)))"
        case .memoryLimit(let row, let bytes):
            "\(Self.place(row)): it needs more than \(bytes >> 20) MiB of memory"
        case .processorLimit(let seconds):
            "it used more than \(seconds) s of processor time, or the system ran out of memory; is "
                + "there a loop without end?"
        case .timeLimit(let seconds): "it did not end within \(seconds) s"
        case .answerLimit(let bytes): "its answers have more than \(bytes) bytes"
        case .printLimit(let bytes): "it printed more than \(bytes) bytes; leave out print"
        case .died(let status, let messages):
            "its process ended with status \(status)" + Self.tail(messages)
        case .start(let message): "its process could not be started: \(ToolError.line(message))"
        case .cancelled: "it was cancelled"
        }
    }

    private static func place(_ row: Int) -> String { row == 0 ? "while loading" : "text \(row)" }

    private static func tail(_ messages: String) -> String {
        messages.isEmpty ? "" : "; it printed: \(ToolError.line(String(messages.suffix(80))))"
    }
}
