import LanguageModels
import LiteLLMServer
import Testing

/// Replies of a real server, over each of its routes.
@Suite(.enabled(if: LiteLLMProxy.isInstalled, "\(LiteLLMProxy.absence)"), .servedByLiteLLM)
struct LiteLLMReplyTests {
    @Test(arguments: LiteLLMRoute.allCases)
    func saysTheSameOverEveryRoute(route: LiteLLMRoute) async throws {
        let stack = try await LiteLLMStack(route, LiteLLMModels.relayed)
        let reply = try await stack.ask()
        #expect(reply.text == LiteLLMModels.text)
        #expect(reply.finish == .complete)
        #expect(reply.usage == TokenUsage(input: 10, output: 20))
        #expect(!reply.id.isEmpty)
        #expect(reply.model == LiteLLMModels.relayed)
        let results = await stack.ledger.results
        #expect(results.count == 1, "\(results)")
        #expect(await stack.ledger.open.isEmpty)
    }

    /// The proxy answers whole here although it is asked to stream: its mock of Anthropic's route
    /// knows no stream. Such a reply used to be called garbled.
    @Test(arguments: LiteLLMRoute.allCases)
    func readsAMock(route: LiteLLMRoute) async throws {
        let reply = try await LiteLLMStack(route, LiteLLMModels.rule).ask()
        #expect(reply.text == LiteLLMModels.text)
        #expect(reply.finish == .complete)
        #expect(!reply.usage.isBound)
    }

    @Test func takesAnAddressInsteadOfAProvider() async throws {
        let environment = ["CONJECTURE_API_KEY": LiteLLMProxy.key]
        let specification = try ModelSpecification.parse(
            "\(try LiteLLMServing.proxy.base)/#\(LiteLLMModels.rule)", environment: environment)
        let reply = try await LiteLLMStack(specification, environment).ask()
        #expect(reply.text == LiteLLMModels.text)
    }

    @Test func isNotAskedTwiceForTheSame() async throws {
        let stack = try await LiteLLMStack(.openAI, LiteLLMModels.rule)
        let first = try await stack.ask()
        #expect(try await stack.ask() == first)
        let results = await stack.ledger.results
        #expect(results.count == 1, "\(results)")
        #expect(await stack.ledger.uses.count == 2)
    }

    @Test(arguments: [LiteLLMRoute.openAI, .openAIStreamed])
    func answersManyAtOnce(route: LiteLLMRoute) async throws {
        let environment = route.environment(try LiteLLMServing.proxy)
        var specification = try route.specification(of: LiteLLMModels.slow, environment)
        specification.gate = HostGate.Settings(start: 32)
        let stack = try await LiteLLMStack(specification, environment)
        let replies = try await withThrowingTaskGroup(of: ModelReply.self) { group in
            for sample in 0..<32 {
                group.addTask {
                    try await stack.ask(.plain(LiteLLMModels.question, sample: sample))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.map(\.text) == Array(repeating: LiteLLMModels.text, count: 32))
        #expect(Set(replies.map(\.id)).count == 32)
        let results = await stack.ledger.results
        #expect(results.count == 32, "\(results)")
        #expect(await stack.ledger.mostOpen == 32)
    }
}
