import Foundation
import LinearAlgebra
import Testing

@testable import Tools

@Suite struct TextExpressionTests {
    @Test(arguments: UInt64(0)..<300) func readsBackWhatItPrints(seed: UInt64) throws {
        var random = RandomExpression(seed: seed)
        for _ in 0..<5 {
            let expression = TextExpression(root: random.node(depth: random.generator.below(6)))
            #expect(try TextExpression(expression.description) == expression)
            #expect(!expression.sentence.isEmpty)
        }
    }

    @Test(arguments: UInt64(0)..<300) func valuesAreFiniteOrMissing_onAnyText(seed: UInt64) {
        var random = RandomExpression(seed: seed)
        let expressions = (0..<4).map { _ in TextExpression(root: random.node(depth: 4)) }
        let texts = (0..<4).map { _ in random.text() } + ["", " \n\n "]
        let columns = ExpressionBatch(expressions).columns(of: texts)
        for (column, expression) in zip(columns, expressions) {
            for (value, text) in zip(column, texts) {
                #expect(!value.isInfinite)
                // Alone and among others an expression has the same value.
                let alone = expression.value(of: text).number
                #expect(alone == (value.isNaN ? nil : value))
                for range in expression.evidence(in: text) { #expect(!text[range].isEmpty) }
            }
        }
    }

    @Test(arguments: [
        ("2 + 3 * 4", 14.0), ("(2 + 3) * 4", 20), ("10 - 4 - 3", 3), ("-2 * 3", -6),
        ("if words > 3 then 1 else 2", 1), ("not words > 3", 0), ("1 < 2 and 2 < 1 or 1", 1),
        ("clip(12, 0, 10)", 10), ("min(3, 1, 2)", 1), ("sqrt(9) + abs(-1) + round(1.6)", 6),
        ("words(\"love\", \"books\")", 2), ("words(\"lov*\")", 1), ("words(\"they are\")", 0),
        ("words(\"these books\", \"books\", \"these\")", 1), ("count(\"o\")", 7),
        ("first(2, words(\"love\", \"books\"))", 1), ("last(1, words(\"books\"))", 0),
        ("matches(/[A-Z]\\w+/)", 1), ("matches(/\\d+/)", 1), ("exclamations", 1),
        ("starts(\"i love\")", 1), ("ends(\"!\")", 1), ("starts(\"love\", \"we\")", 0),
        ("position(words(\"i\"))", 0), ("share(words(\"i\")) * words", 1), ("1e3 / 10", 100),
    ])
    func evaluates(source: String, value: Double) throws {
        let text = "I love these books: all 20, from Tolstoy on!"
        #expect(try TextExpression(source).value(of: text) == .value(value))
    }

    @Test(arguments: [
        "1 / 0", "log1p(-2)", "sqrt(-1)", "1e300 * 1e300", "position(words(\"none\"))",
        "if 1 / 0 then 1 else 2", "0 * (1 / 0)", "clip(1, 2, 0)",
    ])
    func isMissing_whereThereIsNoValue(source: String) throws {
        #expect(try TextExpression(source).value(of: "a text").number == nil)
    }

    @Test(arguments: [
        ("", "missing"), ("1 +", "missing"), ("(1", ")"), ("wrods", "not known"),
        ("lexicon(hedge)", "there is no lexicon"), ("hedges", "lexicon(hedges)"),
        ("first(5, last(3, words))", "cannot stand in each other"), ("1 < 2 < 3", "chained"),
        ("words(\"!\")", "letters or digits"), ("matches(/(/)", ")"), ("matches(/a*/)", "empty"),
        ("matches(/\\1/)", "not known"), ("min(1)", "2 to 16"), ("1e999", "no number"),
        ("foo(1)", "no function"), ("count(\"a)", "closing"), ("1 2", "nothing may follow"),
        ("matches(/(a{100}){100}/)", "places"), ("first(0, words)", "whole number"),
    ])
    func refuses_sayingWhy(source: String, reason: String) {
        let error = #expect(throws: ToolError.self) { try TextExpression(source) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func boundsDepthAndSize() {
        let deep = String(repeating: "(", count: 5_000) + "1" + String(repeating: ")", count: 5_000)
        let wide = "max(" + Array(repeating: "1", count: 16).joined(separator: ",") + ")"
        let large = "min(" + Array(repeating: wide, count: 16).joined(separator: ",") + ")"
        for source in [deep, large, String(repeating: "-", count: 9_000) + "1"] {
            #expect(throws: ToolError.self) { try TextExpression(source) }
        }
    }

    @Test func marksWhatCounted() throws {
        let text = "It’s GREAT — really great, for $20."
        func evidence(_ source: String) throws -> [String] {
            try TextExpression(source).evidence(in: text).map { String(text[$0]) }
        }
        #expect(try evidence("share(words(\"it's\", \"great\"))") == ["It’s", "GREAT", "great"])
        #expect(try evidence("pattern(price) + all_caps_words") == ["GREAT", "$20"])
        #expect(try evidence("last(2, words(\"great\"))").isEmpty)
        #expect(try evidence("words").isEmpty)
    }

    /// A hostile pattern on a hostile text: time grows with the text, not with its square.
    @Test func staysLinear() throws {
        let expression = try TextExpression(
            "matches(/(a|aa|a*b)*c/) + count(\"aaaaaaaab\") + words(\"a a a a a b\")")
        func time(_ text: String) -> Double {
            (0..<5).map { _ in
                let start = processorSeconds()
                _ = expression.value(of: text)
                return processorSeconds() - start
            }.min() ?? 0
        }
        let small = String(repeating: "aaaaaaaaaaaaaaa ", count: 2_000)
        let short = time(small)
        let long = time(String(repeating: small, count: 8))
        #expect(long < short * 24, "\(short), then \(long) for 8 times the text")
    }

    /// Of this thread, so that other programs do not disturb.
    private func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
