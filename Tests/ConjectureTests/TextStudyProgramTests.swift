import Foundation
import JSON
import LinearAlgebra
import Memory
import ScriptedServer
import Testing

/// Studies of a language model's features, as a user runs them.
@Suite(.serialized) struct TextStudyProgramTests {
    private static let stories = Program.root.appendingPathComponent("Examples/stories").path
    private let study = [
        stories, "--corpus", stories + "/tinystories-sample.txt", "--passages", "900",
        "--random", "3", "--controls", "1", "--seed", "4", "--wave", "1",
    ]

    private func report(_ scratch: Scratch, _ folder: String, _ run: String) throws -> String {
        try String(
            contentsOf: scratch.folder.appendingPathComponent("\(folder)/\(run)/report.html"),
            encoding: .utf8)
    }

    @Test func killedAnywhere_givesTheSameReport_whichVerifies() async throws {
        let scratch = try Scratch()
        let whole = try await Program.run(
            ["explain"] + study + ["--json", "--memory", "a/memory.sqlite"], in: scratch.folder)
        try #require(whole.status == 0, "\(whole.errors)")
        let result = try JSONValue(parsing: whole.output)
        let run = try #require(result["run"]?.string)
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<6 {
            let isBegun = FileManager.default.fileExists(atPath: scratch.path("b/memory.sqlite"))
            let known =
                isBegun
                ? try await Store(path: scratch.path("b/memory.sqlite")).runs().first?.id : nil
            let program = try Program.Running(
                (known.map { ["resume", $0] } ?? ["explain"] + study)
                    + ["--memory", "b/memory.sqlite"], in: scratch.folder)
            try await Task.sleep(for: .seconds(0.3 + 1.5 * generator.unit()))
            program.signal(SIGKILL)
            _ = try await program.wait()
        }
        let last = try await Program.run(
            ["resume", run, "--memory", "b/memory.sqlite"], in: scratch.folder)
        try #require(last.status == 0, "\(last.errors)")
        let page = try report(scratch, "a", run)
        #expect(try report(scratch, "b", run) == page)
        let counts = try await Store(path: scratch.path("b/memory.sqlite"))
            .measurementCounts(run: run)
        #expect(counts.asked == counts.held, "something was measured twice")

        let verified = try await Program.run(
            ["verify", run, "--memory", "a/memory.sqlite"], in: scratch.folder)
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(page.contains("<span class=\"s9\""))
        #expect(page.contains("What it writes"))
        #expect(
            !page.contains("http://") && !page.contains("https://") && !page.contains("<script"))
    }

    @Test func aStudyIsOneFile_andTheCommandLineGoesBeforeIt() async throws {
        let scratch = try Scratch()
        let file = """
            subject: \(Self.stories)
            corpus: [\(Self.stories)/tinystories-sample.txt]
            passages: 900
            random: 40
            controls: 0
            fresh: true
            seed: 4
            """
        try file.write(toFile: scratch.path("study.yaml"), atomically: true, encoding: .utf8)
        let run = try await Program.run(
            ["explain", "study.yaml", "--features", "3", "--json", "--budget", "1USD"],
            in: scratch.folder)
        try #require(run.status == 0, "\(run.errors)")
        let features = try JSONValue(parsing: run.output)["features"]?.array
        #expect(features?.compactMap { $0["feature"]?.string } == ["latent 3"])

        try "subject: x\nrandom: 2\ncorpse: y".write(
            toFile: scratch.path("bad.yaml"), atomically: true, encoding: .utf8)
        let bad = try await Program.run(["explain", "bad.yaml"], in: scratch.folder)
        #expect(bad.status != 0)
        #expect(bad.errors.contains("--corpse"))
    }

    @Test func aModelOfTextWithoutTexts_isRefusedWithTheCure() async throws {
        let scratch = try Scratch()
        let run = try await Program.run(
            ["explain", Self.stories, "--random", "2"], in: scratch.folder)
        #expect(run.status != 0)
        #expect(run.errors.contains("--corpus FILE"))
    }
}
