import Inquiry
import Testing

@Suite struct InquiryFoldTests {
    private func finish(
        _ laboratory: ScriptedLaboratory, plan: InquiryPlan = InquiryPlan()
    ) async throws -> (state: InquiryState, events: [InquiryEvent]) {
        let journal = ListJournal()
        let campaign = Campaign(journal: journal, concurrency: 1)
        let task = InquiryTask(name: "it", plan: plan) { laboratory }
        #expect(try await campaign.run([task]) == .finished)
        let events = await journal.events(of: "it")
        return (try InquiryState(plan: plan, events: events), events)
    }

    @Test func supportsAHypothesisThatComesTrue() async throws {
        let (state, _) = try await finish(ScriptedLaboratory(proposals: ["0.98"]))
        #expect(state.record(1)?.status == .supported)
        #expect(state.committed == 1)
    }

    @Test(arguments: ["0.5", "0.6"]) func refutesAHypothesisThatIsNoBetterThanTheBar(
        _ rate: String
    ) async throws {
        let (state, _) = try await finish(ScriptedLaboratory(proposals: [rate]))
        #expect(state.record(1)?.status == .refuted)
    }

    @Test func leavesAHypothesisAtTheBarUnresolved() async throws {
        var plan = InquiryPlan()
        plan.trialsPerHypothesis = 8
        let (state, _) = try await finish(ScriptedLaboratory(proposals: ["0.75"]), plan: plan)
        #expect(state.record(1)?.status == .unresolved)
        #expect(state.committed == 1, "an explanation is still given, and says what it is")
    }

    @Test func registersEveryPredictionBeforeItIsMeasured() async throws {
        let (_, events) = try await finish(ScriptedLaboratory(proposals: ["0.9", "0.4"]))
        var registered: Set<Int> = []
        var measured: Set<Int> = []
        for event in events {
            switch event {
            case .registered(let registration):
                let ids = registration.probes.map(\.id)
                #expect(measured.isDisjoint(with: ids))
                registered.formUnion(ids)
            case .measured(let results):
                #expect(results.allSatisfy { registered.contains($0.probe) })
                measured.formUnion(results.map(\.probe))
            default: break
            }
        }
        #expect(registered == measured)
    }

    @Test func commitsAfterTwoRefinementsThatMoveNothing() async throws {
        let (state, _) = try await finish(
            ScriptedLaboratory(
                proposals: ["0.98"],
                refinements: [("0.97", 0.2), ("0.96", 0.001), nil, ("0.95", 0.3)]))
        #expect(state.refinements.count == 3)
        #expect(state.stalls == 2)
        #expect(state.records.map(\.hypothesis.formula) == ["0.98", "0.97"])
        #expect(state.record(2)?.hypothesis.parent == 1)
    }

    @Test func commitsToTheSupportedHypothesisWithTheBestTuneScore() async throws {
        let (state, _) = try await finish(
            ScriptedLaboratory(
                proposals: ["0.97", "0.5", "0.99"],
                tuneScores: ["0.97": 0.8, "0.5": 0.99, "0.99": 0.9]))
        #expect(state.record(2)?.status == .refuted)
        #expect(state.committed == 3)
    }

    @Test func supersedesAnUnresolvedParent_whenItsRefinementIsTried() async throws {
        var plan = InquiryPlan()
        plan.trialsPerHypothesis = 8
        let (state, _) = try await finish(
            ScriptedLaboratory(proposals: ["0.75"], refinements: [("1.0", 0.2)]), plan: plan)
        #expect(state.record(1)?.status == .superseded)
    }

    @Test func spreadsTheErrorBudgetOverEveryHypothesis() async throws {
        let (state, _) = try await finish(
            ScriptedLaboratory(
                proposals: ["0.6", "0.5"], refinements: [("0.4", 0.2), ("0.3", 0.2)]))
        #expect(state.records.count == 4)
        #expect(state.records.map(\.level).reduce(0, +) <= state.plan.errorBudget)
        #expect(zip(state.records, state.records.dropFirst()).allSatisfy { $0.level > $1.level })
    }

    @Test func countsFailedMeasurementsAndNeverScoresThem() async throws {
        let (state, _) = try await finish(
            ScriptedLaboratory(proposals: ["0.98"], failing: [1, 4]))
        let record = try #require(state.record(1))
        #expect(record.designed.failed + record.natural.failed == 2)
        let scored = record.designed.support.count + record.natural.support.count
        #expect(scored == record.designed.registered + record.natural.registered - 2)
    }

    @Test func endsWhenNoInputCanBeFound() async throws {
        let (state, _) = try await finish(ScriptedLaboratory(findsInputs: false))
        #expect(state.record(1)?.status == .unresolved)
        #expect(state.probes.isEmpty)
    }

    @Test func stopsBeforeItConjectures_whenTheFeatureIsTooRare() async throws {
        let (state, events) = try await finish(ScriptedLaboratory(exemplars: 3))
        #expect(state.stop == .tooFewExemplars(propose: 3, tune: 3, required: 10))
        #expect(events.count == 2)
    }

    @Test func spendsNoMoreProbesThanThePlanAllows() async throws {
        for budget in [16, 40, 100] {
            var plan = InquiryPlan()
            plan.probes = budget
            let (state, _) = try await finish(
                ScriptedLaboratory(proposals: ["0.75", "0.74", "0.76"]), plan: plan)
            #expect(state.probes.count <= budget)
            #expect(state.isFinished)
        }
    }

    @Test func opensHeldOutDataOnce_andOnlyAfterCommitting() async throws {
        let (_, events) = try await finish(ScriptedLaboratory(proposals: ["0.98", "0.5"]))
        let kinds = events.map(\.kind)
        #expect(kinds.count { $0 == "openedHeldOut" } == 1)
        #expect(kinds.suffix(3) == ["rescored", "openedHeldOut", "scored"])
    }

    @Test func refusesAResultForAProbeThatWasNeverRegistered() async throws {
        let laboratory = ScriptedLaboratory()
        var state = InquiryState(plan: InquiryPlan())
        try state.apply(.began(try await laboratory.begin()))
        #expect(throws: InquiryError.unknownProbe(7)) {
            try state.apply(.measured([ProbeResult(probe: 7, outcome: .activation(1))]))
        }
    }

    @Test func refusesASecondResultForAProbe() async throws {
        let (_, events) = try await finish(ScriptedLaboratory())
        var state = InquiryState(plan: InquiryPlan())
        for event in events {
            try state.apply(event)
            guard case .measured(let results) = event else { continue }
            #expect(throws: InquiryError.measuredTwice(results[0].probe)) {
                try state.apply(event)
            }
            return
        }
    }
}
