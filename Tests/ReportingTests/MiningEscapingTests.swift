import Inquiry
import Testing

@testable import Reporting

@Suite struct MiningEscapingTests {
    /// A record that holds a text wherever one can come from outside.
    private func record(saying text: String) -> MiningRecord {
        var record = MiningSample.record()
        record.title = text
        record.target = text
        record.roles = [MiningRecord.Role(name: text, rows: 3, groups: 2)]
        record.setAside = [MiningRecord.SetAside(reason: text, rows: 2, examples: [4])]
        record.controls = [MiningRecord.Control(name: text, weight: 0.1)]
        record.dropped = [
            MiningRecord.Dropped(name: text, title: text, kind: text, round: 0, reason: text)
        ]
        record.scores = record.scores.map { row in
            MiningRecord.Score(
                name: text, spearman: row.spearman, meanAbsoluteError: nil, gain: row.gain)
        }
        record.strata = [MiningRecord.Stratum(name: text, rows: 9, scores: record.scores)]
        record.features = record.features.map { feature in
            var feature = feature
            feature.name = text
            feature.title = text
            feature.kind = text
            feature.sentence = text
            feature.origin = text
            feature.hash = text
            feature.definition = "line\n" + text
            let excerpt = MinedFeature.Excerpt(text: text, value: 1, target: 0, evidence: [0..<1])
            feature.high = [excerpt]
            feature.low = [excerpt]
            return feature
        }
        return record
    }

    private func page(saying text: String) -> String {
        MiningReport(
            record(saying: text), study: text, facts: [RunRecord.Fact(text, text)], usage: []
        ).html
    }

    @Test(arguments: HostileText.all)
    func thePageHasTheSameTags_whateverItsDataSay(_ text: String) {
        let harmless = Markup(page(saying: "ab")).tags
        let page = page(saying: text)
        #expect(Markup(page).tags == harmless)
        #expect(!page.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test func thePageStaysSmall_whateverItsDataHold() {
        let text = String(repeating: "long ", count: 400_000)
        var record = record(saying: text)
        record.dropped = (0..<5_000).map {
            MiningRecord.Dropped(
                name: "\($0)", title: text, kind: "expression", round: 0,
                reason: "\(String(repeating: "a", count: $0 % 90))")
        }
        let page = MiningReport(record, study: "", facts: [], usage: []).html
        #expect(page.utf8.count < 3_000_000)
    }

    @Test(arguments: HostileText.all)
    func theTerminalGetsPrintableTextOnly(_ text: String) {
        let table = MiningTable(record(saying: text)).text
        let harmless = MiningTable(record(saying: "ab")).text
        #expect(
            table.split(separator: "\n", omittingEmptySubsequences: false).count
                == harmless.split(separator: "\n", omittingEmptySubsequences: false).count)
        #expect(
            !table.unicodeScalars.contains { scalar in
                (scalar.value < 0x20 && scalar != "\n") || (0x7F...0x9F).contains(scalar.value)
                    || (0x202A...0x202E).contains(scalar.value)
            })
    }

    @Test(arguments: HostileText.all)
    func theCardHasTheSameLinesAndNoMarkup_whateverItsDataSay(_ text: String) {
        let card = ModelCard(record(saying: text), facts: [RunRecord.Fact(text, text)]).markdown
        let harmless = ModelCard(record(saying: "ab"), facts: [RunRecord.Fact("ab", "ab")]).markdown
        let lines = card.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.count == harmless.split(separator: "\n", omittingEmptySubsequences: false).count)
        let tags = Set(Markup(proseOnly(lines)).tags)
        #expect(tags.isSubset(of: ["<b>", "</b>", "<!-- -->"]))
        #expect(proseOnly(lines).replacing("\\]", with: "").contains("](") == false)
    }

    /// Without the blocks of source, in which nothing is markup.
    private func proseOnly(_ lines: [Substring]) -> String {
        var fence: Substring?
        var prose: [Substring] = []
        for line in lines {
            if let open = fence {
                if line == open { fence = nil }
            } else if line.hasPrefix("```") {
                fence = line
            } else {
                prose.append(line)
            }
        }
        return prose.joined(separator: "\n")
    }
}
