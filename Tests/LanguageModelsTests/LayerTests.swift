import JSON
import LinearAlgebra
import Synchronization
import Testing

@testable import LanguageModels

/// A clock that moves when somebody waits for it.
private final class SimulatedTime: Sendable {
    private let instant = Mutex(ContinuousClock.Instant.now)

    var now: ContinuousClock.Instant { instant.withLock { $0 } }

    func sleep(_ duration: Duration) { instant.withLock { $0 += duration } }
}

@Suite struct LayerTests {
    @Test(arguments: UInt64(0)..<40)
    func noMinuteHoldsMoreThanTheLimits(seed: UInt64) async {
        var generator = SeededGenerator(seed: seed)
        let limits = RateLimits(
            requestsPerMinute: 5 + generator.below(20), tokensPerMinute: 500 + generator.below(500))
        let time = SimulatedTime()
        let limiter = RateLimiter(limits, now: { time.now }, sleep: { time.sleep($0) })
        var admitted: [(time: ContinuousClock.Instant, tokens: Int)] = []
        for _ in 0..<200 {
            let tokens = 1 + generator.below(200)
            _ = await limiter.admit(tokens: tokens)
            admitted.append((time.now, tokens))
            if generator.below(3) == 0 { time.sleep(.seconds(generator.below(10))) }
        }
        for first in admitted {
            let minute = admitted.filter {
                $0.time >= first.time && $0.time < first.time + .seconds(60)
            }
            #expect(minute.count <= limits.requestsPerMinute ?? 0)
            #expect(minute.reduce(0) { $0 + $1.tokens } <= limits.tokensPerMinute ?? 0)
        }
    }

    @Test func letsARequestLargerThanTheLimitGoAlone() async {
        let time = SimulatedTime()
        let limiter = RateLimiter(
            RateLimits(tokensPerMinute: 100), now: { time.now }, sleep: { time.sleep($0) })
        let start = time.now
        _ = await limiter.admit(tokens: 50)
        _ = await limiter.admit(tokens: 1_000)
        #expect(time.now - start == .seconds(60))
    }

    @Test func makesRoom_whenARequestTookLessThanExpected() async {
        let time = SimulatedTime()
        let limiter = RateLimiter(
            RateLimits(tokensPerMinute: 100), now: { time.now }, sleep: { time.sleep($0) })
        let start = time.now
        let id = await limiter.admit(tokens: 90)
        await limiter.correct(id, tokens: 10)
        _ = await limiter.admit(tokens: 90)
        #expect(time.now == start)
    }

    @Test func theGateShrinksOnceInACoolDown_andGrowsSlowly() async {
        let time = SimulatedTime()
        let gate = HostGate(.init(start: 20, least: 2, most: 100), now: { time.now })
        for _ in 0..<5 {
            await gate.enter()
            await gate.leave(.rateLimited(retryAfter: nil))
        }
        #expect(await gate.width == 16)
        for _ in 0..<100 {
            await gate.enter()
            await gate.leave(.answered)
        }
        #expect(await gate.width == 16)
        time.sleep(.seconds(16))
        for _ in 0..<20 {
            await gate.enter()
            await gate.leave(.answered)
        }
        #expect(await gate.width == 17)
        await gate.enter()
        await gate.leave(.faulty)
        #expect(await gate.width == 17)
    }

    @Test func neverLetsMoreThroughThanItIsWide() async throws {
        let underWay = Mutex((now: 0, most: 0))
        let base = ScriptedModel { (_, _) throws(ModelError) in
            underWay.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            for _ in 0..<5 { await Task.yield() }
            underWay.withLock { $0.now -= 1 }
            return .plain("ok")
        }
        let model = GatedModel(base, gate: HostGate(.init(start: 7, least: 1, most: 7)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<300 {
                group.addTask { _ = try await model.reply(to: .plain("\(task)"), for: .test) }
            }
            try await group.waitForAll()
        }
        #expect(underWay.withLock { $0.most } <= 7)
        #expect(base.requests.count == 300)
    }

    @Test func sharesOneCall_whenManyAskTheSameAtOnce() async throws {
        let base = ScriptedModel { (_, request) throws(ModelError) in
            for _ in 0..<20 { await Task.yield() }
            return .plain(request.messages[0].text)
        }
        let ledger = MemoryLedger()
        let model = CachedModel(
            JournaledModel(base, ledger: ledger, price: nil), ledger: ledger)
        try await withThrowingTaskGroup(of: String.self) { group in
            for task in 0..<100 {
                group.addTask {
                    try await model.reply(to: .plain("\(task % 4)"), for: .test).text
                }
            }
            for try await text in group { #expect(["0", "1", "2", "3"].contains(text)) }
        }
        #expect(base.requests.count == 4)
        #expect(await ledger.uses.count == 100)
        _ = try await model.reply(to: .plain("1"), for: .test)
        #expect(base.requests.count == 4)
        _ = try await model.reply(to: .plain("1", sample: 1), for: .test)
        #expect(base.requests.count == 5)
    }

    @Test func readsTheReplyThatStands_whenAnotherProcessAskedTheSameMeanwhile() async throws {
        let base = ScriptedModel { (_, _) throws(ModelError) in .plain("second") }
        let first = RecordedReply(reply: .plain("first"), cost: nil)
        let model = JournaledModel(base, ledger: MemoryLedger(standing: first), price: nil)
        #expect(try await model.reply(to: .plain("a"), for: .test).text == "first")
    }

    @Test func remembersNoFailure() async throws {
        let base = ScriptedModel { (index, _) throws(ModelError) in
            if index == 0 { throw ModelError(.lost, model: "test", reason: "x") }
            return .plain("ok")
        }
        let ledger = MemoryLedger()
        let model = CachedModel(
            JournaledModel(base, ledger: ledger, price: nil), ledger: ledger)
        await #expect(throws: ModelError.self) {
            try await model.reply(to: .plain("a"), for: .test)
        }
        #expect(try await model.reply(to: .plain("a"), for: .test).text == "ok")
        #expect(await ledger.results.count == 2)
    }

    @Test func theKeyNamesEverythingThatChangesTheReply() throws {
        let identity = ModelIdentity(provider: "openai", endpoint: "e", model: "m")
        var requests = [ModelRequest.plain("a")]
        func vary(_ change: (inout ModelRequest) -> Void) {
            var request = requests[0]
            change(&request)
            requests.append(request)
        }
        vary { $0.messages[0].text = "b" }
        vary { $0.messages[0].role = .system }
        vary { $0.messages.append(ModelMessage(.assistant, "")) }
        vary { $0.sample = 1 }
        vary { $0.sampling.temperature = 0 }
        vary { $0.sampling.topP = 0.5 }
        vary { $0.sampling.seed = 1 }
        vary { $0.sampling.maximumOutputTokens = 7 }
        vary { $0.sampling.stop = ["x"] }
        vary { $0.sampling.topLogProbabilities = 3 }
        vary { $0.sampling.effort = "low" }
        let schema = try JSONSchema(["type": "object"])
        vary { $0.schema = ReplySchema(name: "a", schema: schema) }
        vary { $0.schema = ReplySchema(name: "b", schema: schema) }
        vary { $0.tools = [ToolDefinition(name: "t", description: "", parameters: schema)] }
        vary {
            $0.tools = [ToolDefinition(name: "t", description: "", parameters: schema)]
            $0.toolChoice = .required
        }
        var keys = requests.map { $0.key(of: identity) }
        for other in [
            ModelIdentity(provider: "anthropic", endpoint: "e", model: "m"),
            ModelIdentity(provider: "openai", endpoint: "f", model: "m"),
            ModelIdentity(provider: "openai", endpoint: "e", model: "n"),
        ] { keys.append(requests[0].key(of: other)) }
        #expect(Set(keys).count == keys.count)
        #expect(requests[0].key(of: identity) == ModelRequest.plain("a").key(of: identity))
    }
}
