import Memory
import Reporting

/// The list of runs, and one of them.
struct RunPages {
    let links: PageLinks

    func list(_ rows: [RunRow]) -> HTML {
        let body: HTML =
            rows.isEmpty ? "<p class=\"card\">There is no run in this memory yet.</p>" : table(rows)
        return "<h1>Runs</h1><div id=\"runs\" data-live=\"\">\(body)</div>"
    }

    func table(_ rows: [RunRow]) -> HTML {
        let lines = rows.map { row -> HTML in
            let end: HTML = row.finishedAt.map { PageWords.time($0) } ?? "–"
            return """
                <tr><td><a data-row="" id="run-\(row.id)" href="\(links.run(row.id))">\(row.id)</a></td>
                <td>\(PageWords.badge(row.state))</td><td>\(PageWords.time(row.createdAt))</td><td>\(end)</td></tr>

                """
        }
        return """
            <div class="scroll card"><table data-rows=""><tr><th scope="col">run</th><th scope="col">state</th>
            <th scope="col">begun</th><th scope="col">ended</th></tr>\(lines)</table></div>
            """
    }

    func run(_ view: RunView) -> HTML {
        let row = view.row
        let end: HTML =
            row.finishedAt.map { "<div><dt>ended</dt><dd>\(PageWords.time($0))</dd></div>" } ?? ""
        return """
            <p class="way"><a href="\(links.runs)">Runs</a> ›</p><h1>\(row.id)</h1>
            <div id="run" data-live=""><p>\(PageWords.badge(row.state))</p>
            <dl class="facts"><div><dt>begun</dt><dd>\(PageWords.time(row.createdAt))</dd></div>\(end)
            <div><dt>manifest</dt><dd><code>\(row.manifestHash)</code></dd></div></dl>
            \(items(view))<h2>Inquiries</h2>\(inquiries(view.inquiries))</div>
            <details><summary>Manifest</summary><pre class="code">\(row.manifest)</pre></details>
            """
    }

    private func items(_ view: RunView) -> HTML {
        guard !view.items.isEmpty else { return "" }
        let open = view.items.filter { $0.state.isOpen && $0.decision == nil }.count
        let rows = view.items.map { QueuePage.row($0, links: links) }
        return """
            <h2>What people are asked <span class="soft">\(open) open for you, \(view.items.count) in all</span></h2>
            <ol class="rows" data-rows="">\(rows)</ol>
            """
    }

    private func inquiries(_ rows: [InquiryRow]) -> HTML {
        guard !rows.isEmpty else { return "<p class=\"card\">None has begun.</p>" }
        let lines = rows.map { row -> HTML in
            """
            <tr><td>\(row.name)</td><td>\(row.state)</td><td dir="auto">\(row.statement)</td>
            <td class="n">\(row.hypotheses)</td><td class="n">\(row.probes)</td></tr>

            """
        }
        return """
            <div class="scroll card" tabindex="0" role="region" aria-label="Inquiries"><table><tr><th scope="col">inquiry</th>
            <th scope="col">state</th><th scope="col">statement</th><th class="n" scope="col">hypotheses</th>
            <th class="n" scope="col">probes</th></tr>\(lines)</table></div>
            """
    }
}
