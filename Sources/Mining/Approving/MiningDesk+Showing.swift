import Inquiry
import Statistics
import Tools

/// What sheets of `mine` show, bounded.
extension MiningDesk {
    private static let exampleLimit = 20
    private static let textLimit = 500

    static func examples(of tool: FeatureTool) -> Evidence.Table {
        Evidence.Table(
            title: "what it must give, its author says", columns: ["text", "relation", "value"],
            rows: tool.examples.prefix(exampleLimit).map {
                [
                    head($0.text, textLimit), $0.relation.rawValue,
                    $0.value.map { "\($0)" } ?? "none",
                ]
            })
    }

    /// The tool that a mended one was made from.
    static func lineage(_ tool: FeatureTool, _ candidate: Candidate) -> [ApprovalSheet.Ancestor] {
        [
            ApprovalSheet.Ancestor(
                id: candidate.tool.version, parent: nil, origin: "proposed",
                statement: candidate.tool.title),
            ApprovalSheet.Ancestor(
                id: tool.version, parent: candidate.tool.version, origin: "mended",
                statement: tool.title),
        ]
    }

    static func evidence(of feature: MinedFeature) -> [Evidence] {
        func rows(_ title: String, _ excerpts: [MinedFeature.Excerpt]) -> Evidence {
            .table(
                .init(
                    title: title, columns: ["text", "value", "target"],
                    rows: excerpts.prefix(exampleLimit).map {
                        [head($0.text, textLimit), rounded($0.value), rounded($0.target)]
                    }))
        }
        return [
            .text(
                .init(
                    title: "definition", text: head(feature.definition, 20_000),
                    isCode: feature.kind == "python")),
            rows("where it is highest", feature.high), rows("where it is lowest", feature.low),
        ]
    }

    static func figures(of feature: MinedFeature) -> [RunRecord.Fact] {
        [
            .init("correlation on the confirm rows", words(feature.confirm)),
            .init("gain", words(feature.gain)), .init("q", rounded(feature.qValue)),
            .init("weight", rounded(feature.weight)),
        ]
    }

    static func figures(of score: MiningRecord.Score) -> [RunRecord.Fact] {
        [.init("rank correlation of the score", words(score.spearman))]
    }

    private static func words(_ estimate: Estimate?) -> String {
        guard let estimate else { return "none" }
        let interval = estimate.interval.map { " (\(rounded($0.low)) to \(rounded($0.high)))" }
        return rounded(estimate.value) + (interval ?? "")
    }

    private static func rounded(_ value: Double) -> String {
        String((value * 1_000).rounded() / 1_000)
    }

    /// The first so many characters.
    static func head(_ text: String, _ limit: Int) -> String {
        text.count > limit ? text.prefix(limit) + "…" : text
    }
}
