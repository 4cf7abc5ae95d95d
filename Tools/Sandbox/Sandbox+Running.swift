import Foundation
import JSON
import Synchronization

extension Sandbox {
    static let runner = String(decoding: PackageResources.runner_py, as: UTF8.self)

    /// The values of a Python tool for texts, in their order: one process, which gets the texts and
    /// nothing else. An exception of the tool on a text, or None, is a missing value.
    ///
    /// - Parameter source: defines `feature(text: str) -> float`.
    /// - Throws: ``PythonFault``; then no value of this batch is to be believed.
    public func values(
        of source: String, on texts: [String], limits: SandboxLimits = SandboxLimits()
    ) async throws(PythonFault) -> [ToolValue] {
        guard !texts.isEmpty else { return [] }
        let isCancelled = Flag()
        let result = await withTaskCancellationHandler {
            await OwnThread.run {
                self.outcome(source, texts, limits, isCancelled)
            }
        } onCancel: {
            isCancelled.raise()
        }
        let outcome: ChildProcess.Outcome
        do throws(ChildProcess.StartError) {
            outcome = try result.get()
        } catch {
            throw .start(message: error.message)
        }
        return try PythonAnswers(limits: limits, count: texts.count).values(of: outcome)
    }

    private func outcome(
        _ source: String, _ texts: [String], _ limits: SandboxLimits, _ isCancelled: Flag
    ) -> Result<ChildProcess.Outcome, ChildProcess.StartError> {
        let command = command(running: Self.runner)
        let child = ChildProcess(
            path: command.path, arguments: command.arguments,
            environment: mode == .walled ? [] : Self.environment,
            input: input(source, texts, limits), extraInput: filter, seconds: limits.seconds,
            outputLimit: limits.answerBytes, messageLimit: limits.printedBytes)
        return Result { () throws(ChildProcess.StartError) in
            try child.run { isCancelled.isRaised }
        }
    }

    private func input(_ source: String, _ texts: [String], _ limits: SandboxLimits) -> [UInt8] {
        let header: JSONValue = [
            "source": .string(source), "watches": .bool(watches),
            "limits": [
                "memory": .integer(limits.memory), "seconds": .integer(limits.processorSeconds),
                "files": .integer(limits.openFiles),
            ],
        ]
        var bytes = header.utf8
        bytes.reserveCapacity(texts.reduce(bytes.count) { $0 + $1.utf8.count + 16 })
        for text in texts {
            bytes.append(UInt8(ascii: "\n"))
            bytes += JSONValue.string(text).utf8
        }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}

/// A flag that one task raises and a thread looks at.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isRaised: Bool { value.load(ordering: .relaxed) }
    func raise() { value.store(true, ordering: .relaxed) }
}
