import Foundation
import Inquiry

/// What the terminal shows of the queue and where the person is in it: a value that keys and answers of the
/// queue change. ``ReviewTerminal`` carries out what it asks for and paints it.
struct ReviewScreen: Sendable {
    enum View: Hashable, Sendable {
        case list, item, help
    }

    /// What must be done outside.
    enum Step: Hashable, Sendable {
        case quit
        case suspend
        /// Paint everything anew.
        case redraw
        /// Read the list around the selection.
        case load
        /// Show the selected item.
        case open
        /// Let others have the item.
        case release(String)
        case act(ReviewQueue.Act, on: String)
        case undo(String)
    }

    /// A text that is asked for.
    struct Prompt: Hashable, Sendable {
        enum Purpose: Hashable, Sendable {
            case filter
            /// Why the item is rejected.
            case reason
            /// The changed text, called by its name.
            case edit(name: String)
        }

        let purpose: Purpose
        var editor: LineEditor
        /// Whether Enter begins a new line; control-S then sends.
        let hasLines: Bool
    }

    /// The item that is shown.
    struct Opened: Sendable {
        var sheet: ReviewSheet
        /// Made when it was shown: a decision that is sent twice counts once.
        let nonce: String
        let shownAt: ContinuousClock.Instant
        var rating: Int?
        /// The first line that is shown.
        var top = 0
        /// The item as text, for the width that it was last shown in.
        var lines: [[Glyph]] = []
        var width = 0
    }

    struct Notice: Hashable, Sendable {
        let text: String
        let isProblem: Bool
    }

    let rater: String
    var filter: ReviewFilter
    var page = ReviewPage(lines: [], offset: 0, total: 0, sequence: 0)
    /// The place of the selected item in the whole list, from 0.
    var selection = 0
    var view = View.list
    var opened: Opened?
    var prompt: Prompt?
    var notice: Notice?
    /// Items dealt with in this session, the last one last.
    var done: [String] = []
    var columns = 80
    var rows = 24

    init(rater: String, filter: ReviewFilter) {
        self.rater = rater
        self.filter = filter
    }

    /// The selected line; nil where the list is empty or that part is not loaded.
    var selected: ReviewLine? {
        let place = selection - page.offset
        return page.lines.indices.contains(place) ? page.lines[place] : nil
    }

    /// Rows for the list or the item: all but the heading, the notice and the keys.
    var bodyRows: Int { max(1, rows - 3 - promptRows) }

    /// Rows that the prompt takes, its heading included.
    var promptRows: Int {
        guard let prompt else { return 0 }
        return prompt.hasLines ? max(3, rows / 2) : min(5, max(2, rows / 3))
    }

    // MARK: What the queue answers

    mutating func loaded(_ page: ReviewPage) {
        self.page = page
        selection = max(0, min(selection, page.total - 1))
    }

    mutating func opened(_ sheet: ReviewSheet, nonce: String, at now: ContinuousClock.Instant) {
        opened = Opened(sheet: sheet, nonce: nonce, shownAt: now)
        view = .item
    }

    /// The list has nothing to show.
    mutating func closed() {
        opened = nil
        if view == .item { view = .list }
    }

    mutating func say(_ text: String, isProblem: Bool = false) {
        notice = Notice(text: text, isProblem: isProblem)
    }

    /// Somebody did something with the item that is shown. It stays as it is, since a decision is about
    /// what was shown; the person is told.
    mutating func changed(_ sheet: ReviewSheet) {
        guard let opened, opened.sheet.line.id == sheet.line.id else { return }
        if sheet.contentHash != opened.sheet.contentHash {
            say("it has changed since you were shown it: Enter shows it as it is", isProblem: true)
        } else if !sheet.line.state.isOpen, opened.sheet.line.state.isOpen {
            say("somebody has decided: \(sheet.line.state.rawValue)", isProblem: true)
        } else if sheet.claimedBy != opened.sheet.claimedBy {
            say(
                sheet.claimedBy.isEmpty
                    ? "nobody else is looking at it"
                    : "\(sheet.claimedBy.joined(separator: ", ")) is looking at it too")
        }
    }

    /// Prepares the lines of the item for the width there is.
    mutating func layOut(now: Date) {
        guard var opened else { return }
        let width = max(1, columns - 2)
        if opened.width != width {
            opened.lines = SheetText.lines(opened.sheet, width: width, now: now)
            opened.width = width
        }
        opened.top = max(0, min(opened.top, opened.lines.count - bodyRows))
        self.opened = opened
    }
}
