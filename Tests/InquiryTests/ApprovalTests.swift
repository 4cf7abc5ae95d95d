import Digests
import Inquiry
import Testing

@Suite struct ApprovalTests {
    private static let everything = ApprovalPolicy(rules: [
        .hypothesis: .init(always: true), .explanation: .init(always: true),
    ])
    private static let hypotheses = ApprovalPolicy(rules: [.hypothesis: .init(always: true)])

    private func plan(_ policy: ApprovalPolicy?) -> InquiryPlan {
        var plan = InquiryPlan()
        plan.trialsPerHypothesis = 24
        plan.approval = policy
        return plan
    }

    private func task(
        _ policy: ApprovalPolicy?, _ name: String = "it", proposals: [String] = ["0.98", "0.6"],
        wave: Int = 0
    ) -> InquiryTask {
        InquiryTask(name: name, plan: plan(policy), wave: wave) {
            AskingLaboratory(
                inner: ScriptedLaboratory(proposals: proposals, refinements: [("0.97", 0.2)]),
                name: name)
        }
    }

    private func run(
        _ tasks: [InquiryTask], _ gate: ScriptedGate, journal: ListJournal = ListJournal(),
        concurrency: Int = 1, isPatient: Bool = true
    ) async throws -> (end: Campaign.End, journal: ListJournal) {
        let campaign = Campaign(
            journal: journal, concurrency: concurrency, gate: gate, isPatient: isPatient)
        return (try await campaign.run(tasks), journal)
    }

    private func state(
        _ journal: ListJournal, _ policy: ApprovalPolicy?, _ name: String = "it"
    ) async throws -> InquiryState {
        try InquiryState(plan: plan(policy), events: await journal.events(of: name))
    }

    @Test func aPlanWithoutAPolicyIsWrittenAsItWas() throws {
        let text = try CanonicalJSON.encode(InquiryPlan())
        #expect(!text.contains("approval"))
        #expect(try CanonicalJSON.decode(InquiryPlan.self, from: text) == InquiryPlan())
    }

    @Test func nothingIsRegisteredBeforeItsHypothesisIsApproved() async throws {
        let gate = ScriptedGate(after: 3, later: .approved)
        let (end, journal) = try await run([task(Self.everything)], gate)
        #expect(end == .finished)
        var approved: Set<Int> = []
        for event in await journal.events(of: "it") {
            if case .approved(let approvals) = event {
                for case .hypothesis(let id) in approvals.map(\.subject) { approved.insert(id) }
            }
            if case .registered(let registration) = event {
                #expect(registration.requests.allSatisfy { approved.contains($0.hypothesis) })
            }
        }
        let state = try await state(journal, Self.everything)
        #expect(approved == [1, 2, 3], "the refinement is asked about too")
        #expect(state.approval?.answer?.by == ["ann"])
        #expect(state.isFinished)
    }

    @Test func theSameIsFoundAsWithoutAsking_whenEverythingIsApproved() async throws {
        let (_, asked) = try await run([task(Self.everything)], ScriptedGate(later: .approved))
        let (_, plain) = try await run([task(nil)], ScriptedGate())
        let events = await asked.events(of: "it").filter { $0.kind != "approved" }
        #expect(await plain.events(of: "it") == events)
    }

    @Test(arguments: [ApprovalAnswer.Outcome.rejected(reason: "silly"), .expired])
    func aHypothesisThatIsNotApprovedIsNeitherTestedNorCommittedTo(
        _ outcome: ApprovalAnswer.Outcome
    ) async throws {
        let gate = ScriptedGate(["it/1": outcome], later: .approved)
        let (end, journal) = try await run(
            [task(Self.hypotheses, proposals: ["0.99", "0.97"])], gate)
        #expect(end == .finished)
        let state = try await state(journal, Self.hypotheses)
        #expect(state.record(1)?.status == .proposed)
        #expect(state.record(1)?.tuneScore == nil)
        #expect(state.probes.allSatisfy { $0.hypothesis != 1 })
        #expect(state.committed != 1 && state.committed != nil)
    }

    @Test func theInquiryStops_whenNoHypothesisIsApproved() async throws {
        let gate = ScriptedGate(later: .rejected(reason: "no"))
        let (end, journal) = try await run([task(Self.hypotheses)], gate)
        #expect(end == .finished)
        let state = try await state(journal, Self.hypotheses)
        #expect(state.stop == .nothingApproved)
        #expect(state.probes.isEmpty)
    }

    @Test func anEditedHypothesisIsTestedAsItWasEdited() async throws {
        let gate = ScriptedGate(["it/1": .edited("0.96")], later: .approved)
        let (_, journal) = try await run([task(Self.hypotheses, proposals: ["0.5"])], gate)
        let state = try await state(journal, Self.hypotheses)
        #expect(state.record(1)?.status == .superseded)
        let edited = try #require(state.record(2)?.hypothesis)
        #expect(edited.parent == 1 && edited.origin == .person && edited.formula == "0.96")
        #expect(state.probes.contains { $0.hypothesis == 2 })
        #expect(state.probes.allSatisfy { $0.hypothesis != 1 })
        #expect(await !gate.asked.contains("it/2"), "a person is not asked about a person's words")
    }

    @Test func anEditThatCannotBeReadBarsTheHypothesis() async throws {
        let gate = ScriptedGate(["it/1": .edited("nonsense")], later: .approved)
        let (_, journal) = try await run([task(Self.hypotheses)], gate)
        let state = try await state(journal, Self.hypotheses)
        #expect(state.record(1)?.isBarred == true)
        #expect(state.probes.allSatisfy { $0.hypothesis != 1 })
        #expect(state.committed != nil)
    }

    @Test func whatThePolicyLetsGoOnAsksNobody() async throws {
        let policy = ApprovalPolicy(rules: [
            .hypothesis: .init(aboveCost: 100), .explanation: .init(belowScore: 0.85),
        ])
        let gate = ScriptedGate()
        let (end, journal) = try await run([task(policy)], gate)
        #expect(end == .finished)
        #expect(await gate.asked.isEmpty)
        #expect(try await state(journal, policy).approval?.answer == nil)
    }

    @Test func anInquiryThatWaitsLeavesItsPlaceToOthers() async throws {
        let gate = ScriptedGate(["b/1": .approved, "b/2": .approved, "b/3": .approved])
        let tasks = [task(Self.hypotheses, "a"), task(Self.hypotheses, "b"), task(nil, "c")]
        let (end, journal) = try await run(tasks, gate, isPatient: false)
        #expect(end == .waiting(2))
        #expect(try await !state(journal, Self.hypotheses, "a").isFinished)
        #expect(try await state(journal, Self.hypotheses, "b").isFinished)
        #expect(try await state(journal, nil, "c").isFinished)
        // Answered later, by another process: only what waited goes on.
        let before = await journal.events(of: "b")
        let again = try await run(tasks, ScriptedGate(later: .approved), journal: journal)
        #expect(again.end == .finished)
        #expect(await journal.events(of: "b") == before)
        #expect(try await state(journal, Self.hypotheses, "a").isFinished)
    }

    @Test func anAnswerIsFollowedAtOnce_thoughOthersTakeEveryPlace() async throws {
        let journal = ListJournal()
        let slow = InquiryTask(name: "slow", plan: plan(nil)) {
            try await Task.sleep(for: .seconds(1))
            let events = await journal.events(of: "a")
            #expect(try InquiryState(plan: plan(Self.hypotheses), events: events).isFinished)
            return ScriptedLaboratory()
        }
        let gate = ScriptedGate(after: 5, later: .approved)
        let tasks = [task(Self.hypotheses, "a"), slow]
        #expect(try await run(tasks, gate, journal: journal).end == .finished)
    }

    @Test(arguments: [1, 2, 5]) func aLaterWaveBeginsWhenEarlierOnesAreDecided(
        concurrency: Int
    ) async throws {
        let tasks = (0..<6).map { task(Self.everything, "\($0)", wave: $0 / 2) }
        let (end, journal) = try await run(
            tasks, ScriptedGate(after: 4, later: .approved), concurrency: concurrency)
        #expect(end == .finished)
        let (_, plain) = try await run(
            tasks, ScriptedGate(later: .approved), concurrency: concurrency)
        #expect(await journal.events == plain.events)
        let early = try await run(tasks, ScriptedGate(), isPatient: false)
        #expect(early.end == .waiting(4))
        #expect(await Set(early.journal.events.keys) == ["0", "1"])
    }

    @Test(arguments: 1...14) func killedAnywhere_asksAgainAndRepeatsNothing(room: Int) async throws
    {
        let tasks = [task(Self.everything, "a"), task(Self.everything, "b")]
        let (_, whole) = try await run(tasks, ScriptedGate(later: .approved))
        let cut = ListJournal(room: room)
        await #expect(throws: ListJournal.Full.self) {
            _ = try await run(tasks, ScriptedGate(later: .approved), journal: cut)
        }
        await cut.makeRoom(.max)
        _ = try await run(tasks, ScriptedGate(later: .approved), journal: cut)
        #expect(await cut.events == whole.events)
    }

    @Test func drainsAtOnceWhileItWaits() async throws {
        let campaign = Campaign(
            journal: ListJournal(), concurrency: 1, gate: SlowGate(), isPatient: true)
        let tasks = [task(Self.hypotheses)]
        async let end = campaign.run(tasks)
        try await Task.sleep(for: .milliseconds(100))
        await campaign.drain()
        #expect(try await end == .drained)
    }

    @Test func theDeadlineEndsTheWait() async throws {
        let campaign = Campaign(
            journal: ListJournal(), concurrency: 1, deadline: .now + .milliseconds(200),
            gate: SlowGate())
        #expect(try await campaign.run([task(Self.hypotheses)]) == .outOfTime)
    }

    @Test func whatWaitsAndNobodyIsAskedAbout_isRefused() async throws {
        let campaign = Campaign(journal: ListJournal(), concurrency: 1)
        await #expect(throws: InquiryError.nobodyToAsk) {
            _ = try await campaign.run([task(Self.hypotheses)])
        }
    }

    @Test func anApprovalOutOfTurnIsRefused() throws {
        var state = InquiryState(plan: plan(Self.hypotheses))
        #expect(throws: InquiryError.unknownHypothesis(1)) {
            try state.apply(.approved([Approval(.hypothesis(1), answer: nil)]))
        }
        #expect(throws: InquiryError.approvedOutOfTurn) {
            try state.apply(.approved([Approval(.explanation, answer: nil)]))
        }
    }
}

/// Nobody ever answers, and looking takes a minute.
private struct SlowGate: ApprovalGate {
    func answer(to request: ApprovalRequest) async throws -> ApprovalAnswer? { nil }
    func open(_ names: [String]) async throws -> [String] { names }
    func change() async throws { try await Task.sleep(for: .seconds(60)) }
}
