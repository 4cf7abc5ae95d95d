import Foundation
import LanguageModels
import Texts

/// What the scripted model reads in one of our own questions about texts: the fenced items under their
/// headings, and the plain lines beside them.
struct ScriptedBriefing {
    /// Something between the two lines of a fence.
    struct Item {
        /// The last line before it, such as "Exemplar 3, activation 2.94, 76 % of the highest:".
        let head: String
        let body: String

        /// A number in the head after a word.
        func number(after word: String) -> Double? { head.number(after: word) }
    }

    let items: [Item]
    let lines: [String]

    init(_ text: String) {
        var items: [Item] = []
        var lines: [String] = []
        var fence: (end: String, body: [Substring])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = fence {
                if line == open.end {
                    items.append(
                        Item(head: lines.last ?? "", body: open.body.joined(separator: "\n")))
                    fence = nil
                } else {
                    fence?.body.append(line)
                }
            } else if line.hasPrefix("<data-"), line.hasSuffix(">") {
                fence = ("</" + line.dropFirst(), [])
            } else if !line.allSatisfy(\.isWhitespace) {
                lines.append(String(line))
            }
        }
        self.items = items
        self.lines = lines
    }

    /// From which activation on the feature fires.
    var threshold: Double {
        lines.lazy.compactMap { $0.number(after: "its activation is at least ") }.first ?? 0
    }

    /// The whole number in the last line: how many answers are wanted.
    var wanted: Int? {
        lines.last?.split(separator: " ").lazy.compactMap { Int($0) }.first
    }

    func items(_ kind: String) -> [Item] { items.filter { $0.head.hasPrefix(kind) } }

    /// Formulas of hypotheses that are shown, in order.
    func formulas(_ kind: String) -> [TextRule] {
        items(kind).compactMap { item in
            item.body.split(separator: "\n").first { $0.hasPrefix("formula: ") }
                .flatMap { try? TextRule.parse(String($0.dropFirst("formula: ".count))) }
        }
    }

    var tried: Set<String> {
        Set(["Hypothesis ", "Rival "].flatMap(formulas).map(\.formula))
    }

    /// The table of properties that were counted.
    private var shares: [(rule: TextRule, firing: Double, silent: Double)] {
        let table = items.first { $0.body.hasPrefix("firing\tsilent\tproperty\n") }
        return (table?.body ?? "").split(separator: "\n").dropFirst().compactMap { line in
            let cells = line.split(separator: "\t", maxSplits: 2)
            guard cells.count == 3, let firing = Double(cells[0].dropLast(2)),
                let silent = Double(cells[1].dropLast(2)),
                let rule = try? TextRule.parse(String(cells[2]))
            else { return nil }
            return (rule, firing / 100, silent / 100)
        }
    }

    /// Every text that is shown with its activation, and what was counted over more.
    var evidence: ScriptedEvidence {
        var evidence = ScriptedEvidence()
        evidence.shares = shares
        for item in items {
            guard let activation = item.number(after: "activation ") else { continue }
            let isTest = item.head.hasPrefix("Failure ") || item.head.hasPrefix("Test ")
            let body = isTest ? item.body.withoutReason : item.body
            let (text, byte) = body.withoutMarks
            evidence.add(
                text, fires: activation >= threshold, byte: byte, weight: isTest ? 2 : 1)
        }
        return evidence
    }
}

extension String {
    fileprivate func number(after word: String) -> Double? {
        guard let range = firstRange(of: word) else { return nil }
        return Double(self[range.upperBound...].prefix { "0123456789.-".contains($0) })
    }

    /// Without the line that says why a test was chosen.
    fileprivate var withoutReason: String {
        guard let start = ranges(of: "\n(how chosen: ").last else { return self }
        return String(self[..<start.lowerBound])
    }

    /// Without the brackets round the strongest unit, and where that begins.
    fileprivate var withoutMarks: (text: String, byte: Int?) {
        let whole = replacing("⟨…⟩", with: "")
        let parts = whole.split(separator: "⟦", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return (whole, nil) }
        return (String(parts[0]) + parts[1].replacing("⟧", with: ""), parts[0].utf8.count)
    }
}
