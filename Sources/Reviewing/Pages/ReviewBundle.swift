import Foundation
import Inquiry
import JSON
import Memory

/// The queue as a folder of files that any browser opens and nothing can be changed in: every item, the
/// runs and the audit, without script, token or address outside the folder.
///
/// What is hidden stays hidden: of an item that is still open a bundle shows neither verdict nor votes, and
/// of its events only that there were some.
public enum ReviewBundle {
    /// What a bundle shows.
    public struct Summary: Hashable, Sendable {
        public let items: Int
        public let runs: Int
        public let events: Int
    }

    /// Writes the bundle into a folder, which is made.
    ///
    /// - Parameters:
    ///   - rater: for whom it is written: what this person has decided is revealed; nil: nobody in
    ///     particular.
    ///   - reveals: shows what is hidden of open items, too.
    /// - Throws: ``ReviewBundleError``, ``ReviewError`` and errors of the memory.
    @discardableResult
    public static func write(
        _ queue: ReviewQueue, to folder: URL, rater: String? = nil, reveals: Bool = false
    ) async throws -> Summary {
        let files = FileManager.default
        if let known = try? files.contentsOfDirectory(atPath: folder.path), !known.isEmpty {
            throw ReviewBundleError.folderNotEmpty(folder.path)
        }
        let sheets = try await queue.allSheets(rater: rater ?? "", reveals: reveals)
        let runs = try await queue.store.runs()
        var views: [RunView] = []
        for row in runs {
            let lines = sheets.filter { $0.line.run == row.id }.map(\.line)
            views.append(
                RunView(
                    row: row, inquiries: try await queue.store.inquiryRows(run: row.id),
                    items: lines))
        }
        let events = try await queue.auditLines(reveals: reveals)
        for part in ["items", "runs"] {
            try files.createDirectory(
                at: folder.appendingPathComponent(part), withIntermediateDirectories: true)
        }
        for (name, text) in pages(sheets, views) + [
            ("review.css", ReviewAssets.css), ("audit.jsonl", events.joined()),
        ] {
            let file = folder.appendingPathComponent(name)
            try Data(text.utf8).write(to: file, options: .atomic)
        }
        return Summary(items: sheets.count, runs: runs.count, events: events.count)
    }

    /// Names of files, within the folder, and what is in them.
    private static func pages(
        _ sheets: [ReviewSheet], _ runs: [RunView]
    ) -> [(name: String, text: String)] {
        let below = PageLinks.folder(up: "../")
        var pages = [("index.html", index(sheets))]
        for sheet in sheets {
            let item = ItemPage(sheet: sheet, nonce: "", links: below)
            let layout = ReviewLayout(
                title: sheet.sheet.claim, place: nil, session: nil, links: below, body: item.html)
            pages.append(("items/\(PageLinks.escape(sheet.line.id)).html", layout.source))
        }
        let drawing = RunPages(links: below)
        let list = ReviewLayout(
            title: "Runs", place: .runs, session: nil, links: below,
            body: drawing.list(runs.map(\.row)))
        pages.append(("runs/index.html", list.source))
        for run in runs {
            let layout = ReviewLayout(
                title: run.row.id, place: .runs, session: nil, links: below, body: drawing.run(run))
            pages.append(("runs/\(PageLinks.escape(run.row.id)).html", layout.source))
        }
        return pages
    }

    private static func index(_ sheets: [ReviewSheet]) -> String {
        let lines = sheets.map(\.line)
        var counts: [ReviewState: Int] = [:]
        for line in lines { counts[line.state, default: 0] += 1 }
        let page = ReviewPage(lines: lines, offset: 0, total: lines.count, sequence: 0)
        let links = PageLinks.folder(up: "")
        return ReviewLayout(
            title: "Queue", place: .queue, session: nil, links: links,
            body: QueuePage(
                page: page, filter: ReviewFilter(part: .all), counts: counts, links: links
            ).html
        ).source
    }
}

/// Why a bundle cannot be written.
public enum ReviewBundleError: Error, Hashable, CustomStringConvertible {
    case folderNotEmpty(String)

    public var description: String {
        switch self {
        case .folderNotEmpty(let path):
            "there is something in \(path) already: name a folder that is empty or not there"
        }
    }
}

extension ReviewQueue {
    /// Every item in the order of submission, as one person may see it.
    ///
    /// - Parameter reveals: with what is hidden of open items, too.
    func allSheets(rater: String, reveals: Bool) async throws -> [ReviewSheet] {
        var sheets: [ReviewSheet] = []
        for id in try await ids() {
            let sheet = try await sheet(of: id, rater: rater)
            let isShown = reveals || !sheet.line.state.isOpen
            sheets.append(isShown ? try await disclosed(sheet) : sheet)
        }
        return sheets
    }

    /// The same with what is hidden.
    private func disclosed(_ sheet: ReviewSheet) async throws -> ReviewSheet {
        try await store.readReviews { table in
            let (_, fold) = try Self.fold(of: sheet.line.id, in: table)
            let hidden = try Self.sheet(of: sheet.line.id, in: table).hidden
            return ReviewSheet(
                line: sheet.line, sheet: sheet.sheet, contentHash: sheet.contentHash,
                raters: sheet.raters, claimedBy: sheet.claimedBy, canUndo: false,
                revealed: .init(
                    hidden: hidden,
                    votes: fold.votes.map {
                        ReviewSheet.Vote(rater: $0.rater, at: $0.at, decision: $0.decision)
                    }))
        }
    }

    /// The audit as lines of JSON. Of the events of open items there is only the hash, from which the next
    /// event's follows all the same, unless everything is revealed.
    func auditLines(reveals: Bool) async throws -> [String] {
        try await store.readReviews { table in
            let open =
                reveals
                ? []
                : Set(
                    try table.numbers(ReviewSelection(states: ReviewState.openStates)).map(\.id))
            var lines: [String] = []
            while true {
                let rows = try table.events(after: lines.count, limit: 1_000)
                guard !rows.isEmpty else { return lines }
                for row in rows {
                    let line: JSONValue =
                        open.contains(row.item)
                        ? [
                            "sequence": .integer(row.sequence), "isWithheld": true,
                            "hash": .string(row.hash),
                        ]
                        : [
                            "sequence": .integer(row.sequence), "at": .integer(Int(row.at)),
                            "actor": .string(row.actor), "item": .string(row.item),
                            "kind": .string(row.kind), "body": .string(row.body),
                            "hash": .string(row.hash),
                        ]
                    lines.append(line.text + "\n")
                }
            }
        }
    }
}
