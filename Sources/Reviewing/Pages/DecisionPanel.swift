import Inquiry
import Reporting

/// Where an item stands for the person who looks at it: what they can do, or what came of it.
struct DecisionPanel {
    let sheet: ReviewSheet
    let nonce: String
    let links: PageLinks

    private var line: ReviewLine { sheet.line }

    /// Whether this person can do something now.
    private var isOpen: Bool {
        guard links == .site, line.state.isOpen else { return false }
        return line.decision == nil
    }

    var html: HTML {
        let open: HTML = isOpen ? " data-open=\"\"" : ""
        return """
            <section class="card decision" id="decision" tabindex="-1" data-live="" data-nonce="\(nonce)" \
            data-hash="\(sheet.contentHash)" data-state="\(line.state.rawValue)"\(open)>
            <h2>\(isOpen ? "Your decision" : "Decision")</h2>\(standing)
            \(isOpen ? controls : "")\(undo)\(revealed)</section>
            """
    }

    private var standing: HTML {
        let others: HTML =
            sheet.claimedBy.isEmpty
            ? ""
            : "<p class=\"warn\">Being looked at by \(sheet.claimedBy.joined(separator: ", ")).</p>"
        let needed: HTML =
            sheet.raters > 1 ? "<span class=\"soft\">\(sheet.raters) people decide</span>" : ""
        let mine: HTML =
            line.decision.map { "<p>You <b>\(PageWords.done($0))</b> it.</p>" } ?? ""
        let expiry: HTML =
            line.expiresAt.map {
                "<p class=\"soft\">Unless it is answered until \(PageWords.time($0)) it is not approved.</p>"
            } ?? ""
        return """
            <p>\(PageWords.badge(line.state)) \(needed)</p>\(mine)\(others)\(line.state.isOpen ? expiry : "")
            """
    }

    private var undo: HTML {
        guard links == .site, sheet.canUndo else { return "" }
        return """
            <p><button type="button" data-does="undo" data-key="u">Undo<kbd>u</kbd></button></p>
            """
    }

    // MARK: What one can do

    private var controls: HTML {
        """
        <noscript><p class="notice bad">Deciding here needs JavaScript. The terminal works without:
        <code>conjecture review</code>.</p></noscript>
        \(rating)
        <div class="decide"><button type="button" class="main" data-does="approve" data-key="a">Approve<kbd>a</kbd></button>
        \(edit)<button type="button" data-does="open" data-form="reject-form" data-key="r" aria-expanded="false" \
        aria-controls="reject-form">Reject…<kbd>r</kbd></button>
        <button type="button" data-does="defer" data-key="d">Defer<kbd>d</kbd></button>
        <button type="button" data-does="escalate" data-key="x">Escalate<kbd>x</kbd></button></div>
        \(forms)
        <p class="soft">Author, verdict, scores and others’ votes are shown once you have decided.</p>
        """
    }

    private var rating: HTML {
        let choices = (1...5).map { rating -> HTML in
            """
            <label><input type="radio" name="rating" value="\(rating)" data-key="\(rating)"><span>\(rating)</span></label>
            """
        }
        return """
            <fieldset class="rating"><legend>How well does the claim fit the evidence?</legend>
            <div class="scale">\(choices)</div><div class="ends soft" aria-hidden="true"><span>not at all</span>
            <span>fully</span></div></fieldset>
            """
    }

    private var edit: HTML {
        guard let editable = sheet.sheet.editable else { return "" }
        return """
            <button type="button" data-does="open" data-form="edit-form" data-key="e" aria-expanded="false" \
            aria-controls="edit-form">Edit \(editable.name)…<kbd>e</kbd></button>
            """
    }

    private var forms: HTML {
        let edit: HTML =
            sheet.sheet.editable.map { editable in
                let style: HTML =
                    editable.name == "label" ? "" : " class=\"code\" spellcheck=\"false\""
                return """
                    <form id="edit-form" data-verb="edit" hidden><label for="edit-text">Better \(editable.name)</label>
                    <textarea id="edit-text" name="text"\(style) dir="auto" maxlength="\(ReviewQueue.editLimit)">
                    \(editable.text)</textarea><button class="main">Save the edit<kbd>Ctrl Enter</kbd></button>
                    <button type="button" data-does="close">Leave<kbd>Esc</kbd></button></form>
                    """
            } ?? ""
        return """
            \(edit)<form id="reject-form" data-verb="reject" hidden><label for="reject-reason">Why?</label>
            <textarea id="reject-reason" name="reason" required data-enter="" maxlength="\(ReviewQueue.reasonLimit)"></textarea>
            <button class="main">Reject<kbd>Enter</kbd></button>
            <button type="button" data-does="close">Leave<kbd>Esc</kbd></button></form>
            """
    }

    // MARK: What was hidden

    private var revealed: HTML {
        guard let revealed = sheet.revealed else { return "" }
        let verdict: HTML =
            revealed.hidden.verdict.map { "<div><dt>verdict</dt><dd>\($0)</dd></div>" } ?? ""
        let votes = revealed.votes.map { vote -> HTML in
            let decision = vote.decision
            let rating: HTML = decision.rating.map { " · rated \($0) of 5" } ?? ""
            let reason: HTML =
                decision.reason.map { "<p class=\"text\" dir=\"auto\">\($0)</p>" } ?? ""
            let change: HTML = decision.edit.map { DiffDrawing(lines: $0.diff).html } ?? ""
            let informed: HTML = decision.isInformed ? " · after seeing the verdict" : ""
            return """
                <li><b>\(vote.rater)</b> \(PageWords.done(decision.verb)) it\(rating)\(informed)
                <span class="soft">\(PageWords.time(vote.at)), after \(decision.seconds, digits: 0) s</span>
                \(reason)\(change)</li>
                """
        }
        let list: HTML =
            votes.isEmpty
            ? "<p class=\"soft\">Nobody has voted.</p>" : "<ul class=\"votes\">\(votes)</ul>"
        return """
            <h3>What was hidden</h3><dl class="facts"><div><dt>author</dt><dd>\(revealed.hidden.author)</dd></div>\(verdict)</dl>
            \(PageWords.facts(revealed.hidden.figures))<h3>Votes</h3>\(list)
            """
    }
}
