import Foundation
import LiteLLMServer
import Testing

/// The whole program with a real server as its proposer.
@Suite(.enabled(if: LiteLLMProxy.isInstalled, "\(LiteLLMProxy.absence)"))
struct LiteLLMProgramTests {
    private func explain(
        _ model: String, in folder: URL, _ more: String..., key: String? = LiteLLMProxy.key
    ) async throws -> Program.Result {
        try await LiteLLMProxy.serving { proxy in
            try await Program.run(
                [
                    "explain", Program.example, "--features", "10", "--controls", "0", "--games",
                    "900", "--model", "\(proxy.base)#\(model)",
                ] + more,
                in: folder, environment: ["CONJECTURE_API_KEY": key ?? "", "NO_PROXY": "127.0.0.1"])
        }
    }

    /// Everything that a run leaves behind is searched for the key, the memory's log included.
    @Test func explainsWithAServersHypotheses_andKeepsNoKey() async throws {
        let scratch = try Scratch()
        let result = try await explain(
            LiteLLMModels.proposer, in: scratch.folder, "--log-level", "trace", "--trace",
            "trace.jsonl")
        try #require(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("accepted but not enforced; it is sent in words"))
        #expect(result.output.contains("A3 holds the mover's disc"), "\(result.output)")

        // The server is gone: what it said is in the memory.
        let run = try #require(
            result.output.split(separator: "\n").last { $0.hasPrefix("run ") }?
                .split(separator: " ").last.map(String.init))
        let verified = try await Program.run(["verify", run], in: scratch.folder)
        #expect(verified.status == 0, "\(verified.errors)")

        let files = try FileManager.default.subpathsOfDirectory(atPath: scratch.folder.path)
        #expect(files.contains("conjecture-runs/memory.sqlite"))
        #expect(files.contains("conjecture-runs/\(run)/report.html"))
        #expect(files.contains("trace.jsonl"))
        for file in files {
            let data = FileManager.default.contents(atPath: scratch.path(file)) ?? Data()
            #expect(data.range(of: Data(LiteLLMProxy.key.utf8)) == nil, "\(file)")
        }
        for text in [result.output, result.errors, verified.output, verified.errors] {
            #expect(!text.contains(LiteLLMProxy.key))
        }
    }

    @Test func saysWhatToDo_whenTheKeyIsMissing() async throws {
        let scratch = try Scratch()
        let result = try await explain(LiteLLMModels.proposer, in: scratch.folder, key: nil)
        #expect(result.status == 1)
        #expect(result.errors.contains("set the key in the environment"), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
}
