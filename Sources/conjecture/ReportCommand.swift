import ArgumentParser
import Digests
import Explaining
import Memory
import Mining
import Reporting

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a run's report again from its journal, finished or not.",
        discussion: """
            Needs no subject and no rows; a run of mine must have ended, and its pack is written again too. The report of a finished run is the same, byte for byte, each time.

            Example:
              conjecture report explain-1a2b3c4d --output report.html
            """)

    @Argument(help: "The run, as `conjecture runs` lists it.")
    var run: String

    @OptionGroup var memory: MemoryOptions

    @Option(help: ArgumentHelp("Where to write it. Default: beside the memory.", valueName: "file"))
    var output: String?

    @Flag(help: "Print the figures as one JSON object instead of a table.")
    var json = false

    func run() async throws {
        let store = try memory.openExisting()
        let row = try await store.run(run)
        if MiningManifest.isOne(row) { return try await mine(row, store) }
        let record = try await ExplainStudy.record(store: store, run: run)
        let path = output ?? memory.reportPath(run: run)
        _ = try ReportFile.write(record, to: path)
        if json {
            print(try CanonicalJSON.encode(RunOutput(record, run: run, report: path)))
        } else {
            print(SummaryTable(record).text)
            print("report  \(path)")
        }
    }

    private func mine(_ row: RunRow, _ store: Store) async throws {
        let path = output ?? memory.reportPath(run: run)
        let files = MineFiles(store: store, memory: memory, run: run, pack: nil)
        let outcome = try await MiningRun.outcome(store: store, run: run)
        let manifest = try MiningManifest(of: row)
        let approvals = try await MiningRun.approvals(store: store, run: run, manifest: manifest)
        _ = try await files.write(outcome, manifest, approvals, to: path)
        try await files.tell(outcome.record, manifest, approvals, report: path, json: json)
    }
}
