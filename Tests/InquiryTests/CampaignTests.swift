import Inquiry
import Testing

@Suite struct CampaignTests {
    /// - Parameter wave: tasks of a wave.
    private func tasks(
        _ count: Int, wave: Int = 1_000,
        _ begin: @escaping @Sendable (Int) async throws -> Void = { _ in }
    ) -> [InquiryTask] {
        (0..<count).map { index in
            InquiryTask(name: "inquiry \(index)", plan: InquiryPlan(), wave: index / wave) {
                try await begin(index)
                return ScriptedLaboratory(
                    proposals: ["0.9", "0.6"], refinements: [("0.95", 0.1)], seed: UInt64(index))
            }
        }
    }

    private func journal(concurrency: Int) async throws -> [String: [InquiryEvent]] {
        let journal = ListJournal()
        let end = try await Campaign(journal: journal, concurrency: concurrency).run(tasks(12))
        #expect(end == .finished)
        return await journal.events
    }

    @Test func concurrencyChangesNoResult() async throws {
        #expect(try await journal(concurrency: 1) == journal(concurrency: 5))
    }

    @Test(arguments: [0, 1, 2, 3, 5, 8, 13, 21, 34, 55])
    func continuesAsIfNothingHadHappened_whenTheJournalWasCutOff(after count: Int) async throws {
        let whole = try await journal(concurrency: 1)
        let cut = ListJournal(room: count)
        await #expect(throws: ListJournal.Full.self) {
            _ = try await Campaign(journal: cut, concurrency: 2).run(tasks(12))
        }
        await cut.makeRoom(.max)
        #expect(try await Campaign(journal: cut, concurrency: 3).run(tasks(12)) == .finished)
        #expect(await cut.events == whole)
    }

    @Test(arguments: [1, 3, 20]) func aWaveBeginsWhenAllOfEarlierOnesHaveEnded(
        concurrency: Int
    ) async throws {
        let journal = ListJournal()
        let tasks = tasks(12, wave: 5) { index in
            for earlier in 0..<index / 5 * 5 {
                let events = await journal.events(of: "inquiry \(earlier)")
                let state = try InquiryState(plan: InquiryPlan(), events: events)
                #expect(state.isFinished, "\(earlier) when \(index) begins")
            }
        }
        let campaign = Campaign(journal: journal, concurrency: concurrency)
        #expect(try await campaign.run(tasks) == .finished)
        #expect(await journal.events == (try await self.journal(concurrency: 1)))
    }

    @Test func noLaterWaveBegins_whereAnEarlierOneHasNotEnded() async throws {
        let cut = ListJournal(room: 9)
        await #expect(throws: ListJournal.Full.self) {
            _ = try await Campaign(journal: cut, concurrency: 2).run(tasks(12, wave: 3))
        }
        #expect(await Set(cut.events.keys).isSubset(of: ["inquiry 0", "inquiry 1", "inquiry 2"]))
    }

    @Test func drainsBetweenSteps() async throws {
        let journal = ListJournal()
        let campaign = Campaign(journal: journal, concurrency: 2)
        await campaign.drain()
        #expect(try await campaign.run(tasks(3)) == .drained)
        #expect(await journal.events.isEmpty)
    }

    @Test func startsNoStepAfterTheDeadline() async throws {
        let journal = ListJournal()
        let campaign = Campaign(journal: journal, concurrency: 2, deadline: .now)
        #expect(try await campaign.run(tasks(3)) == .outOfTime)
        #expect(await journal.events.isEmpty)
    }
}
