import Foundation
import Inquiry
import JSON
import Memory
import Reviewing
import ScriptedServer
import Testing

/// Mining that waits for people, as users run it.
@Suite(.serialized) struct MiningApprovalTests {
    private func scratch(_ policy: String, seed: UInt64) throws -> Scratch {
        let scratch = try Scratch()
        try policy.write(toFile: scratch.path("policy.yaml"), atomically: true, encoding: .utf8)
        try Data(SampleReviews.jsonl(200, seed: seed).utf8).write(
            to: scratch.folder.appendingPathComponent("rows.jsonl"))
        return scratch
    }

    private func mine(_ scratch: Scratch, _ more: [String]) async throws -> Program.Result {
        try await run(
            scratch,
            [
                "mine", "rows.jsonl", "--text", "text", "--target", "helpful", "--group", "product",
                "--null-runs", "0", "--approvals", "policy.yaml", "--no-wait", "--json",
            ] + more)
    }

    private func run(_ scratch: Scratch, _ arguments: [String]) async throws -> Program.Result {
        try await Program.run(arguments + ["--memory", "memory.sqlite"], in: scratch.folder)
    }

    @Test func noProgramIsRunBeforeItWasApproved_andNothingIsAskedTwice() async throws {
        let scratch = try scratch("approve: {tool: always}", seed: 3)
        let server = try MiningServer.start()
        let model = ["--model", server.url + "/v1#miner"]
        let begun = try await mine(scratch, model)
        try #require(begun.status == 4, "\(begun.errors)")
        let person = try ReviewingPerson(scratch)
        let run = try #require(try await person.store.runs().first?.id)
        let resume = ["resume", run, "--no-wait", "--json"] + model
        let first = try await person.items()
        #expect(first.map(\.kind) == [.tool] && first.map(\.inquiry) == ["quartz-count"])
        #expect(MiningServer.roles(of: server)["repairer"] == nil, "it ran before it was approved")
        try await person.approve(first)

        // Its fault shows when it is run; what it is mended to must be approved too.
        let again = try await self.run(scratch, resume)
        try #require(again.status == 4, "\(again.errors)")
        #expect(MiningServer.roles(of: server)["repairer"] == 1)
        let second = try await person.items()
        try #require(second.count == 1)
        let source = try #require(try await person.sheet(second[0]).sheet.editable?.text)
        try await person.decide(.edit, second[0], text: "# halves fail\n" + source)

        let ended = try await self.run(scratch, resume)
        try #require(ended.status == 0, "\(ended.errors)")
        let record = try #require(try JSONValue(parsing: ended.output)["record"])
        let feature = (record["features"]?.array ?? []).first { $0["name"] == "quartz-count" }
        #expect(feature?["definition"]?.string?.hasPrefix("# halves fail") == true, "\(record)")
        let asked = MiningServer.roles(of: server)
        #expect(asked["personas"] == 1 && asked["repairer"] == 1 && asked["contraster"] == 3)
        let verified = try await self.run(scratch, ["verify", run])
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(MiningServer.roles(of: server) == asked)
        let page = try String(contentsOfFile: scratch.path("\(run)/report.html"), encoding: .utf8)
        #expect(page.contains("edited by ann"))
    }

    @Test func aProgramThatIsRejectedIsNeverRun() async throws {
        let scratch = try scratch("approve: {tool: always}", seed: 3)
        let server = try MiningServer.start()
        let model = ["--model", server.url + "/v1#miner"]
        #expect(try await mine(scratch, model).status == 4)
        let person = try ReviewingPerson(scratch)
        let run = try #require(try await person.store.runs().first?.id)
        for line in try await person.items() {
            try await person.decide(.reject, line, reason: "reads too much")
        }
        let ended = try await self.run(
            scratch, ["resume", run, "--no-wait", "--json"] + model)
        try #require(ended.status == 0, "\(ended.errors)")
        let dropped = try JSONValue(parsing: ended.output)["record"]?["dropped"]?.array ?? []
        let reason = dropped.first { $0["name"] == "quartz-count" }?["reason"]?.string
        #expect(reason == "not approved: rejected by ann: reads too much")
        #expect(MiningServer.roles(of: server)["repairer"] == nil)
    }

    @Test func featuresAndPackWaitForPeople() async throws {
        let scratch = try scratch("approve: {feature: always, pack: {above-cost: 0}}", seed: 1)
        let begun = try await mine(scratch, ["--tools", "tools"])
        try #require(begun.status == 4, "\(begun.errors)")
        let person = try ReviewingPerson(scratch)
        let run = try #require(try await person.store.runs().first?.id)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("\(run)/pack")))
        let features = try await person.items(.feature)
        let rejected = try #require(features.first)
        try await person.decide(.reject, rejected, reason: "chance")
        for line in features.dropFirst() { try await person.decide(.edit, line, text: "Renamed") }
        for line in try await person.items(.pack) {
            try await person.decide(.reject, line, reason: "too few rows")
        }
        let ended = try await self.run(scratch, ["resume", run, "--tools", "tools"])
        try #require(ended.status == 0, "\(ended.errors)")
        #expect(ended.output.contains("not written: rejected by ann: too few rows"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("\(run)/pack")))
        let files =
            (try? FileManager.default.contentsOfDirectory(atPath: scratch.path("tools"))) ?? []
        #expect(files.count == features.count - 1, "\(files)")
        #expect(!files.contains { $0.hasPrefix(rejected.inquiry + "@") })
        for file in files {
            let text = try String(contentsOfFile: scratch.path("tools/\(file)"), encoding: .utf8)
            #expect(text.contains("Renamed"))
        }
        let verified = try await self.run(scratch, ["verify", run])
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(verified.output.contains("the report is the one that was written"))
        let report = try await self.run(scratch, ["report", run, "--output", "again.html"])
        #expect(report.status == 0, "\(report.errors)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("\(run)/pack")))
    }
}
