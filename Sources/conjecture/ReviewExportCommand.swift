import ArgumentParser
import Digests
import Foundation
import Reviewing

struct ReviewExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write items and decisions for other tools.",
        discussion: """
            jsonl is a line for each item with its sheet; csv is a line for each decision. Votes and \
            verdicts of open items, and what was planted, are left out unless --reveal asks for them: who \
            has read them does not decide blindly any more.

            Examples:
              conjecture review export --format csv --out decisions.csv
              conjecture review export --format jsonl --reveal > decisions.jsonl
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case jsonl, csv
    }

    @Option(help: "jsonl or csv.")
    var format: Format

    @Option(help: ArgumentHelp("Where to write it. Default: standard output.", valueName: "file"))
    var out: String?

    @Flag(help: "Include what is hidden from those who still decide.")
    var reveal = false

    @OptionGroup var memory: MemoryOptions

    func run() async throws {
        let queue = ReviewQueue(store: try memory.openExisting())
        let ids = try await queue.ids()
        let handle: FileHandle
        if let out {
            try Data().write(to: URL(fileURLWithPath: out))
            handle = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
        } else {
            handle = .standardOutput
        }
        if format == .csv { try handle.write(contentsOf: Data(ReviewRecord.csvHeading.utf8)) }
        for id in ids {
            let record = try await queue.record(of: id, isRevealed: reveal)
            let text =
                switch format {
                case .jsonl: try CanonicalJSON.encode(record) + "\n"
                case .csv: record.csvRows
                }
            try handle.write(contentsOf: Data(text.utf8))
        }
        if let out {
            try handle.close()
            Console.error("\(ids.count) items in \(out)")
        }
    }
}
