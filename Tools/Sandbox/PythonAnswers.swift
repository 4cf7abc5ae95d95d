import Foundation
import JSON

/// Reads what a tool's process left, strictly: one line for each text, each a JSON number or a
/// reason for having none.
struct PythonAnswers {
    let limits: SandboxLimits
    let count: Int

    func values(of outcome: ChildProcess.Outcome) throws(PythonFault) -> [ToolValue] {
        if let fault = fault(of: outcome.ending) { throw fault }
        var values: [ToolValue] = []
        values.reserveCapacity(count)
        var lines = outcome.output.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines {
            let row = values.count + 1
            let answer = try self.answer(line, row)
            if let kind = answer["fault"]?.string {
                throw fault(
                    kind, answer["detail"]?.string ?? "", row: answer["row"]?.integer ?? row)
            }
            guard row <= count else { throw .tooManyAnswers(expected: count) }
            values.append(try value(answer, row))
        }
        return try complete(values, outcome)
    }

    private func complete(
        _ values: [ToolValue], _ outcome: ChildProcess.Outcome
    ) throws(PythonFault) -> [ToolValue] {
        let messages = String(decoding: outcome.messages.suffix(2_000), as: UTF8.self)
        switch outcome.ending {
        case .exited(0): break
        case .exited(128 + Int(SIGXCPU)), .signalled(Int(SIGXCPU)), .exited(128 + Int(SIGKILL)),
            .signalled(Int(SIGKILL)):
            throw .processorLimit(seconds: limits.processorSeconds)
        case .exited(let status): throw .died(status: status, messages: messages)
        case .signalled(let signal): throw .died(status: 128 + signal, messages: messages)
        case .timeLimit, .outputLimit, .messageLimit, .cancelled: break
        }
        guard values.count == count else {
            throw .tooFewAnswers(expected: count, found: values.count, messages: messages)
        }
        return values
    }

    private func fault(of ending: ChildProcess.Ending) -> PythonFault? {
        switch ending {
        case .timeLimit: .timeLimit(seconds: limits.seconds)
        case .outputLimit: .answerLimit(bytes: limits.answerBytes)
        case .messageLimit: .printLimit(bytes: limits.printedBytes)
        case .cancelled: .cancelled
        case .exited, .signalled: nil
        }
    }

    private func answer(_ line: ArraySlice<UInt8>, _ row: Int) throws(PythonFault) -> JSONValue {
        do throws(JSONValue.Flaw) {
            return try JSONValue(parsing: Array(line.prefix(4_096)))
        } catch {
            throw .malformedAnswer(
                row: row, reason: String(decoding: line.prefix(60), as: UTF8.self))
        }
    }

    private func value(_ answer: JSONValue, _ row: Int) throws(PythonFault) -> ToolValue {
        if let number = answer.number, number.isFinite { return .value(number) }
        if let members = answer.members, members.count == 1, let reason = answer["missing"]?.string
        {
            return .missing(String(reason.prefix(300)))
        }
        throw .malformedAnswer(row: row, reason: answer.summary)
    }

    private func fault(_ kind: String, _ detail: String, row: Int) -> PythonFault {
        switch kind {
        case "load": .load(message: detail)
        case "forbidden": .forbidden(row: row, attempt: detail)
        case "memory": .memoryLimit(row: row, bytes: limits.memory)
        case "system": .systemError(row: row, message: detail)
        case "exit": .exit(row: row, message: detail)
        case "type": .notANumber(row: row, found: detail)
        case "finite": .notFinite(row: row, found: detail)
        default: .malformedAnswer(row: row, reason: kind)
        }
    }
}
