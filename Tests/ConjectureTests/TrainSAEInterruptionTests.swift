import Foundation
import LinearAlgebra
import SubjectMaterial
import Testing

/// A training that is killed anywhere goes on as if nothing had happened.
@Suite(.serialized) struct TrainSAEInterruptionTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func arguments(_ out: String, _ more: [String] = []) -> [String] {
        [
            "train-sae", Program.example, "--games", "1500", "--hook",
            "blocks.2.hook_resid_post", "--latents", "192", "--k", "8", "--tokens", "60000",
            "--batch", "256", "--out", out,
        ] + more
    }

    private func bytes(_ out: String, _ file: String = "sae_weights.safetensors") throws -> Data {
        try Data(contentsOf: scratch.folder.appendingPathComponent(out + "/" + file))
    }

    @Test(arguments: [
        ["--architecture", "topk"], ["--whiten", "original", "--buffer", "1", "--clip", "1"],
    ])
    func killsChangeNothing(options: [String]) async throws {
        let whole = try await Program.run(arguments("whole", options), in: scratch.folder)
        try #require(whole.status == 0, "\(whole.errors)")
        let often = options + ["--checkpoint-every", "5", "--resume"]
        var generator = SeededGenerator(seed: 4)
        var kills = 0
        for _ in 0..<8 {
            let program = try Program.Running(arguments("killed", often), in: scratch.folder)
            try await Task.sleep(for: .seconds(0.3 + 1.2 * generator.unit()))
            guard program.process.isRunning else { break }
            program.signal(SIGKILL)
            _ = try await program.wait()
            kills += 1
        }
        #expect(kills > 0, "the training ended before it was killed")
        if !FileManager.default.fileExists(atPath: scratch.path("killed")) {
            let last = try await Program.run(arguments("killed", often), in: scratch.folder)
            try #require(last.status == 0, "\(last.errors)")
        }
        #expect(try bytes("killed") == bytes("whole"))
        #expect(try bytes("killed", "cfg.json") == bytes("whole", "cfg.json"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("killed.partial")))
    }

    @Test func anInterruptKeepsACheckpointAndSaysHowToGoOn() async throws {
        let more = ["--tokens", "100000000", "--checkpoint-every", "1000000"]
        let plain = arguments("sae").filter { $0 != "60000" && $0 != "--tokens" }
        let program = try Program.Running(plain + more, in: scratch.folder)
        while !FileManager.default.fileExists(atPath: scratch.path("sae.partial/lock")) {
            try await Task.sleep(for: .milliseconds(50))
        }
        try await Task.sleep(for: .seconds(2))
        program.signal(SIGINT)
        let result = try await program.wait()
        #expect(result.status == 130)
        #expect(result.errors.contains("--resume to go on"))
        let again = try await Program.run(plain + more, in: scratch.folder)
        #expect(again.status == 1)
        #expect(again.errors.contains("was not finished. Add --resume"))
        let other = try await Program.run(
            plain + more + ["--resume", "--seed", "2"], in: scratch.folder)
        #expect(other.status == 1)
        #expect(other.errors.contains("was begun with"))
    }

    @Test func aFullDiskIsSaid_andTheLastCheckpointIsKept() async throws {
        let stopped = try Program.Running(
            arguments("sae", ["--checkpoint-every", "20"]), in: scratch.folder)
        func names() -> [String] {
            let all = try? FileManager.default.contentsOfDirectory(
                atPath: scratch.path("sae.partial"))
            return (all ?? []).filter { $0.hasSuffix(".checkpoint") }.sorted()
        }
        while names().isEmpty, stopped.process.isRunning {
            try await Task.sleep(for: .milliseconds(20))
        }
        stopped.signal(SIGKILL)
        _ = try await stopped.wait()
        let kept = names()
        try #require(!kept.isEmpty)
        // A checkpoint has more than 200 KB.
        let limited = arguments("sae", ["--checkpoint-every", "20", "--resume"])
        let result = try await Program.run(limited, in: scratch.folder, fileLimit: 200)
        #expect(result.status == 1)
        #expect(result.errors.contains("cannot be written"))
        #expect(names() == kept)
        let last = try await Program.run(limited, in: scratch.folder)
        #expect(last.status == 0, "\(last.errors)")
    }

    @Test func trainsEveryArchitecture() async throws {
        let choices = [
            ["standard", "--sparsity", "0.5", "--final-power", "0.5", "--resample-every", "50"],
            ["gated", "--sparsity", "0.5", "--mask"], ["batchtopk", "--k", "8"],
            ["matryoshka", "--k", "8", "--prefixes", "24,96,192"],
            ["jumprelu", "--target-l0", "8", "--clip", "1"],
        ]
        for choice in choices {
            let plain = arguments(choice[0]).filter { $0 != "--k" && $0 != "8" }
            let result = try await Program.run(
                plain + ["--architecture"] + choice
                    + (choice[0] == "gated" ? ["--format", "dictionary-learning"] : []),
                in: scratch.folder)
            #expect(result.status == 0, "\(choice): \(result.errors)")
            #expect(result.output.contains("dictionary          \(choice[0])"))
        }
    }

    @Test func refusesOptionsThatDoNotBelongTogether() async throws {
        func refusal(_ more: [String], without: [String] = []) async throws -> String {
            let result = try await Program.run(
                arguments("x").filter { !without.contains($0) } + more, in: scratch.folder)
            #expect(result.status == 2)
            return result.errors
        }
        #expect(try await refusal(["--architecture", "standard"]).contains("--k does not belong"))
        #expect(try await refusal([], without: ["--k", "8"]).contains("topk needs --k"))
        #expect(try await refusal(["--corpus", "a"]).contains("2 are there"))
        #expect(try await refusal(["--positions", "5-2"]).contains("--positions 5-2"))
        #expect(try await refusal(["--threads", "0"]).contains("--threads 0"))
    }
}
