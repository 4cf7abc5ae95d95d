import ArgumentParser
import Digests
import Explaining
import Inquiry
import Memory
import Mining
import Reviewing

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that a run's journal is whole and that its figures follow from it.",
        discussion: """
            First the journal's hash chain; then every step of every inquiry is done again from the \
            measurements in the memory and compared with what was journaled; then the report is rendered \
            again and compared with the one that was written. Needs no subject; a run of mine needs its rows.

            Example:
              conjecture verify explain-1a2b3c4d
            """)

    @Argument(help: "The run, as `conjecture runs` lists it.")
    var run: String

    @OptionGroup var memory: MemoryOptions

    @Option(
        help: ArgumentHelp("The file of rows of a run of mine, if it moved.", valueName: "file"))
    var rows: String?

    func run() async throws {
        let store = try memory.openExisting()
        let row = try await store.run(run)
        let isMining = MiningManifest.isOne(row)
        let events =
            isMining
            ? try await mining(row, store)
            : try await ExplainStudy.reproduce(
                store: store, run: run, gate: RecordedGate(store: store, run: run))
        if let hash = row.reportHash {
            let report =
                isMining
                ? try await miningReport(row, store)
                : try ReportFile.render(try await ExplainStudy.record(store: store, run: run))
            guard SHA256.digest(of: report).hex == hash else {
                throw ExplainError.reportChanged(run: run)
            }
        }
        let report =
            row.reportHash == nil ? "no report yet" : "the report is the one that was written"
        print(
            "verified: \(events) events follow from each other and from the measurements; \(report)"
        )
    }

    private func mining(_ row: RunRow, _ store: Store) async throws -> Int {
        let manifest = try MiningManifest(of: row)
        let study = try await MiningStudy.prepare(
            manifest: manifest, rows: try manifest.readRows(at: rows),
            model: try manifest.proposer?.recording(of: run, in: store),
            embedding: try manifest.readEmbedding(), gate: RecordedGate(store: store, run: run),
            store: store, run: run)
        return try await MiningRun(study: study, store: store, run: run).reproduce()
    }

    private func miningReport(_ row: RunRow, _ store: Store) async throws -> String {
        let outcome = try await MiningRun.outcome(store: store, run: run)
        let manifest = try MiningManifest(of: row)
        return try await MineFiles(store: store, memory: memory, run: run, pack: nil)
            .report(
                outcome.record, manifest,
                try await MiningRun.approvals(store: store, run: run, manifest: manifest))
    }
}
