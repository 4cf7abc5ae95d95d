import Memory
import Reporting

/// What was found in items, features, experience and runs.
struct SearchPage {
    let view: SearchView
    let links: PageLinks

    var html: HTML {
        let count =
            view.items.count + view.features.count + view.lessons.count + view.runs.count
        let found: HTML =
            view.query.isEmpty
            ? "<p class=\"card\">Type something into the field above (key /).</p>"
            : count == 0
                ? "<p class=\"card\">Nothing holds “\(view.query)”.</p>"
                : "\(items)\(features)\(lessons)\(runs)"
        let about: HTML = view.query.isEmpty ? "" : " <span class=\"soft\">“\(view.query)”</span>"
        return "<h1>Search\(about)</h1>\(found)"
    }

    private var items: HTML {
        guard !view.items.isEmpty else { return "" }
        let rows = view.items.map { QueuePage.row($0, links: links) }
        return "<h2>Items of the queue</h2><ol class=\"rows\" data-rows=\"\">\(rows)</ol>"
    }

    private var features: HTML {
        guard !view.features.isEmpty else { return "" }
        let rows = view.features.map { feature -> HTML in
            """
            <tr><td>\(feature.inquiry.name)</td><td dir="auto">\(feature.inquiry.statement)</td>
            <td>\(feature.inquiry.state)</td><td><a href="\(links.run(feature.run))">\(feature.run)</a></td></tr>

            """
        }
        return """
            <h2>Features</h2><div class="scroll card"><table><tr><th scope="col">inquiry</th><th scope="col">statement</th>
            <th scope="col">state</th><th scope="col">run</th></tr>\(rows)</table></div>
            """
    }

    private var lessons: HTML {
        guard !view.lessons.isEmpty else { return "" }
        let rows = view.lessons.map { lesson -> HTML in
            let score: HTML = lesson.score.map { "\($0, digits: 3)" } ?? "–"
            return """
                <tr><td>\(lesson.inquiry)</td><td dir="auto">\(lesson.statement)<br><code>\(lesson.formula)</code></td>
                <td>\(lesson.status)</td><td class="n">\(score)</td>
                <td><a href="\(links.run(lesson.run))">\(lesson.run)</a></td></tr>

                """
        }
        return """
            <h2>Experience</h2><div class="scroll card"><table><tr><th scope="col">inquiry</th>
            <th scope="col">lesson</th><th scope="col">status</th><th class="n" scope="col">score</th>
            <th scope="col">run</th></tr>\(rows)</table></div>
            """
    }

    private var runs: HTML {
        guard !view.runs.isEmpty else { return "" }
        return "<h2>Runs</h2>\(RunPages(links: links).table(view.runs))"
    }
}
