import LinearAlgebra
import Testing

@testable import Reviewing

@Suite struct WrappingTests {
    func wrapped(_ text: String, _ width: Int) -> [String] {
        Wrapping.wrap(SafeText.lines(text), width: width).map { $0.map(\.text).joined() }
    }

    @Test func linesBreakBetweenWords() {
        #expect(wrapped("one two three", 8) == ["one two", "three"])
        #expect(wrapped("one two three", 7) == ["one two", "three"])
        #expect(wrapped("abcdefgh ij", 3) == ["abc", "def", "gh", "ij"])
        #expect(wrapped("a\n\nb", 10) == ["a", "", "b"])
        #expect(wrapped("漢字漢字", 5) == ["漢字", "漢字"])
        #expect(wrapped("漢", 1) == ["漢"])
        #expect(wrapped("", 4) == [""])
    }

    /// Nothing but spaces is lost, and no line is too wide.
    @Test(arguments: UInt64(0)..<100) func wordsSurvive(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let letters = Array("ab 漢 é")
        let text = String((0..<80).map { _ in letters[generator.below(letters.count)] })
        let width = 2 + generator.below(12)
        let lines = Wrapping.wrap(SafeText.line(text), width: width)
        #expect(lines.allSatisfy { $0.reduce(0) { $0 + $1.width } <= width })
        let kept = lines.joined().map(\.text).filter { $0 != " " }.joined()
        #expect(kept == text.filter { $0 != " " })
    }

    @Test func cutLinesSaySo() {
        let line = SafeText.line("abc漢d")
        #expect(Wrapping.cut(line, width: 6).map(\.text).joined() == "abc漢d")
        #expect(Wrapping.cut(line, width: 5).map(\.text).joined() == "abc…")
        #expect(Wrapping.cut(line, width: 0).isEmpty)
    }
}
