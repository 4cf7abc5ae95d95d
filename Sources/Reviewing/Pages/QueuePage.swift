import Inquiry
import Reporting

/// A part of the queue, with its filter.
struct QueuePage {
    let page: ReviewPage
    let filter: ReviewFilter
    let counts: [ReviewState: Int]
    let links: PageLinks

    var html: HTML {
        """
        <h1>Review queue</h1>
        \(tiles)\(links == .site ? controls : "")
        <div id="list" data-live="">\(list)\(links == .site ? turning : "")</div>
        """
    }

    private var tiles: HTML {
        let open = [ReviewState.pending, .deferred, .escalated].map { counts[$0, default: 0] }
        let approved = counts[.approved, default: 0] + counts[.edited, default: 0]
        let shown: [(String, Int, String)] = [
            ("open", open.reduce(0, +), "\(open[1]) deferred"),
            ("approved", approved, "\(counts[.edited, default: 0]) of them edited"),
            ("rejected", counts[.rejected, default: 0], ""),
            ("expired", counts[.expired, default: 0], "not approved"),
        ]
        let tiles = shown.map { name, count, note -> HTML in
            "<div class=\"tile\"><b>\(count)</b> \(name) <span class=\"soft\">\(note)</span></div>"
        }
        return "<div id=\"counts\" class=\"tiles\" data-live=\"\">\(tiles)</div>"
    }

    // MARK: The filter

    private var controls: HTML {
        let parts = ReviewFilter.Part.allCases.map { part -> HTML in
            var filter = filter
            filter.part = part
            let current: HTML = part == self.filter.part ? " aria-current=\"true\"" : ""
            return """
                <li><a href="\(Self.address(filter, offset: 0))"\(current)>\(PageWords.name(part))</a></li>
                """
        }
        let kinds = ApprovalKind.allCases.map { kind -> HTML in
            let selected: HTML = kind == filter.kind ? " selected" : ""
            return "<option value=\"\(kind.rawValue)\"\(selected)>\(PageWords.name(kind))</option>"
        }
        let run: HTML =
            filter.run.map { run in
                var other = filter
                other.run = nil
                return """
                    <input type="hidden" name="run" value="\(run)"><span class="chip">run <code>\(run)</code>
                    <a href="\(Self.address(other, offset: 0))" aria-label="All runs">✕</a></span>
                    """
            } ?? ""
        return """
            <nav aria-label="Parts of the queue"><ul class="tabs">\(parts)</ul></nav>
            <form class="filters" method="get" action="/"><input type="hidden" name="part" value="\(filter.part.rawValue)">
            <label>Kind <select name="kind"><option value="">every kind</option>\(kinds)</select></label>
            <label class="wide">Claim, inquiry or run holds <input type="search" name="text" value="\(filter.text ?? "")" \
            data-key="/" maxlength="200"></label>\(run)<button>Filter</button></form>
            """
    }

    static func address(_ filter: ReviewFilter, offset: Int) -> String {
        var parts = ["part=\(filter.part.rawValue)"]
        if let kind = filter.kind { parts.append("kind=\(kind.rawValue)") }
        if let run = filter.run { parts.append("run=\(PageLinks.escape(run))") }
        if let text = filter.text { parts.append("text=\(PageLinks.escape(text))") }
        if offset > 0 { parts.append("offset=\(offset)") }
        return "/?" + parts.joined(separator: "&")
    }

    // MARK: The list

    private var list: HTML {
        guard !page.lines.isEmpty else {
            let text: HTML =
                filter == ReviewFilter()
                ? "Nothing waits for you. New items appear here by themselves."
                : "Nothing fits this filter."
            return "<p class=\"card\">\(text)</p>"
        }
        let rows = page.lines.map { Self.row($0, links: links) }
        let last = page.offset + page.lines.count
        return """
            <h2 class="count">\(page.offset + 1)–\(last) of \(page.total)</h2>
            <ol class="rows" data-rows="">\(rows)</ol>
            """
    }

    static func row(_ line: ReviewLine, links: PageLinks) -> HTML {
        let mine: HTML = line.decision.map { " · you \(PageWords.done($0)) it" } ?? ""
        let expiry: HTML = line.expiresAt.map { " · until \(PageWords.time($0))" } ?? ""
        return """
            <li><a data-row="" id="row-\(line.id)" href="\(links.item(line.id))">
            <span class="title" dir="auto">\(ReviewLayout.shortened(line.claim, to: 240))</span>
            <span>\(PageWords.badge(line.state))</span>
            <span class="under"><span class="kind">\(PageWords.name(line.kind))</span> · \(line.inquiry) ·
            \(line.run)\(mine)\(expiry)</span></a></li>

            """
    }

    private var turning: HTML {
        let last = page.offset + page.lines.count
        let size = max(page.lines.count, 50)
        let back: HTML =
            page.offset == 0
            ? ""
            : """
            <a class="button" rel="prev" href="\(Self.address(filter, offset: max(0, page.offset - size)))">Previous</a>
            """
        let on: HTML =
            last >= page.total
            ? ""
            : "<a class=\"button\" rel=\"next\" href=\"\(Self.address(filter, offset: last))\">Next</a>"
        return "<nav class=\"turning\" aria-label=\"Pages of the list\">\(back)\(on)</nav>"
    }
}
