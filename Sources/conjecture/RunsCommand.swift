import ArgumentParser
import Digests
import Memory

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs in the memory, or where the inquiries of one stand.",
        discussion: """
            Examples:
              conjecture runs
              conjecture runs explain-1a2b3c4d
            """)

    @Argument(help: "A run, to list its inquiries.")
    var run: String?

    @OptionGroup var memory: MemoryOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let store = try memory.openExisting()
        if let run {
            _ = try await store.run(run)
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
