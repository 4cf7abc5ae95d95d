import LinearAlgebra

@testable import Tools

/// Random trees and texts for property tests.
struct RandomExpression {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func node(depth: Int, isInWindow: Bool = false) -> ExpressionNode {
        guard depth > 0 else { return leaf() }
        func child() -> ExpressionNode { node(depth: depth - 1, isInWindow: isInWindow) }
        switch generator.below(9) {
        case 0: return .negate(child())
        case 1: return .not(child())
        case 2: return .share(child())
        case 3: return .choice(child(), then: child(), otherwise: child())
        case 4:
            let function = NumberFunction.allCases[generator.below(NumberFunction.allCases.count)]
            return .call(function, (0..<function.argumentCounts.lowerBound).map { _ in child() })
        case 5 where !isInWindow:
            let inner = node(depth: depth - 1, isInWindow: true)
            let count = 1 + generator.below(20)
            return .window(generator.below(2) == 0 ? .first(count) : .last(count), inner)
        default:
            let sign = BinaryOperator.allCases[generator.below(BinaryOperator.allCases.count)]
            return .binary(sign, child(), child())
        }
    }

    private mutating func leaf() -> ExpressionNode {
        switch generator.below(6) {
        case 0: .number(Double(generator.below(1_000)) / 8)
        case 1: .number(generator.unit() * 1e-7)
        case 2: .fact(TextFact.allCases[generator.below(TextFact.allCases.count)])
        case 3: .position(source())
        case 4: generator.below(2) == 0 ? .starts(["\"a\\"]) : .ends([".\n\t"])
        default: .hits(source())
        }
    }

    private mutating func source() -> HitSource {
        let patterns = [#"\d+"#, "[A-Z]{2,}\\b", #"^a|b/c"#, #"(?i)go(o|a)*d"#, #"[/\]]+"#]
        return switch generator.below(5) {
        case 0: .lexicon(Lexicon.all[generator.below(Lexicon.all.count)].name)
        case 1: .words(["good", "not at all", "disappoint*"])
        case 2: .literals(["!!", "é\"", "\\"])
        case 3:
            .named(
                NamedPatterns.shipped.entries[
                    generator.below(NamedPatterns.shipped.entries.count)
                ].name)
        default: .pattern(patterns[generator.below(patterns.count)].replacing("/", with: "\\/"))
        }
    }

    /// Words, marks and any scalars at all, in any order.
    mutating func text() -> String {
        let pieces = [
            "good", "Not", "at", "all", "I", "THE", " ", "  ", "\n", "\n\n", "\r\n", ".", "!", "?!",
            "...", "…", "’", "“", "'", "é", "Ünder", "日本語", "😀", "👩‍👩‍👧", "e\u{301}", "12.5%", "$20",
            "http://a.b/c", "\u{0}", "\u{FEFF}", "٣", "ǅ", "İ", "disappointing", "-", "/", "\\",
        ]
        var text = ""
        for _ in 0..<generator.below(60) {
            if generator.below(4) > 0 {
                text += pieces[generator.below(pieces.count)]
            } else if let scalar = Unicode.Scalar(UInt32(generator.below(0x11_0000))) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
