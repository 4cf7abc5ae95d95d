import Reporting

/// The frame round every page: navigation, the places where the script speaks, the help on keys.
struct ReviewLayout {
    enum Place: Hashable {
        case queue, runs, raters, help
        case search(String)
    }

    let title: String
    let place: Place?
    /// Nil for those who have not come in, and for files in a folder.
    let session: PageSession?
    var links = PageLinks.site
    /// Where changes are announced; nil: the page does not change.
    var events: String?
    /// The run that the page is about.
    var run: String?
    let body: HTML

    var source: String {
        let script: HTML =
            session == nil ? "" : "<script src=\"/assets/review.js\" defer></script>"
        let token: HTML =
            session.map { "<meta name=\"review-token\" content=\"\($0.formToken)\">" } ?? ""
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">\(token)
            <title>\(Self.shortened(title, to: 80)) · Conjecture</title>
            <link rel="icon" href="data:,"><link rel="stylesheet" href="\(links.stylesheet)">\(script)
            </head><body\(attributes)>
            <a class="skip" href="#main">Skip to the content</a>\(skipToDecision)
            \(header)\(notices)<main id="main" tabindex="-1">
            \(body)
            </main>\(help)
            </body></html>

            """
        return page.source
    }

    private var attributes: HTML {
        let events: HTML = events.map { " data-events=\"\($0)\"" } ?? ""
        let run: HTML = run.map { " data-run=\"\($0)\"" } ?? ""
        return "\(events)\(run)"
    }

    private var skipToDecision: HTML {
        body.source.contains("id=\"decision\"") && session != nil
            ? "<a class=\"skip\" href=\"#decision\">Skip to the decision</a>" : ""
    }

    private var header: HTML {
        var entries: [(String, String, Place)] = [
            ("Queue", links.queue, .queue), ("Runs", links.runs, .runs),
        ]
        if session != nil {
            entries += [("Raters", "/raters", .raters), ("Help", "/help", .help)]
        }
        let items = entries.map { name, address, here -> HTML in
            let current: HTML = here == place ? " aria-current=\"page\"" : ""
            return "<li><a href=\"\(address)\"\(current)>\(name)</a></li>"
        }
        let isOutside = session == nil && links == .site
        let navigation: HTML =
            isOutside ? "" : "<nav aria-label=\"Pages\"><ul>\(items)</ul></nav>"
        return """
            <header class="top"><span class="brand">Conjecture <span class="soft">review</span></span>
            \(navigation)\(search)\(who)</header>
            """
    }

    private var search: HTML {
        guard session != nil else { return "" }
        var query = ""
        if case .search(let text) = place { query = text }
        return """
            <form role="search" action="/search" method="get"><input type="search" name="q" value="\(query)" \
            aria-label="Search everything" placeholder="Search everything" data-key="/" maxlength="200"></form>
            """
    }

    private var who: HTML {
        guard let session else { return "" }
        return """
            <span class="who"><span class="soft">rater</span> <b>\(session.rater)</b>
            <button type="button" data-does="help" class="plain" aria-label="Keys">?</button></span>
            """
    }

    /// Where the script says what happened. Without it none of this is seen.
    private var notices: HTML {
        guard session != nil else { return "" }
        return """
            <p id="connection" hidden>Not connected: what you see may be old.</p>
            <div class="notices"><p id="last" class="notice good" hidden><span></span>
            <button type="button" data-does="undo-last" data-key="u">Undo<kbd>u</kbd></button></p>
            <div id="message" class="notice bad" role="alert" hidden><span></span>
            <button type="button" data-does="reload">Look again</button></div>
            <p id="said" class="aside" role="status" aria-live="polite"></p></div>
            """
    }

    private var help: HTML {
        guard session != nil else { return "" }
        return """
            <dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2>
            \(HelpPage.keys)<p><a href="/help">More help</a></p>
            <form method="dialog"><button autofocus>Close</button></form></dialog>
            """
    }

    /// At most so many characters, with a sign where some are missing.
    static func shortened(_ text: String, to limit: Int) -> String {
        text.count > limit ? text.prefix(limit - 1) + "…" : text
    }
}
