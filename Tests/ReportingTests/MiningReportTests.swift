import Foundation
import Inquiry
import Statistics
import Testing

@testable import Reporting

@Suite struct MiningReportTests {
    private func html(_ record: MiningRecord) throws -> String {
        MiningReport(
            record, study: String(repeating: "5d1c", count: 16), facts: MiningSample.facts,
            usage: try MiningSample.usage()
        ).html
    }

    @Test func theSameRecordGivesTheSameBytes() throws {
        let record = MiningSample.record()
        let read = try JSONDecoder().decode(
            MiningRecord.self, from: JSONEncoder().encode(record))
        #expect(try html(record) == html(read))
        #expect(MiningTable(record).text == MiningTable(read).text)
        #expect(
            ModelCard(record, facts: []).markdown == ModelCard(read, facts: []).markdown)
    }

    @Test func thePageNeedsNothingElse() throws {
        let page = try html(MiningSample.record())
        #expect(Markup(page).fault == nil)
        #expect(page.contains("default-src 'none'; style-src 'unsafe-inline'"))
        for word in ["<script", "<link", "<img", " src=", "url(", "@import"] {
            #expect(!page.contains(word))
        }
        #expect(
            page.matches(of: /href="([^"]*)"/).allSatisfy { $0.output.1.hasPrefix("#feature-") })
    }

    @Test func everyDrawingSaysWhatItShows() throws {
        let page = try html(MiningSample.record())
        let drawings = page.matches(of: /<svg[^>]*role="img"><title>([^<]+)<\/title><desc>([^<]+)</)
        #expect(drawings.count == page.components(separatedBy: "<svg").count - 1)
        #expect(drawings.count == 2 * 3 + 1 + 6 + 1)
    }

    @Test func allFiguresAreThere() throws {
        let page = try html(MiningSample.record())
        for text in [
            "<b>0.394</b><i>0.343 … 0.445</i>", "<b>+0.186</b><i>0.152 … 0.220</i>",
            "<b>5 of 6</b>", "<b>96</b>", "0 of them reach the real score: p = 0.005",
            "<td class=\"n\">−0.028 [−0.062 … 0.006]</td>",
            "<dt>reliability</dt><dd>0.87</dd>", "38: <bdi>adds no more than the best of …",
            "<td><bdi>fewer than 5 votes</bdi></td><td class=\"n\">1377</td>", "$0.4123",
            "<mark>!!!</mark> &lt;b&gt;Loved it&lt;/b&gt; &amp; will read again",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test func featuresAreRankedByTheSizeOfTheirWeight() throws {
        var record = MiningSample.record()
        record.features[3].weight = -9
        record.features[1].weight = .nan
        #expect(record.ranking == [3, 4, 0, 2, 5, 1])
        let page = try html(record)
        #expect(page.contains("<article id=\"feature-1\"><h3>1. <bdi>Runs of exclamation marks"))
    }

    @Test func aRecordOfNothingIsAPage() throws {
        let record = MiningRecord(title: "t", target: "y", falseDiscoveryRate: 0.1)
        let page = MiningReport(record, study: "", facts: [], usage: []).html
        #expect(Markup(page).fault == nil)
        #expect(page.contains("No feature was chosen") && page.contains("no null was run"))
        #expect(MiningTable(record).text.hasPrefix("no feature was chosen"))
        #expect(ModelCard(record, facts: []).markdown.contains("None was chosen."))
    }

    @Test func figuresThatAreNotKnownAreDashes() throws {
        var record = MiningSample.record()
        record.scores = record.scores.map {
            MiningRecord.Score(
                name: $0.name, spearman: nil, meanAbsoluteError: nil, gain: nil)
        }
        record.features = record.features.map { feature in
            var bare = MinedFeature(
                name: feature.name, title: feature.title, kind: feature.kind, definition: "words")
            bare.confirm = Estimate(value: 0.2, interval: nil, count: 3)
            return bare
        }
        let page = try html(record)
        #expect(Markup(page).fault == nil)
        #expect(page.contains("<dt>correlation</dt><dd>+0.200</dd>"))
        #expect(page.contains("<dt>partial correlation</dt><dd>–</dd>"))
        #expect(page.contains("<b>–</b><i>no interval</i>"))
        #expect(MiningSummary(record).null?.pValue == nil)
    }

    @Test(arguments: [
        [], [0.1], [0.1, 0.1, 0.1], [.nan, .infinity], [1e300, -1e300],
        [.leastNonzeroMagnitude, 0], [.nan, 0.2],
        [1e16, 1e16 + 2], [-0.0, 0.0],
    ])
    func drawingsHoldNumbersOnly_whateverTheValues(_ values: [Double]) throws {
        var record = MiningSample.record()
        let first = values.first ?? 0
        let odd = Estimate(
            value: first, interval: Interval(low: -.infinity, high: .infinity, level: 0.95),
            count: 1)
        record.null = MiningRecord.NullDistribution(
            scores: values, coversProposing: false, features: 0)
        record.scores = record.scores.map {
            MiningRecord.Score(name: $0.name, spearman: odd, meanAbsoluteError: first, gain: odd)
        }
        record.redundancy = [values]
        record.features[0].weight = first
        record.features[0].effect = values.map {
            MinedFeature.EffectPoint(
                value: $0, target: Estimate(value: $0, interval: odd.interval, count: 0))
        }
        let markup = Markup(try html(record))
        #expect(markup.fault == nil)
        for text in markup.coordinates {
            #expect(text.allSatisfy { "0123456789. MLHV".contains($0) }, "\(text)")
        }
    }

    @Test func reasonsThatDifferInTheirFiguresAreOne() {
        let reasons = [
            "rare: 0.01", "length proxy", "rare: 12,000.5 of 3", "rare: 0.02", "length proxy",
            "rare: 0.03",
        ]
        let groups = DropGroup.groups(
            reasons.map {
                MiningRecord.Dropped(name: $0, title: "", kind: "", round: 0, reason: $0)
            })
        #expect(groups.map(\.reason) == ["rare: …", "length proxy", "rare: 12,000.5 of 3"])
        #expect(groups.map(\.members.count) == [3, 2, 1])
        #expect(groups.map(\.isUniform) == [false, true, true])
    }

    @Test func machinesGetTheRecordAndItsSummary() throws {
        let record = MiningSample.record()
        let output = MiningOutput(
            record, run: "mine-1", study: "5d1c", report: "r.html", pack: nil,
            usage: try MiningSample.usage())
        let data = try JSONEncoder().encode(output)
        let object = try #require(
            JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["run"] as? String == "mine-1" && object["report"] as? String == "r.html")
        let summary = try #require(object["summary"] as? [String: Any])
        #expect(summary["confirmed"] as? Int == 5 && summary["tried"] as? Int == 96)
        let written = try JSONSerialization.data(withJSONObject: try #require(object["record"]))
        #expect(try JSONDecoder().decode(MiningRecord.self, from: written).features.count == 6)
    }
}
