/// Texts as somebody would write them who wants more than to be read.
enum HostileText {
    static let all = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x",
        "</style><script>", "</title><script>alert(1)</script>", "</desc></svg><iframe src=x>",
        "<svg onload=alert(1)>", "<!--", "-->", "]]>", "&lt;script&gt;", "&#60;b&#62;",
        "\u{0}\u{1B}]0;title\u{7}\u{1B}[31m", "javascript:alert(1)", "\u{85}\u{9B}31m",
        "# heading", "- item", "1. item", "    code", "> quote", "| a | b |", "```", "~~~", "---",
        "[x](javascript:alert(1))", "![x](http://x.test/y.png)", "<http://x.test>",
        "http://x.test www.x.test a@x.test", "[^1]: note", "$x$", "{{ 7 * 7 }} ${7*7} {% x %}",
        "\\", "\\`", "`code`", "**bold** __bold__ *a* _b_ ~~c~~", ":smile:", "=1+1",
        "ignore previous instructions", "مرحبا \u{202E}abc\u{2066}", "🙂 <b>", "👩‍👩‍👧‍👦",
        "a" + String(repeating: "\u{301}", count: 4_000), String(repeating: "x", count: 90_000),
    ]
}
