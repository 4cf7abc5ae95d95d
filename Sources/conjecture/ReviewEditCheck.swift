import Explaining
import Inquiry
import Memory
import Tools

/// Says whether a text that a person put in the place of another can be used.
enum ReviewEditCheck {
    /// Longest label that a list shows whole.
    private static let labelLimit = 200

    /// What a review queue refuses edits by. A sheet says by itself how its text is written; the run that it
    /// is of need not be there any more.
    @Sendable static func check(_ sheet: ApprovalSheet, _ text: String) throws {
        switch sheet.editable?.name {
        case ApprovalSheet.Editable.formula:
            guard let notation = FormulaNotation(of: sheet) else {
                throw Refusal(reason: "the sheet does not say how its formula is written")
            }
            try notation.check(text)
        case ApprovalSheet.Editable.source: try FeatureTool.checkPython(text)
        default: try check(label: text)
        }
    }

    private static func check(label: String) throws {
        guard label.contains(where: { !$0.isWhitespace }) else {
            throw Refusal(reason: "it is empty")
        }
        guard label.count <= labelLimit, !label.contains(where: \.isNewline) else {
            throw Refusal(
                reason: "write one line of at most \(labelLimit) characters, not \(label.count)")
        }
    }

    private struct Refusal: Error, CustomStringConvertible {
        let reason: String
        var description: String { reason }
    }
}
