import Reporting

/// How the queue is used.
enum HelpPage {
    private static let all: [(String, String)] = [
        ("j  k", "the next and the previous item, in a list or on an item"),
        ("Enter", "open the item"), ("1 … 5", "rate how well the claim fits"), ("a", "approve"),
        ("e", "edit; Ctrl Enter saves, Esc leaves"), ("r", "reject, with a reason"),
        ("d", "defer: it comes back last"), ("x", "escalate: somebody else decides"),
        ("u", "undo the last thing that you did"), ("/", "filter, or search everything"),
        ("?", "this list"),
    ]

    static var keys: HTML {
        let rows = all.map { key, meaning -> HTML in
            let caps = key.split(separator: "  ").map { "<kbd>\($0)</kbd>" as HTML }
            return "<tr><th scope=\"row\">\(caps)</th><td>\(meaning)</td></tr>"
        }
        return "<table class=\"keys\">\(rows)</table>"
    }

    static let html: HTML = """
        <h1>Help</h1>
        <section class="card"><h2>What is decided here</h2>
        <p>Runs stop where their policy says that a person must decide: before a hypothesis is tested, before
        generated code runs for the first time, before an explanation or a feature enters experience, before
        anything is written out. A run goes on within a second of your decision.</p>
        <p>A decision is bound to the hash of exactly what you were shown. When that has changed meanwhile,
        the decision is refused and you are asked to look again. Silence never approves: what is not answered
        in time is <b>expired</b>, and that is not approved.</p></section>
        <section class="card"><h2>What is hidden, and why</h2>
        <p>Until you have decided you see measurements, and neither author, verdict and scores nor what others
        think: suggestions shift what people say. Everybody sees the items in an order of their own. Some items
        are planted, to tell how reliable the decisions are.</p></section>
        <section class="card"><h2>Keys</h2>\(keys)</section>
        """
}
