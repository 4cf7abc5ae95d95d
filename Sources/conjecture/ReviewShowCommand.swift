import ArgumentParser
import Digests
import Foundation
import Inquiry
import Reviewing

struct ReviewShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an item as you may see it, with the hash that a decision must name.",
        discussion: """
            Examples:
              conjecture review show e-1a2b3c4d5e6f
              conjecture review show e-1a2b3c4d5e6f --json
            """)

    @Argument(help: "The item, as `conjecture review list` names it.")
    var item: String

    @OptionGroup var options: ReviewOptions

    @Flag(help: "Print JSON.")
    var json = false

    private static let width = 100

    func run() async throws {
        let sheet = try await options.queue().sheet(of: item, rater: try options.checkedRater())
        if json {
            print(try CanonicalJSON.encode(ReviewSheetOutput(sheet)))
            return
        }
        let line = sheet.line
        print("\(line.kind.rawValue) \(line.id), hash \(sheet.contentHash)")
        print(SafeText.plain("\(line.run), \(line.inquiry)") + "\n")
        print(SheetText.plain(sheet, width: Self.width, now: Date()), terminator: "")
    }
}

/// An item as one person may see it.
struct ReviewSheetOutput: Encodable {
    private struct Revealed: Encodable {
        let hidden: ApprovalHidden
        let votes: [ReviewRecord.Vote]
    }

    private let line: ReviewLine
    private let sheet: ApprovalSheet
    private let contentHash: String
    private let raters: Int
    private let claimedBy: [String]
    private let canUndo: Bool
    private let revealed: Revealed?

    init(_ item: ReviewSheet) {
        line = item.line
        sheet = item.sheet
        contentHash = item.contentHash
        raters = item.raters
        claimedBy = item.claimedBy
        canUndo = item.canUndo
        revealed = item.revealed.map { revealed in
            Revealed(
                hidden: revealed.hidden,
                votes: revealed.votes.map { ReviewRecord.Vote($0) })
        }
    }
}
