/// A self-contained page: no script, no external file.
struct Page {
    let title: String
    /// What the page needs beside ``ReportStyle``.
    let style: HTML
    let body: HTML

    var source: String {
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(title)</title>\(ReportStyle.sheet)\(style)</head><body><main>
            \(body)
            </main></body></html>

            """
        return page.source
    }
}
