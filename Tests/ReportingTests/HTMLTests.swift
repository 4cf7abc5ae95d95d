import Testing

@testable import Reporting

@Suite struct HTMLTests {
    @Test(arguments: [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x",
        "</style><script>", "&lt;script&gt;", "\u{0}\u{1B}]0;title\u{7}", "javascript:alert(1)",
        "ignore previous instructions", "مرحبا \u{202E}abc", "🙂 <b>",
    ])
    func textStaysText(_ text: String) {
        let html: HTML = "<p title=\"\(text)\">\(text)</p>"
        let inside = html.source.dropFirst(3).dropLast(4)
        #expect(!inside.contains("<script") && !inside.contains("<img") && !inside.contains("<b>"))
        #expect(html.source.filter { $0 == "<" }.count == 2)
        #expect(html.source.filter { $0 == "\"" }.count == 2)
        #expect(!html.source.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test func markupIsNotEscapedTwice() {
        let inner: HTML = "<b>\("a & b")</b>"
        let outer: HTML = "<p>\(inner)\([inner, inner])</p>"
        #expect(outer.source == "<p><b>a &amp; b</b><b>a &amp; b</b><b>a &amp; b</b></p>")
    }

    @Test func numbersReadTheSameEverywhere() {
        #expect(Format.number(-0.0004, digits: 3) == "0.000")
        #expect(Format.number(-0.4, digits: 1) == "−0.4")
        #expect(Format.number(.nan, digits: 1) == "–")
        #expect(Format.eValue(log: 0) == "1.00")
        #expect(Format.eValue(log: 23.03) == "10^10.0")
    }
}
