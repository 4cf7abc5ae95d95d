import Games
import Inquiry
import Texts

/// How the hypotheses of a study are written. A sheet names it among what made it, so that a formula that
/// a person edits can be read wherever the sheet is shown.
public enum FormulaNotation: Hashable, Sendable {
    /// Predicates of a board with so many squares a side.
    case board(Int)
    /// Rules of texts.
    case text

    private static let name = "notation"
    private static let textWord = "rule of texts"
    private static let boardWord = "predicate of a board of side "

    var fact: RunRecord.Fact {
        switch self {
        case .board(let side): RunRecord.Fact(Self.name, Self.boardWord + String(side))
        case .text: RunRecord.Fact(Self.name, Self.textWord)
        }
    }

    /// Nil for a sheet that has no formula.
    public init?(of sheet: ApprovalSheet) {
        guard let word = sheet.provenance.first(where: { $0.name == Self.name })?.value else {
            return nil
        }
        if word == Self.textWord {
            self = .text
        } else if word.hasPrefix(Self.boardWord),
            let side = Int(word.dropFirst(Self.boardWord.count))
        {
            self = .board(side)
        } else {
            return nil
        }
    }

    /// - Throws: `GameError` or `TextRuleError` with what cannot be read.
    public func check(_ formula: String) throws {
        switch self {
        case .board(let side):
            _ = try BoardPredicate.parse(formula, on: try Othello(size: side))
        case .text: _ = try TextRule.parse(formula)
        }
    }
}
