import Memory
import Reporting

/// The pages of the review queue: values in, HTML out; nothing is measured or decided here.
///
/// A page reads without its script; deciding needs it (``ReviewAssets/js``). Everything that is shown goes
/// through ``HTML``, which escapes it; pages hold no inline style or script, so the server can forbid both.
/// Read next: `ReviewLayout` (the frame), `ItemPage` (what somebody decides on), `EvidenceDrawing`.
public enum ReviewPages {
    public static func queue(
        page: ReviewPage, filter: ReviewFilter, counts: [ReviewState: Int], session: PageSession
    ) -> String {
        let queue = QueuePage(page: page, filter: filter, counts: counts, links: .site)
        return ReviewLayout(
            title: "Queue", place: .queue, session: session,
            events: "/events?after=\(page.sequence)", body: queue.html
        ).source
    }

    /// - Parameter nonce: names the decision that may be made on this page: sent twice, it counts once.
    public static func item(_ sheet: ReviewSheet, nonce: String, session: PageSession) -> String {
        let item = ItemPage(sheet: sheet, nonce: nonce, links: .site)
        return ReviewLayout(
            title: sheet.sheet.claim, place: nil, session: session, events: "/events",
            body: item.html
        ).source
    }

    public static func runs(_ rows: [RunRow], session: PageSession) -> String {
        ReviewLayout(
            title: "Runs", place: .runs, session: session, events: "/events",
            body: RunPages(links: .site).list(rows)
        ).source
    }

    public static func run(_ view: RunView, session: PageSession) -> String {
        ReviewLayout(
            title: view.row.id, place: .runs, session: session, events: "/events", run: view.row.id,
            body: RunPages(links: .site).run(view)
        ).source
    }

    public static func search(_ view: SearchView, session: PageSession) -> String {
        ReviewLayout(
            title: "Search", place: .search(view.query), session: session,
            body: SearchPage(view: view, links: .site).html
        ).source
    }

    public static func help(session: PageSession) -> String {
        ReviewLayout(title: "Help", place: .help, session: session, body: HelpPage.html).source
    }

    /// What went wrong, or what to do next.
    ///
    /// - Parameter session: nil where nobody has come in: the page then leads nowhere.
    public static func message(title: String, text: String, session: PageSession?) -> String {
        ReviewLayout(
            title: title, place: nil, session: session,
            body: "<h1>\(title)</h1><p class=\"card\">\(text)</p>"
        ).source
    }
}
