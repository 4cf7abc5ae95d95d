import ArgumentParser
import Foundation
import Reviewing

struct ReviewBundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Write the queue as a folder that any browser reads and nobody can decide in.",
        discussion: """
            Every item, the runs and the audit, without script or token. Verdicts and votes of open items \
            are left out unless --reveal asks for them.

            Examples:
              conjecture review bundle --out reviews
              conjecture review bundle --out reviews --reveal
            """)

    @Option(
        help: ArgumentHelp("A folder that does not exist yet, or is empty.", valueName: "folder"))
    var out: String

    @Option(
        help: ArgumentHelp(
            "For whom: what this person has decided is revealed. Default: nobody in particular.",
            valueName: "name"))
    var rater: String?

    @Flag(help: "Include what is hidden from those who still decide.")
    var reveal = false

    @OptionGroup var memory: MemoryOptions

    func run() async throws {
        if let rater { try ReviewQueue.check(rater: rater) }
        let written = try await ReviewBundle.write(
            ReviewQueue(store: try memory.openExisting()), to: URL(fileURLWithPath: out),
            rater: rater, reveals: reveal)
        Console.error(
            "\(written.items) items, \(written.runs) runs and \(written.events) events in \(out)")
    }
}
