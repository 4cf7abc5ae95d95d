import Foundation
import Inquiry

/// An item as text for a terminal: what is asked and claimed, the evidence, and what was hidden once it is
/// not any more.
public enum SheetText {
    /// Without any styles, for output that is no screen.
    public static func plain(_ item: ReviewSheet, width: Int, now: Date) -> String {
        lines(item, width: width, now: now).map { line in
            let text = line.map(\.text).joined()
            return String(text.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }

    /// - Parameter now: for what is left of the time.
    static func lines(_ item: ReviewSheet, width: Int, now: Date) -> [[Glyph]] {
        var text = StyledText(width: width)
        let sheet = item.sheet
        text.add(sheet.question, style: .faint)
        text.blank()
        text.add(sheet.claim, style: .bold)
        if let formula = sheet.formula { text.add(formula, style: .coloured(.cyan), indent: 2) }
        if let editable = sheet.editable, editable.text != sheet.claim,
            editable.text != sheet.formula
        {
            text.heading(editable.name)
            text.add(editable.text, indent: 2)
        }
        standing(item, now, to: &text)
        facts(sheet.facts, "Facts", to: &text)
        for evidence in sheet.evidence { EvidenceText.add(evidence, to: &text) }
        lineage(sheet.lineage, to: &text)
        facts(sheet.provenance, "Made by", to: &text)
        return text.lines
    }

    private static func standing(_ item: ReviewSheet, _ now: Date, to text: inout StyledText) {
        text.heading("Decision")
        text.add(name: "state", value: item.line.state.rawValue, nameWidth: 10)
        text.add(name: "decide", value: count(item.raters, "rater"), nameWidth: 10)
        if !item.claimedBy.isEmpty {
            text.add(
                name: "read by", value: item.claimedBy.joined(separator: ", "), nameWidth: 10)
        }
        if let expiresAt = item.line.expiresAt, item.line.state.isOpen {
            let hours = (Double(expiresAt) / 1_000 - now.timeIntervalSince1970) / 3_600
            let left = String(format: "in %.1f h without an answer: not approved", max(0, hours))
            text.add(name: "expires", value: left, nameWidth: 10)
        }
        guard let revealed = item.revealed else {
            text.add(
                "Author, verdict, figures and the votes of others are shown once you have decided.",
                style: .faint)
            return
        }
        text.heading("What was hidden")
        text.add(name: "author", value: revealed.hidden.author, nameWidth: 10)
        text.add(name: "verdict", value: revealed.hidden.verdict ?? "none yet", nameWidth: 10)
        list(revealed.hidden.figures, to: &text)
        for vote in revealed.votes { add(vote, to: &text) }
    }

    private static func add(_ vote: ReviewSheet.Vote, to text: inout StyledText) {
        let decision = vote.decision
        var parts = [decision.verb.rawValue]
        if let rating = decision.rating { parts.append("rating \(rating)") }
        parts.append(String(format: "%.0f s", decision.seconds))
        if decision.isInformed { parts.append("after seeing the verdict") }
        let reason = decision.reason.map { ": \($0)" } ?? ""
        text.add(
            name: vote.rater, value: parts.joined(separator: ", ") + reason,
            nameWidth: max(10, min(24, vote.rater.count)))
        for line in decision.edit?.diff ?? [] where !line.hasPrefix(" ") {
            let style: Style = line.hasPrefix("-") ? .coloured(.red) : .coloured(.green)
            text.add(line, style: style, indent: 4)
        }
    }

    private static func facts(
        _ facts: [RunRecord.Fact], _ title: String, to text: inout StyledText
    ) {
        guard !facts.isEmpty else { return }
        text.heading(title)
        list(facts, to: &text)
    }

    private static func list(_ facts: [RunRecord.Fact], to text: inout StyledText) {
        let width = min(28, max(10, facts.map(\.name.count).max() ?? 0))
        for fact in facts { text.add(name: fact.name, value: fact.value, nameWidth: width) }
    }

    /// Ancestors as a tree, children under their parents.
    private static func lineage(_ all: [ApprovalSheet.Ancestor], to text: inout StyledText) {
        guard !all.isEmpty else { return }
        text.heading("Lineage")
        let known = Set(all.map(\.id))
        var seen = Set<Int>()
        func add(_ ancestor: ApprovalSheet.Ancestor, depth: Int) {
            guard seen.insert(ancestor.id).inserted else { return }
            let line = SafeText.line(
                "\(ancestor.id) \(ancestor.origin): \(ancestor.statement)")
            text.add(line, indent: 2 * depth, hanging: 2)
            for child in all where child.parent == ancestor.id { add(child, depth: depth + 1) }
        }
        for root in all where root.parent.map({ !known.contains($0) }) ?? true {
            add(root, depth: 0)
        }
        // Whatever is its own ancestor still has to be seen.
        for rest in all { add(rest, depth: 0) }
    }

    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
