import Foundation
import JSON
import Synchronization

extension Sandbox {
    static let runner = String(decoding: PackageResources.runner_py, as: UTF8.self)

    /// What one process gets at most; batches run side by side. A number of its own, not the
    /// processors', so that a tool's values are the same on every machine.
    static let batchSize = 10_000

    private typealias BatchResult = Result<[ToolValue], PythonFault>

    /// The values of a Python tool for texts, in their order: one process for 10,000 texts, which
    /// gets the texts and nothing else. An exception of the tool on a text, or None, is a missing
    /// value.
    ///
    /// - Parameters:
    ///   - source: defines `feature(text: str) -> float`.
    ///   - limits: of each process.
    /// - Throws: ``PythonFault``, that of the lowest row; then no value is to be believed.
    public func values(
        of source: String, on texts: [String], limits: SandboxLimits = SandboxLimits()
    ) async throws(PythonFault) -> [ToolValue] {
        guard texts.count > Self.batchSize else {
            return texts.isEmpty ? [] : try await batch(source, texts, limits).get()
        }
        let results = await batches(source, texts, limits)
        var values: [ToolValue] = []
        values.reserveCapacity(texts.count)
        for result in results {
            do throws(PythonFault) {
                values += try result.get()
            } catch {
                throw error.after(rowCount: values.count)
            }
        }
        return values
    }

    /// The batches' results in order, up to the first that failed at least: batches start in order,
    /// and none starts after a failure.
    private func batches(
        _ source: String, _ texts: [String], _ limits: SandboxLimits
    ) async -> [BatchResult] {
        let width = max(1, ProcessInfo.processInfo.activeProcessorCount)
        return await withTaskGroup(of: (Int, BatchResult).self) { group in
            var results: [Int: BatchResult] = [:]
            var hasFailed = false
            func note(_ done: (Int, BatchResult)) {
                results[done.0] = done.1
                if case .failure = done.1 { hasFailed = true }
            }
            for (index, start) in stride(from: 0, to: texts.count, by: Self.batchSize).enumerated()
            {
                if index >= width, let done = await group.next() { note(done) }
                if hasFailed { break }
                let rows = Array(texts[start..<min(texts.count, start + Self.batchSize)])
                group.addTask { (index, await self.batch(source, rows, limits)) }
            }
            while let done = await group.next() { note(done) }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private func batch(
        _ source: String, _ texts: [String], _ limits: SandboxLimits
    ) async -> BatchResult {
        let isCancelled = Flag()
        let result = await withTaskCancellationHandler {
            await OwnThread.run { self.outcome(source, texts, limits, isCancelled) }
        } onCancel: {
            isCancelled.raise()
        }
        return result.mapError { .start(message: $0.message) }.flatMap { outcome in
            Result { () throws(PythonFault) in
                try PythonAnswers(limits: limits, count: texts.count).values(of: outcome)
            }
        }
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
