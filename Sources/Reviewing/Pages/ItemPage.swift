import Inquiry
import Reporting

/// One item: what is claimed, what speaks for it, and what one can do about it.
struct ItemPage {
    let sheet: ReviewSheet
    let nonce: String
    let links: PageLinks

    private var line: ReviewLine { sheet.line }
    private var content: ApprovalSheet { sheet.sheet }

    var html: HTML {
        """
        <div class="item" id="item" data-id="\(line.id)" data-hash="\(sheet.contentHash)">
        <article class="shown" aria-labelledby="claim">\(head)\(evidence)\(lineage)\(provenance)</article>
        \(jump)<aside class="side" aria-label="Decision">\(DecisionPanel(sheet: sheet, nonce: nonce, links: links).html)</aside>
        </div>
        """
    }

    /// On a narrow page the decision lies below all evidence.
    private var jump: HTML {
        links == .site && line.state.isOpen && line.decision == nil
            ? "<a class=\"jump button\" href=\"#decision\">Decide ↓</a>" : ""
    }

    private var head: HTML {
        let formula: HTML =
            content.formula.map { "<p class=\"formula\"><code dir=\"auto\">\($0)</code></p>" } ?? ""
        return """
            <p class="way"><a href="\(links.queue)" data-does="list">Queue</a> ›
            <a href="\(links.run(content.run))">\(content.run)</a> › \(content.inquiry)
            <span class="kind">\(PageWords.name(content.kind))</span></p>
            <p class="question">\(content.question)</p>
            <h1 id="claim" dir="auto">\(content.claim)</h1>\(formula)
            <div class="chips">\(PageWords.facts(content.facts))</div>
            """
    }

    private var evidence: HTML {
        let parts = content.evidence.map { EvidenceDrawing(evidence: $0).html }
        return "\(parts)"
    }

    private var lineage: HTML {
        guard !content.lineage.isEmpty else { return "" }
        return """
            <section class="card"><h2>Lineage</h2>\(LineageDrawing(ancestors: content.lineage).html)</section>
            """
    }

    private var provenance: HTML {
        """
        <details class="provenance"><summary>What made this, and what a decision is bound to</summary>
        \(PageWords.facts(content.provenance))
        <dl class="facts"><div><dt>submitted</dt><dd>\(PageWords.time(line.submittedAt))</dd></div>
        <div><dt>SHA-256 of what you see</dt><dd><code>\(sheet.contentHash)</code></dd></div></dl></details>
        """
    }
}
