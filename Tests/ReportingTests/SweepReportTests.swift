import Dictionaries
import Statistics
import Testing

@testable import Reporting

@Suite struct SweepReportTests {
    static func record(place: String = "blocks.3.hook_resid_post of othello") -> SweepRecord {
        func entry(_ series: String, _ index: Int) -> SweepRecord.Entry {
            func figure(
                _ figure: EvaluationFigure, _ value: Double
            ) -> EvaluatedDictionary.Figure {
                .init(
                    figure: figure,
                    estimate: Estimate(
                        value: value,
                        interval: Interval(low: value - 0.01, high: value + 0.01, level: 0.95),
                        count: 100))
            }
            let l0 = 4 * Double(1 << index)
            return SweepRecord.Entry(
                name: "\(series)-\(index)", series: series, setting: "k \(l0)",
                evaluated: EvaluatedDictionary(
                    name: series, latentCount: 512,
                    figures: [
                        figure(.explainedVariance, 0.5 + 0.1 * Double(index)),
                        figure(.activeLatents, l0), figure(.coverage, 0.3 + 0.05 * Double(index)),
                        figure(.probe, 0.86),
                    ], byProperty: [], byLatent: []))
        }
        let series = SweepPlan.usual(latentCount: 512).map { String($0.prefix { $0 != ":" }) }
        return SweepRecord(
            place: place, facts: [.init("Latents", "512")],
            entries: series.flatMap { name in (0..<4).map { entry(name, $0) } },
            floor: [entry("topk", 1)])
    }

    @Test func showsEveryDictionaryAndThePlotsOfItsFigures() {
        let html = SweepReport(Self.record()).html
        #expect(html.components(separatedBy: "<svg class=\"plot\"").count - 1 == 2)
        #expect(html.contains("random weights: topk"))
        #expect(html.contains("gated-p-annealing"))
        let table = SweepTable(Self.record()).text
        #expect(table.split(separator: "\n").count { $0.hasPrefix("matryoshka ") } == 5)
    }

    @Test func namesStayText() {
        let html = SweepReport(Self.record(place: "<script>alert(1)</script>")).html
        #expect(!html.contains("<script>"))
        #expect(html.contains("&lt;script&gt;"))
    }

    @Test(.enabled(if: Browser.path != nil, "needs chromium"), arguments: [390, 1_200])
    func thePageFits(width: Int) throws {
        let layout = try Browser.layout(
            of: SweepReport(Self.record()).html, width: width, isDark: width == 390)
        #expect(layout.pageWidth == width)
        #expect(layout.escaped.isEmpty, "wider than the page: \(layout.escaped)")
        #expect(layout.emptyDrawings == 0)
    }
}
