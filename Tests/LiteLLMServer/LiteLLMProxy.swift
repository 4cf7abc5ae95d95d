import Foundation
import HTTP

/// A LiteLLM proxy, a real server, on a free port of the loopback.
///
/// It answers without a network: see ``LiteLLMModels``. One proxy serves all suites that run at the
/// same time; it is started for the first and stopped after the last of them.
public struct LiteLLMProxy: Sendable {
    /// What the proxy takes for a key. It is like no other text, so that a test can look for it.
    public static let key = "sk-litellm-7c1f0e9ab4d2563897"

    public let port: Int

    /// Where Anthropic's route is, by Anthropic's habit without the version.
    public var root: String { "http://127.0.0.1:\(port)" }
    /// Where OpenAI's route is.
    public var base: String { root + "/v1" }

    /// The program: `CONJECTURE_LITELLM` names it, else it is where `.ci/litellm` puts it.
    public static let executable: String? = {
        let named = ProcessInfo.processInfo.environment["CONJECTURE_LITELLM"]
        let path = named ?? package.appendingPathComponent(".build-litellm/bin/litellm").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    public static var isInstalled: Bool { executable != nil }

    /// Why tests are skipped where it is not installed.
    public static let absence =
        "LiteLLM is not installed: run .ci/litellm, or set CONJECTURE_LITELLM to the program"

    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Runs `body` while the proxy runs.
    public static func serving<T: Sendable>(
        _ body: @Sendable (LiteLLMProxy) async throws -> T
    ) async throws -> T {
        let proxy = try await SharedProxy.only.enter()
        do {
            let result = try await body(proxy)
            await SharedProxy.only.leave()
            return result
        } catch {
            await SharedProxy.only.leave()
            throw error
        }
    }
}

/// Why there is no proxy.
public struct LiteLLMFailure: Error, CustomStringConvertible {
    public let description: String
}

/// Counts who uses the proxy.
private actor SharedProxy {
    static let only = SharedProxy()

    private var users = 0
    private var start: Task<ProxyProcess, any Error>?

    func enter() async throws -> LiteLLMProxy {
        users += 1
        let start = start ?? Task { try await ProxyProcess.started() }
        self.start = start
        do {
            return LiteLLMProxy(port: try await start.value.port)
        } catch {
            users -= 1
            throw error
        }
    }

    func leave() async {
        users -= 1
        guard users == 0, let start else { return }
        self.start = nil
        try? await start.value.stop()
    }
}
