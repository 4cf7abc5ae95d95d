import LanguageModels
import LiteLLMServer
import Testing

/// What a real server's refusals come to.
@Suite(.enabled(if: LiteLLMProxy.isInstalled, "\(LiteLLMProxy.absence)"), .servedByLiteLLM)
struct LiteLLMFailureTests {
    static let failing: [(model: String, kind: ModelError.Kind, status: String)] = [
        (LiteLLMModels.limited, .rateLimited, "HTTP 429"),
        (LiteLLMModels.relayedLimited, .rateLimited, "HTTP 429"),
        (LiteLLMModels.faulty, .serverFault, "HTTP 500"),
        (LiteLLMModels.relayedFaulty, .serverFault, "HTTP 500"),
    ]

    @Test(arguments: LiteLLMRoute.allCases, failing)
    func asksAgainAsOftenAsThePolicySays(
        route: LiteLLMRoute, failing: (model: String, kind: ModelError.Kind, status: String)
    ) async throws {
        let stack = try await LiteLLMStack(route, failing.model)
        let error = try await stack.failure()
        #expect(error.kind == failing.kind)
        #expect(error.attempts == 3)
        #expect(error.reason.hasPrefix(failing.status))
        let results = await stack.ledger.results
        #expect(results.count == 3)
        for result in results {
            guard case .failed(failing.kind, _, Spending(calls: 1)) = result else {
                Issue.record("\(result)")
                continue
            }
        }
        #expect(await stack.ledger.open.isEmpty)
    }

    @Test(arguments: LiteLLMRoute.allCases)
    func asksOnce_whenTheModelIsNotThere(route: LiteLLMRoute) async throws {
        let stack = try await LiteLLMStack(route, LiteLLMModels.absent)
        let error = try await stack.failure()
        #expect(error.kind == .rejected)
        #expect(error.reason.contains("Invalid model name passed in model=absent"))
        let results = await stack.ledger.results
        #expect(results.count == 1, "\(results)")
    }

    /// A proxy without a database answers 400, "No connected db.", to a key that it does not know.
    @Test(arguments: LiteLLMRoute.allCases)
    func asksOnce_whenTheKeyIsWrong(route: LiteLLMRoute) async throws {
        let key = "sk-wrong-0123456789abcdef"
        let stack = try await LiteLLMStack(route, LiteLLMModels.rule, key: key)
        let error = try await stack.failure()
        #expect(error.kind == .unauthorized)
        #expect(error.description.contains("set the key in the environment"))
        #expect(!error.description.contains(key))
        let results = await stack.ledger.results
        #expect(results.count == 1, "\(results)")
    }

    @Test func asksOnce_whenThereIsNoKey() async throws {
        let specification = try ModelSpecification.parse(
            "\(try LiteLLMServing.proxy.base)#\(LiteLLMModels.rule)", environment: [:])
        let stack = try await LiteLLMStack(specification, [:])
        #expect(try await stack.failure().kind == .unauthorized)
        let results = await stack.ledger.results
        #expect(results.count == 1, "\(results)")
    }

    /// The error's own word for what happened is shown, not the status once more.
    @Test(arguments: [LiteLLMRoute.openAI, .openAIStreamed])
    func namesTheTypeOfAnError(route: LiteLLMRoute) async throws {
        let error = try await LiteLLMStack(route, LiteLLMModels.absent).failure()
        #expect(error.reason.hasPrefix("HTTP 400 invalid_request_error: "), "\(error.reason)")
    }
}
