import Testing

@testable import Reporting

@Suite struct FiguresTests {
    @Test func valuesHaveThreeSignificantDigits() {
        let pairs: [(Double, String)] = [
            (0, "0"), (0.1 + 0.2, "0.3"), (1234.5, "1234"), (12.345, "12.3"), (-0.04567, "−0.0457"),
            (1_234_567, "1.23e+06"), (0.000012, "1.20e−05"), (.nan, "–"), (-.infinity, "−∞"),
            (100, "100"),
        ]
        for (value, text) in pairs { #expect(Format.significant(value) == text) }
        #expect(Format.signed(0.5, digits: 1) == "+0.5" && Format.signed(-0.5, digits: 1) == "−0.5")
        #expect(Format.probability(0) == "< 0.0001" && Format.probability(.nan) == "–")
        #expect(Format.probability(0.00042) == "0.0004" && Format.probability(0.31) == "0.31")
    }

    @Test(arguments: 0..<500)
    func anAxisCoversItsValuesWithAFewRoundSteps(seed: Int) {
        var state = UInt64(seed) &* 2_654_435_761 &+ 1
        func draw() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 40) / Double(1 << 24) - 0.5
        }
        let scale = [1e-90, 1e-6, 1, 1e6, 1e90][seed % 5]
        let offset = seed % 3 == 0 ? draw() * scale * 50 : 0
        let values = (0..<(1 + seed % 9)).map { _ in offset + draw() * scale }
        let axis = PlotAxis(values, from: 10, to: 110)
        #expect((2...9).contains(axis.ticks.count))
        #expect(axis.ticks.first! <= values.min()! && values.max()! <= axis.ticks.last!)
        #expect(axis.position(axis.ticks.first!) == 10 && axis.position(axis.ticks.last!) == 110)
        #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0 < $1 })
        #expect(values.allSatisfy { (10...110).contains(axis.position($0)) })
    }

    @Test func textIsBounded_howeverMuchACharacterHolds() {
        #expect(ShownText.bounded("abc", 3) == "abc" && ShownText.bounded("abcd", 3) == "abc…")
        let heavy = "a" + String(repeating: "\u{301}", count: 100_000)
        #expect(ShownText.bounded(heavy, 10).unicodeScalars.count <= 81)
        #expect(ShownText.plain("a\u{1B}[1m\nb\u{202E}", 20) == "a\u{FFFD}[1m b\u{FFFD}")
        #expect(ShownText.source("x = '\u{202E}'", 20) == "x = '⟨U+202E⟩'")
    }

    @Test func aFenceIsLongerThanAnyInTheSource() {
        let code = Markdown.code("a\n````\nb").source
        #expect(code == "`````\na\n````\nb\n`````")
    }
}
