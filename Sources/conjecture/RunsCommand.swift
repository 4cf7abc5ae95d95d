import ArgumentParser
import Digests
import LanguageModels
import Memory

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs in the memory, or where the inquiries of one stand.",
        discussion: """
            Examples:
              conjecture runs
              conjecture runs explain-1a2b3c4d
              conjecture runs explain-1a2b3c4d --calls
            """)

    @Argument(help: "A run, to list its inquiries.")
    var run: String?

    @OptionGroup var memory: MemoryOptions

    @Flag(help: "With a run: what its language model was asked and what that used up, by role.")
    var calls = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let store = try memory.openExisting()
        if let run {
            _ = try await store.run(run)
            if calls { return try await printCalls(store, run) }
            let rows = try await store.inquiryRows(run: run)
            if json {
                print(try CanonicalJSON.encode(rows.map(InquiryOutput.init)))
            } else {
                for row in rows {
                    print("\(row.name)\t\(row.state)\t\(row.probes)\t\(row.statement)")
                }
            }
            return
        }
        if calls { throw ValidationError("--calls: name a run.") }
        let runs = try await store.runs()
        if json {
            print(try CanonicalJSON.encode(runs.map(RunRowOutput.init)))
        } else if runs.isEmpty {
            print("no runs yet; `conjecture explain --help` shows how to begin one")
        } else {
            for run in runs { print("\(run.id)\t\(run.state.rawValue)\t\(run.createdAt)") }
        }
    }
}

extension RunsCommand {
    private func printCalls(_ store: Store, _ run: String) async throws {
        let rows = try await store.attempts(of: run).map(RoleOutput.init)
        if json {
            print(try CanonicalJSON.encode(rows))
        } else if rows.isEmpty {
            print("no language model was asked")
        } else {
            for row in rows {
                print(
                    "\(row.role)\t\(row.answered) answered, \(row.failed) failed, "
                        + "\(row.brokenOff) broken off\t\(row.calls) calls, \(row.inputTokens) in, "
                        + "\(row.outputTokens) out"
                        + (row.nanodollars > 0
                            ? ", \(Money(nanodollars: row.nanodollars).text)" : ""))
            }
        }
    }
}

/// What was really sent for one role, whatever came of it.
private struct RoleOutput: Encodable {
    let role: String
    let answered: Int
    let failed: Int
    let brokenOff: Int
    let calls: Int
    let inputTokens: Int
    let outputTokens: Int
    let nanodollars: Int64

    init(_ row: RoleAttempts) {
        role = row.role
        answered = row.answered
        failed = row.failed
        brokenOff = row.open
        calls = row.spent.calls
        inputTokens = row.spent.inputTokens
        outputTokens = row.spent.outputTokens
        nanodollars = row.spent.money
    }
}

private struct RunRowOutput: Encodable {
    let id: String
    let state: String
    let createdAt: String
    let finishedAt: String?

    init(_ run: RunRow) {
        id = run.id
        state = run.state.rawValue
        createdAt = run.createdAt
        finishedAt = run.finishedAt
    }
}

private struct InquiryOutput: Encodable {
    let feature: String
    let state: String
    let statement: String
    let probes: Int
    let hypotheses: Int

    init(_ row: InquiryRow) {
        feature = row.name
        state = row.state
        statement = row.statement
        probes = row.probes
        hypotheses = row.hypotheses
    }
}
