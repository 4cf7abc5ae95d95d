import Foundation

extension ReviewRecord {
    /// The names of the columns of ``csvRows``.
    public static let csvHeading = csvLine([
        "item", "kind", "run", "inquiry", "claim", "formula", "state", "content_hash", "rater",
        "at",
        "decision", "rating", "reason", "edited_text", "seconds", "informed", "author", "verdict",
        "control", "control_of",
    ])

    /// A line for each vote, or one without a vote (RFC 4180, lines ended by CR LF).
    public var csvRows: String {
        let item = [
            id, kind.rawValue, run, inquiry, sheet.claim, sheet.formula ?? "", state.rawValue,
            contentHash,
        ]
        let rest = [
            hidden?.author ?? "", hidden?.verdict ?? "", control?.kind.rawValue ?? "",
            control?.of ?? "",
        ]
        let votes = votes.isEmpty ? [Array(repeating: "", count: 8)] : votes.map(Self.cells)
        return votes.map { Self.csvLine(item + $0 + rest) }.joined()
    }

    private static func cells(_ vote: Vote) -> [String] {
        let decision = vote.decision
        return [
            vote.rater, time(vote.at), decision.verb.rawValue,
            decision.rating.map(String.init) ?? "", decision.reason ?? "",
            decision.edit?.text ?? "", String(decision.seconds), String(decision.isInformed),
        ]
    }

    private static func time(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000).ISO8601Format(
            .iso8601(timeZone: .gmt, includingFractionalSeconds: true))
    }

    private static func csvLine(_ cells: [String]) -> String {
        cells.map { cell in
            // What a spreadsheet would take for a formula is kept a text by an apostrophe.
            let isFormula = cell.first.map { "=+-@\t\r".contains($0) } ?? false
            let text = isFormula ? "'" + cell : cell
            let isQuoted = text.contains { ",\"\r\n".contains($0) || $0.isNewline }
            return isQuoted ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
        }.joined(separator: ",") + "\r\n"
    }
}
