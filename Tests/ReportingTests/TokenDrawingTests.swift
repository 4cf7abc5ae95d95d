import Foundation
import Inquiry
import Testing

@testable import Reporting

@Suite struct TokenDrawingTests {
    private static let special = [
        "error", "failed", "ignore previous instructions", "<script>alert(1)</script>", "🙂",
        "مرحبا",
        "\u{202E}abc", "\n", "\r\n", "\t", "</div>", "&amp;",
    ]

    private func beginning(_ texts: [String]) -> Beginning {
        Beginning(
            threshold: FiringThreshold(fraction: 0.5, meanOfTopTen: 4, maximum: 4), density: 0.1,
            proposeExemplars: texts.count, tuneExemplars: texts.count,
            exemplars: texts.map { text in
                Exemplar(
                    input: text, activation: 4,
                    tokens: [
                        ShadedToken(text: text, activation: 4),
                        ShadedToken(text: " and", activation: 0),
                        ShadedToken(text: " more", activation: 2),
                    ])
            }, shown: ShownInputs(), heat: [])
    }

    @Test(arguments: special)
    func aTokenIsShadedByItsActivation_whateverItSays(_ text: String) {
        let html = TokenDrawing().activity(beginning([text])).source
        let shown = HTML.escape(TokenDrawing.visible(text))
        #expect(html.contains("<span class=\"s9\" title=\"4.00\">\(shown)</span> and"))
        #expect(html.contains("<span class=\"s5\" title=\"2.00\"> more</span>"))
        #expect(html.contains("<div class=\"text\" dir=\"auto\">"))
        #expect(!html.contains("<script") && html.components(separatedBy: "</div>").count == 3)
    }

    @Test func lineBreaksAndTabsAreSeen() {
        #expect(TokenDrawing.visible("a\nb\r\nc\td") == "a⏎\nb␍⏎\nc⇥\td")
    }
}
