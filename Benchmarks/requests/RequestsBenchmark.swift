import Foundation
import HTTP
import Inquiry
import LanguageModels
import Logging
import Memory

/// Asks a local server many questions at once, with every layer that a run has:
/// `requests-benchmark URL COUNT WIDTH`. Prints CPU per request, wall time over the ideal for answers
/// that take 200 ms, and resident memory; first without a memory, then with one.
@main struct RequestsBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let count = Int(arguments[2]), let width = Int(arguments[3])
        else {
            print("usage: requests-benchmark URL COUNT WIDTH")
            exit(2)
        }
        let url = arguments[1]
        let bare = try await model(url, width, ledger: UnkeptCalls())
        try await ask(bare, from: 0, count: width, width: width)
        let first = try await measure(bare, from: width, count: count, width: width)
        print("client: \(first.text)")
        let again = try await measure(bare, from: width + count, count: 5 * count, width: width)
        print("client, five times as many: \(again.text)")

        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("conjecture-requests-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appendingPathComponent("memory.sqlite").path)
        let kept = try await model(url, width, ledger: StoredCalls(store: store, run: "benchmark"))
        let stored = try await measure(kept, from: 0, count: count, width: width)
        print("client, each call written down twice in the memory: \(stored.text)")
    }

    static func model(
        _ url: String, _ width: Int, ledger: any CallLedger
    ) async throws -> any LanguageModel {
        var specification = try ModelSpecification.parse(url + "#m", environment: [:])
        specification.gate = HostGate.Settings(start: width, most: width)
        let stack = ModelStack(
            client: try HTTPClient(), gates: HostGates(), ledger: ledger,
            budget: Budget(caps: BudgetCaps(calls: 1_000_000)), tracer: nil,
            logger: Logger(label: "benchmark"))
        return try await stack.model(specification)
    }

    /// Keeps `width` questions under way.
    static func ask(
        _ model: any LanguageModel, from first: Int, count: Int, width: Int
    ) async throws {
        let text = String(repeating: "A position of a game, drawn in lines. ", count: 50)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in first..<first + count {
                if number >= first + width { try await group.next() }
                group.addTask {
                    let reply = try await model.reply(
                        to: ModelRequest(
                            messages: [
                                ModelMessage(.system, text),
                                ModelMessage(.user, "Question \(number)"),
                            ], sampling: Sampling(maximumOutputTokens: 1_000)),
                        for: CallPurpose(role: "benchmark", inquiry: "requests"))
                    precondition(!reply.text.isEmpty, "an empty reply")
                }
            }
            try await group.waitForAll()
        }
    }

    struct Figures {
        let cpu: Double
        let wall: Double
        let ideal: Double
        let before: Double
        let after: Double

        var text: String {
            String(
                format:
                    "%.3f ms CPU per request, wall %.3f s = %.2f of the ideal, resident %.1f -> %.1f MB",
                cpu * 1_000, wall, wall / ideal, before, after)
        }
    }

    static func measure(
        _ model: any LanguageModel, from first: Int, count: Int, width: Int
    ) async throws -> Figures {
        let memory = resident()
        let used = cpuSeconds()
        let start = ContinuousClock.now
        try await ask(model, from: first, count: count, width: width)
        let wall = ContinuousClock.now - start
        return Figures(
            cpu: (cpuSeconds() - used) / Double(count),
            wall: Double(wall.components.seconds) + Double(wall.components.attoseconds) / 1e18,
            ideal: (Double(count) / Double(width)).rounded(.up) * 0.2, before: memory,
            after: resident())
    }

    static func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// In megabytes.
    static func resident() -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let number = line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
        return (number ?? 0) / 1_024
    }
}
