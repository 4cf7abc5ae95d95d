import Foundation
import GRDB
import JSON
import Memory
import ScriptedServer
import SubjectMaterial
import Testing

/// Mining as users run it.
@Suite(.serialized) struct MineCommandTests {
    private let columns = ["--text", "text", "--target", "helpful", "--group", "product"]

    private func scratch(_ rows: String, name: String = "rows.jsonl") throws -> Scratch {
        let scratch = try Scratch()
        try Data(rows.utf8).write(to: scratch.folder.appendingPathComponent(name))
        return scratch
    }

    private func json(_ result: Program.Result) throws -> JSONValue {
        try JSONValue(parsing: result.output)
    }

    private func bytes(_ scratch: Scratch, _ path: String) throws -> Data {
        try Data(contentsOf: scratch.folder.appendingPathComponent(path))
    }

    private func run(_ scratch: Scratch, _ arguments: [String]) async throws -> Program.Result {
        try await Program.run(arguments + ["--memory", "memory.sqlite"], in: scratch.folder)
    }

    @Test func minesOffline_verifies_andScoresNewRowsByTheSamePack() async throws {
        let scratch = try scratch(SampleReviews.jsonl(300, seed: 1))
        let mined = try await run(
            scratch, ["mine", "rows.jsonl"] + columns + ["--null-runs", "4", "--json"])
        try #require(mined.status == 0, "\(mined.errors)")
        let output = try json(mined)
        let names = (output["record"]?["features"]?.array ?? []).compactMap { $0["name"]?.string }
        #expect(names.contains("hedges"))
        let run = try #require(output["run"]?.string)
        let pack = try #require(output["pack"]?.string)
        let verified = try await self.run(scratch, ["verify", run])
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(verified.output.contains("the report is the one that was written"))

        let scored = try await Program.run(
            ["score", pack, "rows.jsonl", "--shares"], in: scratch.folder)
        try #require(scored.status == 0, "\(scored.errors)")
        let lines = scored.output.split(separator: "\n")
        #expect(lines.count == 300)
        for line in lines.prefix(20) {
            let row = try JSONValue(parsing: String(line))
            let shares = (row["features"]?.array ?? []).compactMap { $0["share"]?.number }
            let sum = shares.reduce(row["intercept"]?.number ?? 0, +)
            #expect(abs(sum - (row["score"]?.number ?? .nan)) < 1e-9)
        }
        let told = try await Program.run(
            ["explain-row", pack, "rows.jsonl", "--row", "17"], in: scratch.folder)
        #expect(told.status == 0, "\(told.errors)")
        #expect(told.output.contains("intercept") && told.output.contains("score"))
    }

    @Test func aFolderOfTools_keepsWhatIsConfirmed_andServesOtherRows() async throws {
        let scratch = try scratch(SampleReviews.jsonl(300, seed: 8))
        try Data(SampleReviews.jsonl(300, seed: 9).utf8).write(
            to: scratch.folder.appendingPathComponent("more.jsonl"))
        var origins: [[String]] = []
        for (rows, memory) in [
            ("rows.jsonl", "a.sqlite"), ("rows.jsonl", "b.sqlite"), ("more.jsonl", "c.sqlite"),
        ] {
            let mined = try await Program.run(
                ["mine", rows] + columns
                    + [
                        "--null-runs", "0", "--tools", "tools", "--json", "--memory", memory,
                        "--seed", "5",
                    ], in: scratch.folder)
            try #require(mined.status == 0, "\(mined.errors)")
            let features = try json(mined)["record"]?["features"]?.array ?? []
            origins.append(features.compactMap { $0["origin"]?.string })
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch.path("tools"))
        #expect(files.contains("hedges@1.json"), "\(files)")
        #expect(!origins[0].contains("experience") && origins[1] == origins[0])
        #expect(origins[2].contains("experience"))
    }

    @Test func theSameSeedGivesTheSameReportAndPack_alsoFromAStudyInAFile() async throws {
        let scratch = try scratch(SampleReviews.jsonl(200, seed: 2))
        try Data(
            """
            rows: rows.jsonl
            text: text
            target: helpful
            group: product
            null-runs: 9
            """.utf8
        ).write(to: scratch.folder.appendingPathComponent("study.yaml"))
        var reports: [Data] = []
        var packs: [Data] = []
        for (study, memory) in [
            (["rows.jsonl"] + columns, "a/memory.sqlite"), (["study.yaml"], "b/memory.sqlite"),
        ] {
            let mined = try await Program.run(
                ["mine"] + study + ["--null-runs", "2", "--memory", memory, "--json"],
                in: scratch.folder)
            try #require(mined.status == 0, "\(mined.errors)")
            let output = try json(mined)
            reports.append(try bytes(scratch, try #require(output["report"]?.string)))
            packs.append(
                try bytes(scratch, try #require(output["pack"]?.string) + "/pack.json"))
        }
        #expect(reports[0] == reports[1])
        #expect(packs[0] == packs[1])
    }

    @Test func runsTheWholeLoopWithAModel_andASecondTaskAsksLess() async throws {
        let scratch = try scratch(SampleReviews.jsonl(300, seed: 3))
        try Data(SampleReviews.jsonl(300, seed: 4).utf8).write(
            to: scratch.folder.appendingPathComponent("more.jsonl"))
        let server = try MiningServer.start()
        let model = ["--model", server.url + "/v1#miner", "--null-runs", "2", "--json"]
        let first = try await run(scratch, ["mine", "rows.jsonl"] + columns + model)
        try #require(first.status == 0, "\(first.errors)")
        let record = try #require(try json(first)["record"])
        let features = record["features"]?.array ?? []
        let kinds = Set(features.compactMap { $0["kind"]?.string })
        #expect(kinds == ["expression", "python", "prompt"], "\(record)")
        let reliability = features.first { $0["name"] == "tells-of-lanterns" }?["reliability"]?
            .number
        #expect(reliability == 1)
        let scores = Set((record["scores"]?.array ?? []).compactMap { $0["name"]?.string })
        #expect(scores.contains("one overall rating"))
        let dropped = record["dropped"]?.array ?? []
        #expect(dropped.contains { $0["name"] == "unreadable-one" })
        // A question of which every answer is the same is found out by running it, not by 300 calls.
        #expect(dropped.contains { $0["name"] == "weather" })
        let asked = MiningServer.roles(of: server)
        #expect(asked["personas"] == 1 && asked["contraster"] == 3 && asked["repairer"] ?? 0 >= 1)
        #expect(asked["reflector"] == 1 || asked["reflector"] == 2)

        let verified = try await run(
            scratch, ["verify", try #require(try json(first)["run"]?.string)])
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(MiningServer.roles(of: server) == asked)

        let before = server.requests.count
        let second = try await run(scratch, ["mine", "more.jsonl"] + columns + model)
        try #require(second.status == 0, "\(second.errors)")
        let origins = Set(
            (try json(second)["record"]?["features"]?.array ?? []).compactMap {
                $0["origin"]?.string
            })
        #expect(origins.contains("experience"))
        #expect(MiningServer.roles(of: server)["personas"] == 1)
        #expect(server.requests.count - before < before)
    }

    /// An encoder that knows the words of some rows.
    private func encoder(of rows: String) throws -> TemporaryFolder {
        let words = Set(rows.lowercased().split { !("a"..."z").contains($0) }.map(String.init))
            .sorted()
        return try RandomEncoder.write(
            themes: stride(from: 0, to: words.count, by: 20).map {
                Array(words[$0..<min($0 + 20, words.count)])
            }, contextLength: 128)
    }

    @Test func aKilledRunGoesOn_andAsksNothingTwice() async throws {
        let rows = SampleReviews.jsonl(200, seed: 5)
        let scratch = try scratch(rows)
        let encoder = try encoder(of: rows)
        let arguments =
            ["mine", "rows.jsonl"] + columns
            + ["--null-runs", "1", "--embedding", encoder.path, "--json"]
        let whole = try MiningServer.start()
        let undisturbed = try await Program.run(
            arguments + ["--model", whole.url + "/v1#miner", "--memory", "whole.sqlite"],
            in: scratch.folder)
        try #require(undisturbed.status == 0, "\(undisturbed.errors)")
        // Beside the readings of high rows, of low ones and of pairs, one of kinds of texts.
        #expect(MiningServer.roles(of: whole)["contraster"] == 4)
        let scores = try json(undisturbed)["record"]?["scores"]?.array ?? []
        #expect(scores.contains { $0["name"] == "embedding and ridge" })

        let server = try MiningServer.start(delay: 0.01)
        let running = try Program.Running(
            arguments + ["--model", server.url + "/v1#miner", "--memory", "memory.sqlite"],
            in: scratch.folder)
        while server.requests.count < 60 { try await Task.sleep(for: .milliseconds(20)) }
        running.signal(SIGKILL)
        _ = try await running.wait()
        let name = try #require(
            try await Store(path: scratch.path("memory.sqlite")).runs().first?.id)
        let resumed = try await run(
            scratch, ["resume", name, "--model", server.url + "/v1#miner", "--json"])
        try #require(resumed.status == 0, "\(resumed.errors)")
        // What was under way when it died may have to be asked again; nothing that was answered is.
        #expect(server.requests.count <= whole.requests.count + 8)
        #expect(
            try json(resumed)["record"]?["features"] == json(undisturbed)["record"]?["features"])
    }

    @Test(arguments: [
        (["--text", "body", "--target", "helpful"], "body"),
        (["--text", "text", "--target", "votes"], "votes"),
    ])
    func namesTheColumnThatIsMissing(_ columns: [String], _ name: String) async throws {
        let scratch = try scratch(SampleReviews.jsonl(60, seed: 6))
        let result = try await run(scratch, ["mine", "rows.jsonl"] + columns)
        #expect(result.status == 1)
        #expect(result.errors.contains(name), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func refusesAnAlteredPack_andAPackThatNeedsAModel() async throws {
        let scratch = try scratch(SampleReviews.jsonl(200, seed: 7))
        let server = try MiningServer.start()
        let mined = try await run(
            scratch,
            ["mine", "rows.jsonl"] + columns
                + ["--model", server.url + "/v1#miner", "--null-runs", "0", "--pack", "pack"])
        try #require(mined.status == 0, "\(mined.errors)")
        let bare = try await Program.run(["score", "pack", "rows.jsonl"], in: scratch.folder)
        #expect(bare.status == 1)
        #expect(bare.errors.contains("tells-of-lanterns"), "\(bare.errors)")
        let stood = try await Program.run(
            ["score", "pack", "rows.jsonl", "--stand-ins"], in: scratch.folder)
        #expect(stood.status == 0, "\(stood.errors)")

        let card = scratch.folder.appendingPathComponent("pack/card.md")
        try (try String(contentsOf: card, encoding: .utf8) + "better").write(
            to: card, atomically: true, encoding: .utf8)
        let altered = try await Program.run(
            ["score", "pack", "rows.jsonl", "--stand-ins"], in: scratch.folder)
        #expect(altered.status == 1)
        #expect(altered.errors.contains("does not fit its hash"), "\(altered.errors)")
    }
}
