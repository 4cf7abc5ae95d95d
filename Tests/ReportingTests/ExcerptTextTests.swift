import Inquiry
import Testing

@testable import Reporting

@Suite struct ExcerptTextTests {
    private func pieces(_ text: String, _ evidence: [Range<Int>], limit: Int = 40) -> [String] {
        let excerpt = MinedFeature.Excerpt(text: text, value: 0, target: 0, evidence: evidence)
        return ExcerptText(excerpt, limit: limit).pieces.map {
            $0.isEvidence ? "[\($0.text)]" : $0.text
        }
    }

    @Test func evidenceIsSetApart() {
        #expect(pieces("one two three", [4..<7]) == ["one ", "[two]", " three"])
        #expect(pieces("one two", [0..<3, 4..<7]) == ["[one]", " ", "[two]"])
        #expect(pieces("", []).isEmpty)
    }

    @Test func rangesAreInCharacters() {
        #expect(
            pieces("👩‍👩‍👧 مرحبا e\u{301}!", [0..<1, 2..<7, 8..<9])
                == ["[👩‍👩‍👧]", " ", "[مرحبا]", " ", "[e\u{301}]", "!"])
    }

    @Test func rangesBeyondTheTextAreIgnored() {
        #expect(pieces("one two", [4..<8, 100..<200, -3..<2, 3..<3, 4..<7]) == ["one ", "[two]"])
        #expect(pieces("one two", [Int.min..<Int.max]) == ["one two"])
    }

    @Test func rangesThatOverlapAreOne() {
        #expect(pieces("abcdef", [2..<4, 1..<3, 4..<5]) == ["a", "[bcde]", "f"])
    }

    @Test func aLongTextIsShownFromShortlyBeforeItsEvidence() {
        let text =
            String(repeating: "word ", count: 100) + "HERE" + String(repeating: " more", count: 100)
        let shown = pieces(text, [500..<504], limit: 100)
        #expect(shown.first == "… " && shown.last == " …" && shown.contains("[HERE]"))
        #expect(shown[1].hasPrefix("word ") && shown.joined().count < 120)
        #expect(pieces(text, [], limit: 9) == ["word word", " …"])
    }

    /// The pieces, joined, are the text whatever the ranges are.
    @Test(arguments: 0..<200)
    func nothingIsLost(seed: Int) {
        var state = UInt64(seed)
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let text = String((0..<draw(60)).map { _ in Array("ab 🙂مé\n")[draw(7)] })
        let ranges = (0..<draw(8)).map { _ in
            let low = draw(70) - 5
            return low..<(low + draw(20))
        }
        let shown = ExcerptText(
            MinedFeature.Excerpt(text: text, value: 0, target: 0, evidence: ranges), limit: 100)
        #expect(shown.pieces.map(\.text).joined() == text)
        let marked = Set(
            ranges.filter { $0.lowerBound >= 0 && $0.upperBound <= text.count }.joined())
        #expect(shown.pieces.filter(\.isEvidence).reduce(0) { $0 + $1.text.count } == marked.count)
    }
}
