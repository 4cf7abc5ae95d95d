import Foundation
import Games
import Inquiry

/// One piece of evidence as text for a terminal.
enum EvidenceText {
    static func add(_ evidence: Evidence, to text: inout StyledText) {
        switch evidence {
        case .exemplars(let exemplars): add(exemplars, to: &text)
        case .probes(let probes): add(probes, to: &text)
        case .histogram(let histogram): add(histogram, to: &text)
        case .table(let table): add(table, to: &text)
        case .text(let passage):
            text.heading(passage.title)
            if passage.isCode {
                addCode(passage.text, to: &text)
            } else {
                text.add(passage.text, indent: 2)
            }
        }
    }

    // MARK: Exemplars

    private static func add(_ evidence: Evidence.Exemplars, to text: inout StyledText) {
        text.heading("Where it fires")
        let rules = evidence.board.flatMap { try? Othello(size: $0) }
        if let rules {
            text.add(
                "X mine, o theirs, [ ] the last move, ( ) flipped by it; the mover's view.",
                style: .faint)
            BoardText.add(evidence.exemplars, on: rules, to: &text)
            return
        }
        text.add(
            String(
                format:
                    "Underlined from 0, bold from %.3g where it fires, reversed from two thirds "
                    + "of the maximum %.3g.", evidence.threshold, evidence.maximum), style: .faint)
        for exemplar in evidence.exemplars {
            let value = SafeText.line(String(format: "%8.3f  ", exemplar.activation)).styled(.faint)
            let tokens = exemplar.tokens.map { tokens in
                tokens.flatMap { token in
                    SafeText.line(token.text).styled(style(token.activation, evidence))
                }
            }
            text.add(value + (tokens ?? SafeText.line(exemplar.input)), hanging: 10)
        }
    }

    private static func style(_ activation: Double, _ evidence: Evidence.Exemplars) -> Style {
        let isStrong = activation >= evidence.maximum * 2 / 3
        guard activation > 0 else { return .plain }
        guard activation >= evidence.threshold else { return Style(isUnderlined: true) }
        return Style(
            isBold: true, isUnderlined: true, isReversed: isStrong, colour: .yellow)
    }

    // MARK: Probes

    private static func add(_ evidence: Evidence.Probes, to text: inout StyledText) {
        guard !evidence.probes.isEmpty else { return }
        text.heading("Probes")
        for line in evidence.probes {
            let probe = line.probe
            let (found, isMet) = outcome(line, evidence.threshold)
            let sign = isMet.map { $0 ? "as predicted" : "NOT as predicted" } ?? "not measured"
            let style = isMet.map { Style.coloured($0 ? .green : .red, isBold: !$0) } ?? .faint
            let head = "\(probe.role.rawValue), predicted \(probe.prediction.rawValue)\(found): "
            text.add(SafeText.line(head) + SafeText.line(sign).styled(style), hanging: 4)
            text.add(SafeText.line(probe.input), indent: 4)
            if !probe.note.isEmpty {
                text.add(SafeText.line(probe.note).styled(.faint), indent: 4)
            }
        }
    }

    private static func outcome(
        _ line: Evidence.ProbeLine, _ threshold: Double
    ) -> (found: String, isMet: Bool?) {
        switch line.outcome {
        case nil: ("", nil)
        case .failed(let reason): (", failed (\(reason))", nil)
        case .activation(let value):
            (
                String(format: ", %.3f", value),
                line.outcome?.observed(threshold: threshold) == line.probe.prediction
            )
        }
    }

    // MARK: Figures

    private static let barWidth = 30

    private static func add(_ histogram: Evidence.Histogram, to text: inout StyledText) {
        text.heading(histogram.title)
        let most = histogram.counts.max() ?? 0
        for (place, count) in histogram.counts.enumerated() where place + 1 < histogram.edges.count
        {
            let range = String(
                format: "%9.3g – %-9.3g ", histogram.edges[place], histogram.edges[place + 1])
            // A bin that holds anything shows it.
            let length =
                most == 0 || count <= 0 ? 0 : max(1, barWidth * count / most)
            let bar = String(repeating: "#", count: length)
            text.add(SafeText.line(range + bar + " \(count)"))
        }
    }

    private static let columnLimit = 40

    private static func add(_ table: Evidence.Table, to text: inout StyledText) {
        text.heading(table.title)
        let rows = ([table.columns] + table.rows).map { $0.map { SafeText.line($0) } }
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            min(columnLimit, rows.map { column < $0.count ? $0[column].columnCount : 0 }.max() ?? 0)
        }
        for (place, row) in rows.enumerated() {
            let cells = row.enumerated().flatMap { column, cell in
                cell.fitted(to: widths[column]) + [Glyph(" "), Glyph(" ")]
            }
            text.add(place == 0 ? cells.styled(.faint) : cells, hanging: 4)
        }
    }

    private static func addCode(_ code: String, to text: inout StyledText) {
        let lines = SafeText.lines(code)
        let digits = String(lines.count).count
        for (place, line) in lines.enumerated() {
            let number = String(place + 1)
            let margin = String(repeating: " ", count: digits - number.count) + number + "  "
            text.add(SafeText.line(margin).styled(.faint) + line, hanging: digits + 2)
        }
    }
}
