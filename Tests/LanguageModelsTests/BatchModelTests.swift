import Foundation
import HTTP
import JSON
import Logging
import ScriptedServer
import Testing

@testable import LanguageModels

@Suite struct BatchModelTests {
    /// What one request of the scripted providers costs in a batch: 10 tokens in, 4 out, at half of 2
    /// and 8 dollars a million.
    private static let cost = Money(nanodollars: 26_000)

    @Test(arguments: BatchServer.Provider.allCases)
    func givesRepliesInOrder_atHalfThePrice(provider: BatchServer.Provider) async throws {
        let server = try BatchServer(provider)
        let process = try await BatchProcess(server, BatchMemoryLedger())
        let texts = (0..<20).map { "question \($0)" }
        let replies = try await process.ask(texts)
        #expect(replies.map(\.text) == texts.map { "re: \($0)" })
        #expect(server.batches.count == 1)
        #expect(await process.ledger.replies.values.allSatisfy { $0.cost == Self.cost })
        let spent = await process.budget.spent
        #expect(
            spent
                == Spending(
                    calls: 20, inputTokens: 200, outputTokens: 80,
                    money: Money(nanodollars: 20 * Self.cost.nanodollars)))
        #expect(await process.ledger.spent == spent)
        #expect(await process.ledger.openCount == 0)
        #expect(await process.ledger.uses.count == 20)
        #expect(await process.ledger.batches.first?.events.last == .collected)
    }

    @Test func asksAtGrowingIntervals() async throws {
        let server = try BatchServer(.openai)
        server.change { $0.questions = 9 }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        _ = try await process.ask(["a"])
        let waits = process.waits.seconds
        #expect(waits.count == 10)
        #expect(Array(waits.prefix(3)) == [5, 7.5, 11.25])
        #expect(waits.last == 60)
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func givesEachRequestItsOwnFailure(provider: BatchServer.Provider) async throws {
        let server = try BatchServer(provider)
        server.change { script in
            script.answer = { text in
                switch text {
                case "bad": .error(status: 400, type: "invalid_request_error", message: "no")
                case "busy": .error(status: 529, type: "overloaded_error", message: "later")
                case "late": .expired
                case "gone": .missing
                case "nonsense": .nonsense
                case "twice": .twice("once")
                default: .text("fine")
                }
            }
        }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        let texts = ["fine", "bad", "busy", "late", "gone", "nonsense", "twice"]
        let replies = try await process.ask(texts)
        #expect(replies[0].text == "fine")
        #expect(
            replies.map(\.kind) == [
                nil, .rejected, .serverFault, .unprocessed, .lost, .garbled, nil,
            ])
        #expect(replies[6].text == "once")
        // What may have been billed counts as what was reserved; what surely was not, as a call.
        let most = Spending(mostOf: .plain("gone"), price: BatchProcess.price.scaled(by: 0.5))
        let other = Spending(mostOf: .plain("nonsense"), price: BatchProcess.price.scaled(by: 0.5))
        let spent = await process.budget.spent
        #expect(spent.calls == 7)
        #expect(spent.outputTokens == most.outputTokens + other.outputTokens + 8)
        #expect(spent == (await process.ledger.spent))
        // Nothing that was answered is asked again; the rest is.
        _ = try await process.ask(texts)
        #expect(server.batches.count == 2)
        #expect(Set(server.batches[1].texts) == ["bad", "busy", "late", "gone", "nonsense"])
    }

    @Test(arguments: ["expired", "cancelled"])
    func keepsWhatWasAnswered_whenTheBatchDoesNotComeToItsEnd(end: String) async throws {
        let server = try BatchServer(.openai)
        server.change { script in
            script.end = end
            script.answer = { $0 == "a" ? .text("fine") : $0 == "b" ? .expired : .missing }
        }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        let replies = try await process.ask(["a", "b", "c"])
        #expect(replies.map(\.kind) == [nil, .unprocessed, .unprocessed])
        #expect(await process.budget.spent.money == Self.cost)
    }

    @Test func failsEveryRequest_whenTheProviderWouldNotBegin() async throws {
        let server = try BatchServer(.openai)
        server.change { $0.end = "failed" }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        let replies = try await process.ask(["a", "b"])
        #expect(replies.map(\.kind) == [.rejected, .rejected])
        #expect(await process.budget.spent == Spending())
        if case .failure(let error)? = replies.first {
            #expect("\(error)".contains("invalid_json_line in line 1: no good"))
        }
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func asksDuplicatesOnce(provider: BatchServer.Provider) async throws {
        let server = try BatchServer(provider)
        let process = try await BatchProcess(server, BatchMemoryLedger())
        _ = try await process.ask(["known"])
        let texts = ["a", "b", "a", "known", "b", "a"]
        let (first, second) = try await
            ({
                async let one = process.ask(texts); async let two = process.ask(texts)
                return try await (one, two)
            })()
        #expect(first.map(\.text) == texts.map { "re: \($0)" })
        #expect(second.map(\.text) == first.map(\.text))
        #expect(server.texts.sorted() == ["a", "b", "known"])
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func passesNoCap_whenManyAskAtOnce(provider: BatchServer.Provider) async throws {
        let server = try BatchServer(provider)
        let process = try await BatchProcess(
            server, BatchMemoryLedger(), caps: BudgetCaps(calls: 37))
        let refused = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<16 {
                group.addTask {
                    let replies = try await process.ask((0..<5).map { "\(task) \($0)" })
                    return replies.count { $0.kind == .overBudget }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(server.texts.count == 37)
        #expect(refused == 80 - 37)
        #expect(await process.budget.spent.calls == 37)
    }

    @Test func submitsNothingThatWouldPassACapOnMoney() async throws {
        let server = try BatchServer(.openai)
        let most = Spending(mostOf: .plain("0"), price: BatchProcess.price.scaled(by: 0.5)).money
        // Room for three at half the price, which is room for one at the whole price.
        let cap = Money(nanodollars: most.nanodollars * 3 + 1)
        let process = try await BatchProcess(
            server, BatchMemoryLedger(), caps: BudgetCaps(money: cap))
        let replies = try await process.ask((0..<8).map { "\($0)" })
        #expect(replies.count { $0.text != nil } == 3)
        #expect(replies.count { $0.kind == .overBudget } == 5)
        #expect(server.texts == ["0", "1", "2"])
        #expect(await process.budget.spent.money <= cap)
        let none = try await BatchProcess(
            server, BatchMemoryLedger(), caps: BudgetCaps(calls: 0))
        #expect(try await none.ask(["x"]).map(\.kind) == [.overBudget])
        #expect(server.batches.count == 1)
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func dividesWhatIsTooMuchForOneBatch(provider: BatchServer.Provider) async throws {
        let server = try BatchServer(provider)
        let process = try await BatchProcess(
            server, BatchMemoryLedger(), limits: BatchLimits(requests: 3, bytes: 1_000))
        let long = String(repeating: "x", count: 400)
        let huge = String(repeating: "x", count: 2_000)
        let texts = ["1", "2", "3", "4", long + "1", long + "2", huge]
        let replies = try await process.ask(texts)
        #expect(replies.dropLast().map(\.text) == texts.dropLast().map { "re: \($0)" })
        #expect(replies.last?.kind == .unsupported)
        #expect(server.batches.allSatisfy { (1...3).contains($0.requests.count) })
        #expect(server.texts.sorted() == texts.dropLast().sorted())
        #expect(server.batches.count >= 3)
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func refusesALineThatIsTooLong_andReadsTheOthers(
        provider: BatchServer.Provider
    ) async throws {
        let server = try BatchServer(provider)
        server.change { $0.answer = { $0 == "long" ? .long(5_000_000) : .text("fine") } }
        let process = try await BatchProcess(server, BatchMemoryLedger(), lineLimit: 4_096)
        let replies = try await process.ask(["a", "long", "b"])
        #expect(replies.map(\.kind) == [nil, .garbled, nil])
        let most = Spending(mostOf: .plain("long"), price: nil)
        #expect(await process.budget.spent.outputTokens == most.outputTokens + 8)
    }

    @Test func sendsTheKeyNowhereElse() async throws {
        let stranger = try ScriptedServer { _ in .text("") }
        let server = try BatchServer(.anthropic)
        server.change { $0.resultsAt = stranger.url }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        let error = await #expect(throws: ModelError.self) { try await process.ask(["a"]) }
        #expect(error?.reason.contains("the key is not sent there") == true)
        #expect(stranger.requests.isEmpty)
        // The batch is left as it is: with a true address its results are read.
        server.change { $0.resultsAt = nil }
        let again = try await BatchProcess(server, process.ledger)
        #expect(try await again.ask(["a"]).map(\.text) == ["re: a"])
        #expect(server.batches.count == 1)
    }

    @Test(arguments: BatchServer.Provider.allCases)
    func keepsNoKey_whenTheServerEchoesIt(provider: BatchServer.Provider) async throws {
        let server = try BatchServer(provider)
        server.change { script in
            script.submissions = [.refused(400)]
            script.answer = { _ in
                .error(status: 400, type: "e", message: "bad key \(BatchServer.key)")
            }
        }
        let process = try await BatchProcess(server, BatchMemoryLedger())
        let first = try await process.ask(["a"])
        let second = try await process.ask(["b"])
        #expect(first.map(\.kind) == [.rejected] && second.map(\.kind) == [.rejected])
        #expect(await !process.ledger.dump.contains(BatchServer.key))
        #expect(await process.ledger.dump.contains("[OPENAI_API_KEY]") == (provider == .openai))
        #expect(!"\(first) \(second)".contains(BatchServer.key))
    }

    @Test func saysWhatItCannotDo() async throws {
        let client = try HTTPClient(proxy: .direct)
        func stack(_ ledger: any CallLedger, _ caps: BudgetCaps = BudgetCaps()) -> ModelStack {
            ModelStack(
                client: client, gates: HostGates(), ledger: ledger, budget: Budget(caps: caps),
                tracer: nil, logger: Logger(label: "test"),
                environment: ["OPENAI_API_KEY": "k", "GEMINI_API_KEY": "k"])
        }
        let openAI = try ModelSpecification.parse("openai:m", environment: [:])
        let gemini = try ModelSpecification.parse("gemini:m", environment: [:])
        #expect(throws: SpecificationError.noBatches(model: "gemini:m")) {
            try stack(BatchMemoryLedger()).batchModel(gemini)
        }
        #expect(throws: SpecificationError.unkeptBatches(model: "openai:m")) {
            try stack(UnkeptCalls()).batchModel(openAI)
        }
        #expect(throws: SpecificationError.unknownPrice(model: "openai:m")) {
            try stack(BatchMemoryLedger(), BudgetCaps(money: .zero)).batchModel(openAI)
        }
    }
}
