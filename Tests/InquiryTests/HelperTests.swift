import Inquiry
import Testing

/// What a proposer is asked beyond proposing and refining, where it offered it.
@Suite struct HelperTests {
    private func finish(
        _ laboratory: ScriptedLaboratory, plan: InquiryPlan = InquiryPlan()
    ) async throws -> (state: InquiryState, events: [InquiryEvent]) {
        let journal = ListJournal()
        let task = InquiryTask(name: "it", plan: plan) { laboratory }
        #expect(try await Campaign(journal: journal, concurrency: 1).run([task]) == .finished)
        let events = await journal.events(of: "it")
        return (try InquiryState(plan: plan, events: events), events)
    }

    @Test func asksEachHelperInItsPlace() async throws {
        let (state, events) = try await finish(
            ScriptedLaboratory(proposals: ["0.98", "0.97"], helpers: Helper.allCases))
        let kinds = events.map(\.kind)
        #expect(kinds.prefix(5) == ["began", "consulted", "registered", "measured", "devised"])
        #expect(
            kinds.suffix(5) == ["reviewed", "rescored", "concluded", "openedHeldOut", "scored"])
        #expect(state.devisings.keys.sorted() == [1, 2])
        #expect(kinds.count { $0 == "devised" } == 2)
    }

    @Test func asksNobody_whoOfferedNothing() async throws {
        let (_, events) = try await finish(ScriptedLaboratory(proposals: ["0.98", "0.97"]))
        let asked = ["devised", "reviewed", "concluded"]
        #expect(events.allSatisfy { !asked.contains($0.kind) })
    }

    @Test func wantsNoInputsWritten_forWhatItsFirstTrialsSettled() async throws {
        var plan = InquiryPlan()
        plan.trialsPerHypothesis = plan.trialsPerRound
        let (state, _) = try await finish(
            ScriptedLaboratory(proposals: ["0.98"], helpers: [.designer]), plan: plan)
        #expect(state.devisings.isEmpty)
    }

    @Test func testsWhatAReviewAdds_andAsksForOneMore() async throws {
        let (state, _) = try await finish(
            ScriptedLaboratory(
                proposals: ["0.5"], helpers: [.reviewer], additions: [["0.98", "0.4"], ["0.3"]]))
        #expect(state.reviews.count == 2)
        #expect(state.records.map(\.hypothesis.formula) == ["0.5", "0.98", "0.4", "0.3"])
        #expect(state.record(2)?.hypothesis.parent == 1)
        #expect(state.record(2)?.status == .supported)
        // The one that led when it was added: what was measured of it was known.
        #expect(state.record(4)?.hypothesis.parent == 2)
        #expect(state.committed == 2)
    }

    @Test func aReviewThatAddsNothingIsTheLast() async throws {
        let (state, _) = try await finish(
            ScriptedLaboratory(proposals: ["0.98"], helpers: [.reviewer]))
        #expect(state.reviews.count == 1)
    }

    @Test func triesNoMoreHypothesesThanThePlanAllows() async throws {
        var plan = InquiryPlan()
        plan.hypotheses = 3
        let (state, _) = try await finish(
            ScriptedLaboratory(
                proposals: ["0.5"], helpers: [.reviewer],
                additions: [["0.4", "0.41", "0.42", "0.43"]]), plan: plan)
        #expect(state.records.count == 3)
        #expect(state.reviews.count == 1)
    }

    @Test func helpChangesNoVerdict() async throws {
        let proposals = ["0.98", "0.6", "0.75"]
        let (alone, _) = try await finish(ScriptedLaboratory(proposals: proposals))
        let (helped, _) = try await finish(
            ScriptedLaboratory(proposals: proposals, helpers: Helper.allCases))
        #expect(alone.records == helped.records)
        #expect(alone.committed == helped.committed)
    }

    @Test func refusesInputsForAHypothesisThatWasNeverProposed() throws {
        var state = InquiryState(plan: InquiryPlan())
        #expect(throws: InquiryError.unknownHypothesis(3)) {
            try state.apply(
                .devised(Devising(hypothesis: 3, pairs: [], dropped: 0, consultation: nil)))
        }
    }
}
