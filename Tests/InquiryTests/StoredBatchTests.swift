import Foundation
import HTTP
import JSON
import LanguageModels
import Logging
import Memory
import ScriptedServer
import Synchronization
import Testing

@testable import Inquiry

/// Batches over a real memory: what a new process finds in the file is enough to go on.
@Suite struct StoredBatchTests {
    private static let key = "sk-ant-test-0123456789"
    private static let price = Price(input: 2, output: 8)
    private static let purpose = CallPurpose(role: "proposer", inquiry: "latent 1")

    /// A folder of the test's own.
    private final class Scratch {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("conjecture-tests-\(UUID().uuidString)")

        var memory: String { folder.appendingPathComponent("memory.sqlite").path }

        deinit { try? FileManager.default.removeItem(at: folder) }

        /// Everything in the folder, the write-ahead log included.
        func contains(_ text: String) throws -> Bool {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).contains { name in
                let bytes = FileManager.default.contents(
                    atPath: folder.appendingPathComponent(name).path)
                return bytes?.range(of: Data(text.utf8)) != nil
            }
        }
    }

    /// Anthropic's batches: what was handed in last has ended, and every second request has failed
    /// when `failsHalf` says so.
    private final class Provider: Sendable {
        let handedIn = Mutex<[[String]]>([])
        let failsHalf: Bool

        init(failsHalf: Bool) { self.failsHalf = failsHalf }

        func answer(_ request: ReceivedRequest) -> ScriptedReply {
            if request.method == "POST" {
                let body = try? JSONValue(parsing: request.body)
                let names = (body?["requests"]?.array ?? []).compactMap { $0["custom_id"]?.string }
                handedIn.withLock { $0.append(names) }
                return .json(#"{"id":"msgbatch_1","processing_status":"in_progress"}"#)
            }
            guard request.path.hasSuffix("/results") else {
                let host = "http://" + (request["host"] ?? "")
                return .json(
                    #"{"id":"msgbatch_1","processing_status":"ended","results_url":"\#(host)"#
                        + #"/v1/messages/batches/msgbatch_1/results"}"#)
            }
            let names = handedIn.withLock { $0.last ?? [] }
            return .text(names.enumerated().map { line($0.element, $0.offset) }.joined())
        }

        private func line(_ name: String, _ index: Int) -> String {
            let result =
                failsHalf && index % 2 == 1
                ? #"{"type":"errored","error":{"type":"error","error":{"type":"api_error","#
                    + #""message":"\#(StoredBatchTests.key) is no good"}}}"#
                : #"{"type":"succeeded","message":{"id":"m","model":"c","stop_reason":"end_turn","#
                    + #""content":[{"type":"text","text":"fine"}],"#
                    + #""usage":{"input_tokens":10,"output_tokens":4}}}"#
            return #"{"custom_id":"\#(name)","result":\#(result)}"# + "\n"
        }
    }

    private func model(
        _ ledger: StoredCalls, _ budget: Budget, at url: String,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { _ in }
    ) throws -> BatchModel {
        let environment = ["ANTHROPIC_API_KEY": Self.key, "ANTHROPIC_BASE_URL": url]
        var specification = try ModelSpecification.parse(
            "anthropic:claude-x", environment: environment)
        specification.price = Self.price
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let stack = ModelStack(
            client: try HTTPClient(proxy: .direct), gates: HostGates(), ledger: ledger,
            budget: budget, tracer: nil, logger: logger, environment: environment)
        return try stack.batchModel(specification, pace: BatchPace(sleep: sleep))
    }

    private let requests = (0..<6).map { number in
        ModelRequest(
            messages: [ModelMessage(.user, "question \(number)")],
            sampling: Sampling(maximumOutputTokens: 100))
    }

    @Test func aNewProcessGoesOn_fromWhatTheMemoryHolds() async throws {
        let scratch = Scratch()
        let provider = Provider(failsHalf: false)
        let server = try ScriptedServer { provider.answer($0) }
        let store = try Store(path: scratch.memory)
        let ledger = StoredCalls(store: store, run: "run")
        let first = try model(
            ledger, Budget(caps: BudgetCaps()), at: server.url,
            sleep: { _ in throw CancellationError() })
        await #expect(throws: ModelError.self) {
            try await first.replies(to: requests, for: Self.purpose)
        }
        let waiting = try #require(try await store.modelBatches().first)
        #expect(waiting.state == .submitted && waiting.id == "msgbatch_1")
        let most = try await ledger.spent()
        #expect(most.calls == 6 && most.outputTokens == 600)

        let again = try Store(path: scratch.memory)
        let next = StoredCalls(store: again, run: "run")
        let budget = Budget(caps: BudgetCaps(), spent: try await next.spent())
        let second = try model(next, budget, at: server.url)
        let replies = try await second.replies(to: requests, for: Self.purpose)
        #expect(replies.allSatisfy { (try? $0.get().text) == "fine" })
        #expect(provider.handedIn.withLock { $0.map(\.count) } == [6])
        #expect(try await again.modelBatches().map(\.state) == [.collected])
        let spent = try await next.spent()
        #expect(spent.money == Money(nanodollars: 6 * 26_000))
        #expect(await budget.spent == spent)
        let usage = try await RoleUsage.list(of: "run", store: again)
        #expect(usage.map(\.replies) == [6] && usage.first?.cost == spent.money)
        #expect(try !scratch.contains(Self.key))
    }

    @Test func keepsFailuresWithoutTheKey_andAsksThemAgain() async throws {
        let scratch = Scratch()
        let provider = Provider(failsHalf: true)
        let server = try ScriptedServer { provider.answer($0) }
        let store = try Store(path: scratch.memory)
        let ledger = StoredCalls(store: store, run: "run")
        let model = try model(ledger, Budget(caps: BudgetCaps()), at: server.url)
        let replies = try await model.replies(to: requests, for: Self.purpose)
        #expect(replies.count { (try? $0.get()) != nil } == 3)
        let attempts = try await store.attempts(of: "run")
        #expect(attempts.map(\.answered) == [3] && attempts.map(\.failed) == [3])
        #expect(attempts.map(\.open) == [0])
        #expect(try !scratch.contains(Self.key))
        #expect(try scratch.contains("[ANTHROPIC_API_KEY] is no good"))
        _ = try await model.replies(to: requests, for: Self.purpose)
        #expect(provider.handedIn.withLock { $0.map(\.count) } == [6, 3])
    }

    @Test func aBatchOfAnotherRunIsThatRunsOwn() async throws {
        let scratch = Scratch()
        let store = try Store(path: scratch.memory)
        let item = NewBatchItem(
            name: "n", inquiry: "i", role: "r", key: Data([1]),
            reserved: CallCounts(calls: 1, inputTokens: 2, outputTokens: 3, money: 4))
        _ = try await store.beginBatch(
            nonce: "a", run: "one", model: "m", begunAt: Date(timeIntervalSince1970: 1_000),
            items: [item])
        #expect(try await store.openBatches(run: "two", keys: [Data([1])]).isEmpty)
        let found = try await store.openBatches(run: "one", keys: [Data([2]), Data([1])])
        #expect(found.map(\.size) == [1] && found.first?.items.first?.reserved == item.reserved)
        #expect(found.first?.batch.begunAt == Date(timeIntervalSince1970: 1_000))
        // Nothing of it is closed, so it is not done with.
        try await store.batchSubmitted("a", id: "b")
        try await store.batchCollected("a")
        #expect(try await store.modelBatches().map(\.state) == [.submitted])
        #expect(try await store.modelBatchIDs() == ["b"])
        try await store.batchUnsent("a", failure: "rejected", reason: "no")
        #expect(try await store.openBatches(run: "one", keys: [Data([1])]).isEmpty)
        #expect(try await store.attempts(of: "one").map(\.spent.money) == [0])
    }
}
