import ArgumentParser
import Digests
import Explaining
import Inquiry
import Memory

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that a run's journal is whole and that its figures follow from it.",
        discussion: """
            First the journal's hash chain; then every step of every inquiry is done again from the \
            measurements in the memory and compared with what was journaled; then the report is rendered \
            again and compared with the one that was written. Needs no subject.

            Example:
              conjecture verify explain-1a2b3c4d
            """)

    @Argument(help: "The run, as `conjecture runs` lists it.")
    var run: String

    @OptionGroup var memory: MemoryOptions

    func run() async throws {
        let store = try memory.openExisting()
        let events = try await ExplainStudy.reproduce(store: store, run: run)
        let row = try await store.run(run)
        if let hash = row.reportHash {
            let record = try await ExplainStudy.record(store: store, run: run)
            guard SHA256.digest(of: try ReportFile.render(record)).hex == hash else {
                throw ExplainError.reportChanged(run: run)
            }
        }
        let report =
            row.reportHash == nil ? "no report yet" : "the report is the one that was written"
        print(
            "verified: \(events) events follow from each other and from the measurements; \(report)"
        )
    }
}
