import Inquiry

/// The result of a run as plain text.
public struct SummaryTable: Sendable {
    public let text: String

    public init(_ run: RunRecord) {
        let summary = RunSummary(run)
        var lines = [Self.row("feature", "verdict", "accuracy", "one-shot", "probes", "fires when")]
        for member in run.members(.feature) {
            let scores = member.state.scores
            lines.append(
                Self.row(
                    member.name, member.state.verdict,
                    score(scores?.explanation.balancedAccuracy),
                    score(scores?.oneShot.balancedAccuracy), String(member.state.probes.count),
                    member.state.leading?.hypothesis.statement ?? "–"))
        }
        lines.append("")
        lines.append(
            "\(summary.supported) of \(summary.explained) explanations supported; "
                + "\(summary.supportedAt085) of them with held-out balanced accuracy ≥ 0.85; "
                + "\(summary.stopped) features too rare or without a hypothesis")
        lines.append(
            "held-out balanced accuracy \(estimate(summary.explanation)), one-shot "
                + "\(estimate(summary.oneShot)), gain \(estimate(summary.gain, signed: true)) (95 %)"
        )
        lines.append(Self.control("shuffled features", summary.shuffled))
        lines.append(Self.control("random directions", summary.directions))
        text = lines.joined(separator: "\n")
    }

    private static func control(_ name: String, _ control: ControlSummary) -> String {
        "control: \(name): \(control.confirmed) of \(control.inquiries) confirmed, rate "
            + "\(estimate(control.rate)), held-out balanced accuracy "
            + (control.balancedAccuracy.map { Format.number($0, digits: 3) } ?? "–")
    }

    private static func row(_ cells: String...) -> String {
        zip(cells, [13, 11, 8, 8, 6, 0]).map { text, width in
            text + String(repeating: " ", count: max(0, width - text.count))
        }.joined(separator: "  ")
    }
}
