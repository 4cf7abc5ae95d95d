import Statistics
import Testing

@testable import Dictionaries

@Suite struct SweepTests {
    private let base = TrainingPlan(latentCount: 64, architecture: .topK(k: 1), tokens: 65_536)

    @Test func readsSeriesOfEveryArchitecture() throws {
        let plan = try SweepPlan(
            [
                "topk:4,8", "p-annealing+whitened:0.05", "jumprelu+masked:6.5", "matryoshka:4",
                "gated:0.2", "gated-p-annealing:0.2", "batchtopk:2", "standard:1e-2",
            ], base: base)
        #expect(
            plan.entries.map(\.name).prefix(3) == ["topk-4", "topk-8", "p-annealing+whitened-0.05"])
        let annealed = plan.entries[2]
        #expect(annealed.series == "p-annealing, whitened" && annealed.setting == "λ 0.05")
        #expect(annealed.plan.whitening == .original)
        guard case .standard(let penalty) = annealed.plan.architecture else {
            Issue.record("\(annealed.plan.architecture)")
            return
        }
        #expect(penalty.finalPower == 0.2 && penalty.coefficient == 0.05)
        #expect(plan.entries[3].plan.masking != nil)
        #expect(
            plan.entries[4].plan.architecture == .matryoshka(k: 4, prefixes: [4, 8, 16, 32, 64]))
    }

    @Test(arguments: [16, 64, 512, 4096]) func theUsualSweepIsSound(latentCount: Int) throws {
        var base = base
        base.latentCount = latentCount
        let plan = try SweepPlan(SweepPlan.usual(latentCount: latentCount), base: base)
        #expect(Set(plan.entries.map(\.series)).count == 12)
        #expect(Set(plan.entries.map(\.name)).count == plan.entries.count)
    }

    @Test(arguments: [
        "topk", "topk:", "topk:0", "topk:x", "topk:4.5", "topk:99", "sparse:3", "topk+fast:3",
        "standard:-1", "standard:1:2", "standard:nan",
    ])
    func namesASeriesThatItCannotRead(_ series: String) {
        #expect(throws: DictionaryError.self) { _ = try SweepPlan([series], base: base) }
    }

    @Test func refusesADictionaryThatIsAskedForTwice() {
        #expect(throws: DictionaryError.self) {
            _ = try SweepPlan(["topk:4", "topk:4"], base: base)
        }
    }

    private func entry(_ series: String, _ l0: Double, _ coverage: Double) -> SweepRecord.Entry {
        func figure(_ figure: EvaluationFigure, _ value: Double) -> EvaluatedDictionary.Figure {
            .init(figure: figure, estimate: Estimate(value: value, interval: nil, count: 10))
        }
        return SweepRecord.Entry(
            name: "\(series)-\(l0)", series: series, setting: "\(l0)",
            evaluated: EvaluatedDictionary(
                name: series, latentCount: 64,
                figures: [figure(.activeLatents, l0), figure(.coverage, coverage)], byProperty: [],
                byLatent: []))
    }

    @Test func comparesSeriesWhereBothHaveDictionaries() throws {
        // Straight over the logarithm of L0: 0.1 a doubling, and the annealed one 0.05 above it.
        let record = SweepRecord(
            place: "here", facts: [],
            entries: [
                entry("standard", 32, 0.5), entry("standard", 4, 0.2), entry("standard", 8, 0.3),
                entry("p-annealing", 6, 0.2 + 0.1 * 0.5849625 + 0.05),
                entry("p-annealing", 64, 0.65), entry("topk, whitened", 8, 0.1),
            ], floor: [])
        let comparisons = record.comparisons
        #expect(comparisons.map(\.series) == ["p-annealing"])
        let found = try #require(comparisons.first)
        #expect(found.baseline == "standard" && found.figure == .coverage)
        let range = try #require(found.range)
        #expect(abs(range.lowerBound - 6) < 1e-9 && abs(range.upperBound - 32) < 1e-9)
        #expect(abs((found.difference ?? 0) - 0.05) < 1e-6)
    }

    @Test func saysNothing_whereTwoSeriesHaveNoSparsityInCommon() throws {
        let record = SweepRecord(
            place: "here", facts: [],
            entries: [
                entry("topk", 4, 0.2), entry("topk", 8, 0.3), entry("topk, masked", 16, 0.2),
                entry("topk, masked", 32, 0.4),
            ], floor: [])
        let found = try #require(record.comparisons.first)
        #expect(found.baseline == "topk" && found.range == nil && found.difference == nil)
    }
}
