import Inquiry
import Testing

@testable import conjecture

/// What a person writes in the place of the original is refused where it could not be used.
@Suite struct ReviewEditCheckTests {
    private func sheet(_ editable: String, notation: String? = nil) -> ApprovalSheet {
        ApprovalSheet(
            kind: .hypothesis, run: "explain-1a2b3c4d", inquiry: "latent 1", question: "?",
            claim: "a claim", editable: .init(name: editable, text: "the original"),
            provenance: notation.map { [.init("notation", $0)] } ?? [])
    }

    private func isRefused(_ text: String, _ sheet: ApprovalSheet) -> Bool {
        (try? ReviewEditCheck.check(sheet, text)) == nil
    }

    @Test func formulasMustBeOfTheirNotation() throws {
        let board = sheet("formula", notation: "predicate of a board of side 6")
        #expect(!isRefused("theirs(F4) & !empty(F3)", board))
        #expect(isRefused("theirs(H8)", board))
        #expect(isRefused("theirs(F4", board))
        let text = sheet("formula", notation: "rule of texts")
        #expect(!isRefused("word(\"rain\") & previous(\"the\")", text))
        #expect(isRefused("theirs(F4)", text))
        #expect(isRefused("theirs(F4)", sheet("formula")), "nobody knows how it is read")
    }

    @Test func programsMustBeOnesThatCouldBeRun() {
        let source = sheet("source")
        #expect(!isRefused("def feature(text):\n    return len(text)\n", source))
        #expect(isRefused("", source))
        #expect(isRefused(String(repeating: "#", count: 200_000), source))
    }

    @Test func labelsMustBeOneLineThatSaysSomething() {
        let label = sheet("label")
        #expect(!isRefused("words for weather", label))
        #expect(isRefused("  ", label))
        #expect(isRefused("two\nlines", label))
        #expect(isRefused(String(repeating: "x", count: 201), label))
    }
}
