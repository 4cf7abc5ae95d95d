import LanguageModels
import LinearAlgebra
import Testing

@Suite struct BudgetTests {
    private static let price = Price(input: 2, output: 8)

    /// Lets 64 tasks race, each for several calls, through a budget that has room for few of them.
    private func race(
        _ caps: BudgetCaps, seed: UInt64
    ) async -> (spent: Spending, answered: Int, sent: Int, refused: Int) {
        var generator = SeededGenerator(seed: seed)
        let outputs = (0..<1_000).map { _ in generator.below(100) + 1 }
        let inputs = (0..<1_000).map { _ in generator.below(200) + 1 }
        let fails = (0..<1_000).map { _ in generator.below(5) == 0 }
        let base = ScriptedModel { (index, _) throws(ModelError) in
            await Task.yield()
            if fails[index % 1_000] {
                throw ModelError(index % 2 == 0 ? .lost : .rateLimited, model: "test", reason: "x")
            }
            return .plain(
                "ok", input: inputs[index % 1_000], output: outputs[index % 1_000])
        }
        let budget = Budget(caps: caps)
        let ledger = MemoryLedger()
        let model = BudgetedModel(
            JournaledModel(base, ledger: ledger, price: Self.price), budget: budget,
            price: Self.price)
        let answered = await withTaskGroup(of: (Int, Int).self) { group in
            for task in 0..<64 {
                group.addTask {
                    var counts = (0, 0)
                    for call in 0..<4 {
                        do throws(ModelError) {
                            _ = try await model.reply(
                                to: .plain("\(task) \(call)"), for: .test)
                            counts.0 += 1
                        } catch {
                            counts.1 += error.kind == .overBudget ? 1 : 0
                        }
                    }
                    return counts
                }
            }
            return await group.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
        }
        #expect(await budget.spent == ledger.spent)
        return (await budget.spent, answered.0, base.requests.count, answered.1)
    }

    @Test(arguments: UInt64(0)..<12)
    func neverPassesACapOnCalls_whenManyRaceForTheLast(seed: UInt64) async {
        let result = await race(BudgetCaps(calls: 37), seed: seed)
        #expect(result.sent == 37)
        #expect(result.spent.calls == 37)
        #expect(result.refused == 64 * 4 - 37)
    }

    @Test(arguments: UInt64(0)..<12)
    func neverPassesACapOnTokens_whenManyRaceForTheLast(seed: UInt64) async {
        let result = await race(BudgetCaps(inputTokens: 9_000, outputTokens: 2_000), seed: seed)
        #expect(result.spent.inputTokens <= 9_000)
        #expect(result.spent.outputTokens <= 2_000)
        #expect(result.answered > 5)
        #expect(result.refused > 0)
    }

    @Test(arguments: UInt64(0)..<12)
    func neverPassesACapOnMoney_whenManyRaceForTheLast(seed: UInt64) async throws {
        let cap = try #require(Money(dollars: 0.02))
        let result = await race(BudgetCaps(money: cap), seed: seed)
        #expect(result.spent.money <= cap)
        #expect(result.answered > 5)
        #expect(result.refused > 0)
    }

    @Test func waitsForOthersToSettle_whenOnlyTheirReservationsAreInTheWay() async throws {
        // Each may cost 100 output tokens and does cost 1: one after the other, all fit.
        let base = ScriptedModel { (_, _) throws(ModelError) in
            await Task.yield()
            return .plain("ok", output: 1)
        }
        let model = BudgetedModel(
            base, budget: Budget(caps: BudgetCaps(outputTokens: 163)), price: nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<64 {
                group.addTask { _ = try await model.reply(to: .plain("\(task)"), for: .test) }
            }
            try await group.waitForAll()
        }
        #expect(base.requests.count == 64)
    }

    @Test func countsWhatMayHaveBeenBilled_whenNoReplyCame() async {
        let base = ScriptedModel { (index, _) throws(ModelError) in
            throw ModelError(index == 0 ? .lost : .unreachable, model: "test", reason: "x")
        }
        let budget = Budget(caps: BudgetCaps())
        let model = BudgetedModel(base, budget: budget, price: Self.price)
        let request = ModelRequest.plain("hello")
        _ = try? await model.reply(to: request, for: .test)
        let first = await budget.spent
        #expect(first.outputTokens == 100)
        #expect(first.inputTokens == request.inputTokenBound)
        #expect(first.money > .zero)
        _ = try? await model.reply(to: request, for: .test)
        let second = await budget.spent
        #expect(second.calls == 2)
        #expect(second.outputTokens == first.outputTokens)
    }

    @Test func refusesEverything_whenTheTimeIsOver() async {
        let base = ScriptedModel(texts: ["ok"])
        let model = BudgetedModel(
            base, budget: Budget(caps: BudgetCaps(), deadline: .now), price: nil)
        let error = await #expect(throws: ModelError.self) {
            try await model.reply(to: .plain("hello"), for: .test)
        }
        #expect(error?.kind == .overBudget)
        #expect(base.requests.isEmpty)
    }

    @Test func sendsNothingMore_onceItIsClosed() async {
        let base = ScriptedModel { (_, _) throws(ModelError) in
            for _ in 0..<50 { await Task.yield() }
            return .plain("ok")
        }
        let budget = Budget(caps: BudgetCaps(outputTokens: 100))
        let model = BudgetedModel(base, budget: budget, price: nil)
        let kinds = await withTaskGroup(of: ModelError.Kind?.self) { group in
            for task in 0..<8 {
                group.addTask {
                    do throws(ModelError) {
                        _ = try await model.reply(to: .plain("\(task)"), for: .test)
                        return nil
                    } catch {
                        return error.kind
                    }
                }
            }
            while base.requests.isEmpty { await Task.yield() }
            await budget.close()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(base.requests.count == 1)
        #expect(kinds.count { $0 == .cancelled } == 7)
    }

    @Test func addsMoneyExactly() throws {
        let usage = TokenUsage(
            input: 1_000, cachedInput: 400, cacheWriteInput: 100, output: 20)
        let price = Price(input: 1.25, output: 10, cachedInput: 0.125, cacheWriteInput: 1.5)
        // 500 × 1.25 + 400 × 0.125 + 100 × 1.5 + 20 × 10 = 1025 millionths of a dollar.
        #expect(price.cost(of: usage) == Money(nanodollars: 1_025_000))
        #expect(Money(nanodollars: 1_025_000).text == "$0.001025")
        #expect(try #require(Money(dollars: 12.5)).text == "$12.5000")
        #expect(Price("1.25/10") == Price(input: 1.25, output: 10))
        #expect(Price("1.25") == nil)
        #expect(Price("-1/2") == nil)
    }
}
