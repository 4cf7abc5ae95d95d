import HTTP
import LanguageModels
import LiteLLMServer
import Logging
import Testing

/// A suite that a LiteLLM proxy serves; ``proxy`` is it.
struct LiteLLMServing: SuiteTrait, TestScoping {
    @TaskLocal private static var current: LiteLLMProxy?

    static var proxy: LiteLLMProxy {
        get throws { try #require(current) }
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await LiteLLMProxy.serving { proxy in
            try await Self.$current.withValue(proxy, operation: function)
        }
    }
}

extension Trait where Self == LiteLLMServing {
    static var servedByLiteLLM: Self { Self() }
}

/// The two routes of the proxy, whole and streamed, as a user names them.
enum LiteLLMRoute: CaseIterable, CustomTestStringConvertible {
    case openAI, openAIStreamed, anthropic, anthropicStreamed

    var testDescription: String { "\(self)" }
    var streams: Bool { self == .openAIStreamed || self == .anthropicStreamed }
    var isOpenAI: Bool { self == .openAI || self == .openAIStreamed }

    /// What the environment of somebody with this proxy says.
    func environment(
        _ proxy: LiteLLMProxy, key: String = LiteLLMProxy.key
    ) -> [String: String] {
        isOpenAI
            ? ["OPENAI_BASE_URL": proxy.base, "OPENAI_API_KEY": key]
            : ["ANTHROPIC_BASE_URL": proxy.root, "ANTHROPIC_API_KEY": key]
    }

    func specification(
        of model: String, _ environment: [String: String]
    ) throws -> ModelSpecification {
        var result = try ModelSpecification.parse(
            (isOpenAI ? "openai:" : "anthropic:") + model, environment: environment)
        result.streams = streams
        result.retry = RetryPolicy(attempts: 3, firstDelay: 0.01, longestDelay: 0.02)
        return result
    }
}

/// A model with all of its layers, and the ledger that counts what is sent.
struct LiteLLMStack {
    let model: any LanguageModel
    let ledger = MemoryLedger()

    init(_ specification: ModelSpecification, _ environment: [String: String]) async throws {
        let stack = ModelStack(
            client: try HTTPClient(proxy: .direct), gates: HostGates(), ledger: ledger,
            budget: Budget(caps: BudgetCaps()), tracer: nil,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            environment: environment)
        model = try await stack.model(specification)
    }

    init(
        _ route: LiteLLMRoute, _ name: String, key: String = LiteLLMProxy.key
    ) async throws {
        let environment = route.environment(try LiteLLMServing.proxy, key: key)
        try await self.init(try route.specification(of: name, environment), environment)
    }

    func ask(_ request: ModelRequest = .plain(LiteLLMModels.question)) async throws -> ModelReply {
        try await model.reply(to: request, for: .test)
    }

    /// The error that asking ends with.
    func failure() async throws -> ModelError {
        try #require(await #expect(throws: ModelError.self) { try await ask() })
    }
}
