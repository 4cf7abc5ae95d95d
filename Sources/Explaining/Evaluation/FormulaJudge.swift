import Instruments
import Texts

/// A judge without a model: where an explanation has a formula, code predicts by it.
///
/// It reads nothing but the formula, so it judges our own explanations and those whose words
/// ``LexicalReader`` can turn into a formula, and abstains from all others.
public struct FormulaJudge: ExplanationJudge {
    /// Where the formula comes from.
    public enum Reading: String, Sendable {
        /// The explanation's own formula only.
        case formulas
        /// Else its words, as far as every one of them is understood.
        case words
    }

    public let reading: Reading
    public var name: String { reading == .formulas ? "formula" : "formula, or words read by rule" }

    public init(_ reading: Reading = .formulas) { self.reading = reading }

    /// The rule, or why there is none.
    public func rule(of explanation: CandidateExplanation) -> Judgement<TextRule> {
        if let formula = explanation.formula {
            do throws(TextRuleError) {
                return .given(try TextRule.parse(formula))
            } catch {
                return .abstained(reason: "\(error)")
            }
        }
        guard reading == .words else { return .abstained(reason: "it has no formula") }
        return LexicalReader.rule(explanation.words)
    }

    public func applies(
        _ explanation: CandidateExplanation, to texts: [String]
    ) async -> [Judgement<Bool>] {
        let rule = rule(of: explanation)
        return texts.map { text in rule.map { $0.holds(in: TextUnits(text)) } }
    }

    public func fits(
        _ explanation: CandidateExplanation, marks texts: [MarkedText]
    ) async -> [Judgement<Bool>] {
        let rule = rule(of: explanation)
        return texts.map { text in
            rule.map { rule in
                let holds = Self.pieces(text.pieces, where: rule)
                return 2 * text.marked.count { holds[$0] } >= text.marked.count
            }
        }
    }

    public func predict(
        _ explanation: CandidateExplanation, on pieces: [String]
    ) async -> Judgement<[Int]> {
        rule(of: explanation).map { rule in
            Self.pieces(pieces, where: rule).map { $0 ? 10 : 0 }
        }
    }

    public func write(
        from words: String, source: String, count: Int
    ) async -> Judgement<WrittenTexts> {
        .abstained(reason: "a formula writes no texts")
    }

    /// Whether each piece shares a byte with a unit at which the rule holds.
    static func pieces(_ pieces: [String], where rule: TextRule) -> [Bool] {
        let text = MeasuredText(
            pieces: pieces, values: [Float](repeating: 0, count: pieces.count))
        let units = TextUnits(text.text)
        let places = rule.places(in: units).map { units.units[$0].bytes }
        var next = 0
        return text.places.map { piece in
            while next < places.count, places[next].upperBound <= piece.lowerBound { next += 1 }
            return next < places.count && places[next].lowerBound < piece.upperBound
        }
    }
}

extension Judgement {
    func map<Other: Sendable>(_ transform: (Value) -> Other) -> Judgement<Other> {
        switch self {
        case .given(let value): .given(transform(value))
        case .failed(let reason): .failed(reason: reason)
        case .abstained(let reason): .abstained(reason: reason)
        }
    }
}
