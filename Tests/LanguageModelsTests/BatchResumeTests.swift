import Foundation
import JSON
import Testing

@testable import LanguageModels

/// Whatever becomes of a process, nothing is handed in twice.
@Suite struct BatchResumeTests {
    private static let texts = (0..<10).map { "question \($0)" }

    struct Case: Sendable, CustomTestStringConvertible {
        let provider: BatchServer.Provider
        let kill: BatchMemoryLedger.Kill
        var testDescription: String { "\(provider) \(kill)" }

        static let all = BatchServer.Provider.allCases.flatMap { provider in
            BatchMemoryLedger.Kill.allCases.map { Case(provider: provider, kill: $0) }
        }
    }

    private func expectPaidOnce(_ process: BatchProcess, _ server: BatchServer) async {
        #expect(server.texts.sorted() == Self.texts.sorted())
        let spent = await process.budget.spent
        #expect(spent == (await process.ledger.spent))
        #expect(spent.money == Money(nanodollars: 26_000 * 10))
        #expect(await process.ledger.openCount == 0)
    }

    @Test(arguments: Case.all)
    func goesOn_afterBeingKilled(_ one: Case) async throws {
        let server = try BatchServer(one.provider)
        let ledger = BatchMemoryLedger()
        await ledger.die(at: one.kill)
        let first = try await BatchProcess(server, ledger)
        await #expect(throws: ModelError.self) { try await first.ask(Self.texts) }
        if one.kill == .betweenResults {
            #expect(await ledger.openCount == 6)
        } else {
            #expect(await ledger.openCount == 10)
        }
        // While nothing is known, all of it counts.
        #expect(await first.budget.spent == ledger.spent)
        await ledger.die(at: nil)
        let second = try await BatchProcess(server, ledger)
        let replies = try await second.ask(Self.texts)
        #expect(replies.map(\.text) == Self.texts.map { "re: \($0)" })
        #expect(server.batches.count == 1)
        await expectPaidOnce(second, server)
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func takesUpABatchInParts(provider: BatchServer.Provider) async throws {
        let server = try BatchServer(provider)
        let ledger = BatchMemoryLedger()
        await ledger.die(at: .whilePolling)
        let first = try await BatchProcess(server, ledger)
        await #expect(throws: ModelError.self) { try await first.ask(Self.texts) }
        await ledger.die(at: nil)
        let second = try await BatchProcess(server, ledger)
        async let head = second.ask(Array(Self.texts.prefix(4)) + ["new"])
        async let tail = second.ask(Array(Self.texts.suffix(6)))
        let replies = try await head + tail
        #expect(replies.allSatisfy { $0.text != nil })
        #expect(server.batches.count == 2)
        #expect(server.texts.sorted() == (Self.texts + ["new"]).sorted())
        #expect(await second.budget.spent == ledger.spent)
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func findsTheBatch_whenItsSubmissionIsNotAnswered(
        provider: BatchServer.Provider
    ) async throws {
        let server = try BatchServer(provider)
        server.change { $0.submissions = [.takenSilently] }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        #expect(try await process.ask(Self.texts).allSatisfy { $0.text != nil })
        #expect(server.batches.count == 1)
        await expectPaidOnce(process, server)
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func handsInAgain_onlyWhenTheProviderSurelyDoesNotHaveIt(
        provider: BatchServer.Provider
    ) async throws {
        let server = try BatchServer(provider)
        server.change { $0.submissions = [.dropped, .refused(429), .refused(503)] }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        #expect(try await process.ask(Self.texts).allSatisfy { $0.text != nil })
        #expect(server.batches.count == 1)
        await expectPaidOnce(process, server)
        // Twice it was looked for until it was sure: eight times each.
        let lists = server.requests.count { $0.method == "GET" && $0.path.contains("batches?") }
        #expect(lists == 16)
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func countsNothing_whenTheProviderRefusesTheBatch(
        provider: BatchServer.Provider
    ) async throws {
        let server = try BatchServer(provider)
        server.change { $0.submissions = [.refused(401)] }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        let replies = try await process.ask(["a", "b"])
        #expect(replies.map(\.kind) == [.unauthorized, .unauthorized])
        #expect(await process.budget.spent == Spending())
        #expect(await process.ledger.spent == Spending())
        #expect(try await process.ask(["a", "b"]).allSatisfy { $0.text != nil })
    }

    @Test func takesNoOtherBatchForItsOwn() async throws {
        let server = try BatchServer(.anthropic)
        let other = BatchMemoryLedger()
        // Of the same size, at the same time, on the same account, in another memory.
        _ = try await BatchProcess(server, other).ask(Self.texts.map { "other " + $0 })
        server.change { $0.submissions = [.taken, .takenSilently] }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        let replies = try await process.ask(Self.texts)
        #expect(replies.map(\.text) == Self.texts.map { "re: \($0)" })
        #expect(server.batches.count == 2)
    }

    @Test func countsAsSpent_whatCannotBeFoundOut() async throws {
        let server = try BatchServer(.anthropic)
        server.change {
            $0.submissions = [.takenSilently]
            $0.withholdsResults = true
        }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        let replies = try await process.ask(["a", "b"])
        #expect(replies.map(\.kind) == [.lost, .lost])
        if case .failure(let error)? = replies.first {
            #expect(error.reason.contains("asking again may pay for it again"))
        }
        let most = ["a", "b"].map {
            Spending(mostOf: .plain($0), price: BatchProcess.price.scaled(by: 0.5))
        }
        #expect(await process.budget.spent == most[0] + most[1])
        #expect(await process.ledger.spent == most[0] + most[1])
        // It was said; now the caller has decided.
        server.change { $0.withholdsResults = false }
        #expect(try await process.ask(["a", "b"]).allSatisfy { $0.text != nil })
        #expect(server.batches.count == 2)
    }

    @Test func leavesTheBatchAsItIs_whenTheProviderDoesNotKnowIt() async throws {
        let server = try BatchServer(.openai)
        let ledger = BatchMemoryLedger()
        await ledger.die(at: .whilePolling)
        let first = try await BatchProcess(server, ledger)
        await #expect(throws: ModelError.self) { try await first.ask(["a"]) }
        await ledger.die(at: nil)
        // As if with the key of another account.
        let elsewhere = try BatchServer(.openai)
        let stored = server.state.withLock { state in
            defer { state.batches = [] }
            return state.batches
        }
        let second = try await BatchProcess(server, ledger)
        let error = await #expect(throws: ModelError.self) { try await second.ask(["a"]) }
        #expect(error?.kind == .rejected)
        #expect(error?.reason.contains("left as it is") == true)
        server.state.withLock { $0.batches = stored }
        #expect(try await second.ask(["a"]).map(\.text) == ["re: a"])
        #expect(server.batches.count == 1 && elsewhere.batches.isEmpty)
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func goesOn_afterBeingCancelled(provider: BatchServer.Provider) async throws {
        let server = try BatchServer(provider)
        let ledger = BatchMemoryLedger()
        let first = try await BatchProcess(server, ledger, sleep: { throw CancellationError() })
        let error = await #expect(throws: ModelError.self) { try await first.ask(Self.texts) }
        #expect(error?.kind == .cancelled)
        let second = try await BatchProcess(server, ledger)
        #expect(try await second.ask(Self.texts).allSatisfy { $0.text != nil })
        await expectPaidOnce(second, server)
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func waitsOut_whatFailsInPassing(provider: BatchServer.Provider) async throws {
        let server = try BatchServer(provider)
        server.change {
            $0.faults = 20
            $0.cuts = 2
        }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        #expect(try await process.ask(Self.texts).allSatisfy { $0.text != nil })
        await expectPaidOnce(process, server)
    }

    @Test func givesUpWaiting_andLeavesTheBatch_whenTheServerStaysDown() async throws {
        let server = try BatchServer(.openai)
        server.change { $0.faults = 1_000 }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        let error = await #expect(throws: ModelError.self) { try await process.ask(Self.texts) }
        #expect(error?.kind == .serverFault)
        server.change { $0.faults = 0 }
        #expect(try await process.ask(Self.texts).allSatisfy { $0.text != nil })
        #expect(server.batches.count == 1)
        await expectPaidOnce(process, server)
    }
}
