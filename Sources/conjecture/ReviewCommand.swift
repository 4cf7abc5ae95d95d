import ArgumentParser
import Foundation
import Memory
import Reviewing

struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Decide what runs ask people about.",
        discussion: """
            Without a subcommand: the queue on the whole terminal, by keys alone (? shows them); where there \
            is no terminal, a list. Several people may decide at once, here and in `conjecture serve`.

            Examples:
              conjecture review --rater ann
              conjecture review list --kind explanation --json
              conjecture review show e-1a2b3c4d5e6f
              conjecture review decide e-1a2b3c4d5e6f approve --hash 9f86d081 --rating 4
              conjecture review agreement
            """,
        subcommands: [
            Queue.self, ReviewListCommand.self, ReviewShowCommand.self, ReviewDecideCommand.self,
            ReviewVerifyCommand.self, ReviewExportCommand.self, ReviewBundleCommand.self,
            ReviewAgreementCommand.self,
        ],
        defaultSubcommand: Queue.self)

    /// The queue on the whole terminal.
    struct Queue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "screen", abstract: "The queue on the whole terminal (the default).")

        @OptionGroup var options: ReviewOptions
        @OptionGroup var filter: ReviewFilterOptions

        func run() async throws {
            let rater = try options.checkedRater()
            let queue = try options.queue()
            guard isatty(0) == 1, isatty(1) == 1 else {
                let page = try await queue.page(
                    filter.value, rater: rater, limit: ReviewListCommand.usualLimit)
                return ReviewListCommand.printLines(page)
            }
            let signal = try await ReviewTerminal.run(queue, rater: rater, filter: filter.value)
            if signal != nil { throw ExitStatus.interrupted }
        }
    }
}

/// Whose queue is looked at, and where it is.
struct ReviewOptions: ParsableArguments {
    @OptionGroup var memory: MemoryOptions

    @Option(help: ArgumentHelp("Who decides. Default: $USER.", valueName: "name"))
    var rater: String?

    /// - Throws: ``ReviewError/badRater(_:)``, or a usage error where nobody is named.
    func checkedRater() throws -> String {
        guard let name = rater ?? ProcessInfo.processInfo.environment["USER"], !name.isEmpty else {
            throw ValidationError("--rater: say who decides.")
        }
        try ReviewQueue.check(rater: name)
        return name
    }

    func queue() throws -> ReviewQueue {
        ReviewQueue(store: try memory.openExisting(), check: ReviewEditCheck.check)
    }
}
