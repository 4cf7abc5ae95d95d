import ArgumentParser
import Digests
import Foundation
import Inquiry
import Reviewing

extension ReviewFilter.Part: ExpressibleByArgument {}
extension ApprovalKind: ExpressibleByArgument {}

/// Which items.
struct ReviewFilterOptions: ParsableArguments {
    @Option(help: "Items that are open to you, decided by you (mine), settled, or all.")
    var part = ReviewFilter.Part.open

    @Option(help: "Only one kind of items.")
    var kind: ApprovalKind?

    @Option(help: "Only items of one run.")
    var run: String?

    @Option(help: "Only items with these words in claim, inquiry or run.")
    var text: String?

    var value: ReviewFilter { ReviewFilter(part: part, kind: kind, run: run, text: text) }
}

struct ReviewListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List items in the order in which you would be shown them.",
        discussion: """
            What others think of an item stays hidden until you have decided on it.

            Examples:
              conjecture review list
              conjecture review list --part settled --run explain-1a2b3c4d --json
            """)

    static let usualLimit = 50

    @OptionGroup var options: ReviewOptions
    @OptionGroup var filter: ReviewFilterOptions

    @Option(help: "Items to pass over.")
    var offset = 0

    @Option(help: "Items to list at most.")
    var limit = Self.usualLimit

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit \(limit): give a number from 1 to 10000.")
        }
        guard offset >= 0 else {
            throw ValidationError("--offset \(offset): give a number from 0 up.")
        }
    }

    func run() async throws {
        let page = try await options.queue().page(
            filter.value, rater: try options.checkedRater(), offset: offset, limit: limit)
        if json {
            print(try CanonicalJSON.encode(page))
        } else {
            Self.printLines(page)
        }
    }

    static func printLines(_ page: ReviewPage) {
        guard page.total > 0 else { return print("nothing to decide fits") }
        for line in page.lines {
            let state = line.decision.map { "you: \($0.rawValue)" } ?? line.state.rawValue
            let cells = [line.id, state, line.kind.rawValue, line.run, line.inquiry, line.claim]
            print(
                cells.map { SafeText.plain($0.replacing("\n", with: " ")) }
                    .joined(separator: "\t"))
        }
        let last = page.offset + page.lines.count
        if page.lines.count < page.total {
            Console.error(
                "\(page.offset + 1) to \(last) of \(page.total); --offset \(last) goes on")
        }
    }
}
