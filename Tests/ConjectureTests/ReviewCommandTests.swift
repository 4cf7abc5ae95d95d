import Foundation
import GRDB
import JSON
import Reviewing
import Testing

/// The review commands as scripts use them.
@Suite struct ReviewCommandTests {
    let sample: SampleQueue

    init() throws { sample = try SampleQueue() }

    private func review(_ arguments: String..., rater: String? = "ann") async throws
        -> Program.Result
    {
        try await Program.run(
            ["review"] + arguments + ["--memory", sample.path]
                + (rater.map { ["--rater", $0] } ?? []), in: sample.scratch.folder)
    }

    @Test func itemIsListedShownAndDecided() async throws {
        let id = try await sample.submit(1)
        let list = try await review("list")
        #expect(list.output.contains("\(id)\tpending\texplanation\texplain-1a2b3c4d\tlatent 1\t"))
        // Without a terminal, the screen is the list.
        #expect(try await review().output == list.output)

        let show = try await review("show", id)
        #expect(show.output.contains("fires on word 1"))
        #expect(!show.output.contains("supported"))
        let hash = try #require(
            show.output.split(separator: "\n").first?.split(separator: " ").last)
        let act = [
            "decide", id, "approve", "--hash", String(hash.prefix(8)), "--rating", "5", "--nonce",
            "n",
        ]
        for _ in 0..<2 {
            let done = try await Program.run(
                ["review"] + act + ["--memory", sample.path, "--rater", "ann"],
                in: sample.scratch.folder)
            #expect(done.output == "\(id): approved\n")
        }
        #expect(try await sample.queue.verify().decisions == 1)
        #expect(try await review("show", id).output.contains("supported"))
        let undone = try await review("decide", id, "undo", "--json")
        #expect(undone.output == "{\"item\":\"\(id)\",\"state\":\"pending\"}\n")
    }

    @Test func jsonIsThatOfTheQueue() async throws {
        let id = try await sample.submit(1)
        let list = try await review("list", "--json")
        let page = try JSONDecoder().decode(ReviewPage.self, from: Data(list.output.utf8))
        #expect(page.lines.map(\.id) == [id])
        let show = try await review("show", id, "--json")
        let value = try #require(
            try JSONSerialization.jsonObject(with: Data(show.output.utf8)) as? [String: Any])
        let hash = try await sample.queue.sheet(of: id, rater: "ann").contentHash
        #expect(value["contentHash"] as? String == hash)
        #expect(value["revealed"] == nil)
    }

    @Test func refusalsSayWhatToDo() async throws {
        let id = try await sample.submit(1)
        let stale = try await review("decide", id, "approve", "--hash", "00000000")
        #expect(stale.status == 1)
        #expect(stale.errors.contains("what you were shown has changed since"))
        let hash = try await sample.queue.sheet(of: id, rater: "ann").contentHash
        let silent = try await review("decide", id, "reject", "--hash", hash)
        #expect(silent.status == 1)
        #expect(silent.errors.contains("a rejection needs a reason"))
        #expect(try await review("decide", id, "approve").status == 2)
        #expect(try await review("decide", id, "edit", "--hash", hash).status == 2)
        #expect(try await review("show", "e-nothing").errors.contains("there is no item"))
        #expect(try await review("list", rater: "a b").errors.contains("is no name for a rater"))
        #expect(try await sample.queue.verify().decisions == 0)
    }

    @Test func auditIsChecked() async throws {
        let id = try await sample.submit(1)
        let hash = try await sample.queue.sheet(of: id, rater: "ann").contentHash
        try await sample.queue.act(.init(.approve, contentHash: hash), on: id, rater: "ann")
        let good = try await review("verify", "--json", rater: nil)
        let head = try JSONDecoder().decode(
            ReviewAuditSummary.self, from: Data(good.output.utf8)
        ).head
        #expect(try await review("verify", "--head", head, rater: nil).status == 0)
        let cut = try await review("verify", "--head", "ab12", rater: nil)
        #expect(cut.status == 1)
        #expect(cut.errors.contains("no event has the hash ab12"))
        let database = try DatabaseQueue(path: sample.path)
        try await database.write { database in
            for trigger in try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'")
            where trigger.contains("review") {
                try database.execute(sql: "DROP TRIGGER \"\(trigger)\"")
            }
            try database.execute(sql: "UPDATE reviewEvent SET actor = 'eve' WHERE sequence = 2")
        }
        let bad = try await review("verify", rater: nil)
        #expect(bad.status == 1)
        #expect(bad.errors.contains("event 2"))
    }

    @Test func exportsAreBlind_unlessRevealed() async throws {
        let open = try await sample.submit(1, raters: 2)
        let settled = try await sample.submit(2)
        for id in [open, settled] {
            let hash = try await sample.queue.sheet(of: id, rater: "ann").contentHash
            try await sample.queue.act(
                .init(.reject, contentHash: hash, reason: "a, b"), on: id, rater: "ann")
        }
        let csv = try await review("export", "--format", "csv", rater: nil)
        let lines = csv.output.split(separator: "\r\n")
        #expect(lines.count == 3)
        #expect(lines.contains { $0.hasPrefix(open) && $0.contains(",pending,") })
        #expect(lines.contains { $0.hasPrefix(settled) && $0.contains("\"a, b\"") })
        let out = sample.scratch.path("all.jsonl")
        let written = try await review(
            "export", "--format", "jsonl", "--reveal", "--out", out, rater: nil)
        #expect(written.status == 0)
        let records = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(ReviewRecord.self, from: Data($0.utf8))
        }
        #expect(records.map(\.id) == [open, settled])
        #expect(records[0].votes.map(\.rater) == ["ann"])
    }

    @Test func bundleIsWritten() async throws {
        let id = try await sample.submit(1)
        let out = sample.scratch.path("bundle")
        let written = try await review("bundle", "--out", out, rater: nil)
        #expect(written.status == 0)
        #expect(FileManager.default.fileExists(atPath: out + "/index.html"))
        #expect(FileManager.default.fileExists(atPath: out + "/items/\(id).html"))
        let again = try await review("bundle", "--out", out, rater: nil)
        #expect(again.status == 1)
    }

    @Test func agreementIsPrinted() async throws {
        let none = try await review("agreement", rater: nil)
        #expect(none.output == "nobody has decided anything yet\n")
        for number in 1...6 {
            let id = try await sample.submit(number, raters: 2)
            let hash = try await sample.queue.sheet(of: id, rater: "ann").contentHash
            for rater in ["ann", "bob"] {
                let isApproved = rater == "ann" ? number > 3 : number > 2
                try await sample.queue.act(
                    .init(
                        isApproved ? .approve : .reject, contentHash: hash, reason: "r",
                        rating: max(1, min(5, number - (rater == "bob" ? 1 : 0)))),
                    on: id, rater: rater)
            }
        }
        let text = try await review("agreement", "--replicates", "200", rater: nil).output
        #expect(text.contains("ann: 6 votes (3 approved, 0 edited, 3 rejected)"))
        #expect(text.contains("all kinds, decision, percent agreement: 0.833 ["))
        #expect(text.contains("ann and bob, decision, Cohen's kappa: 0.667 ["))
        let json = try await review("agreement", "--json", rater: nil)
        let table = try JSONDecoder().decode(RaterTable.self, from: Data(json.output.utf8))
        #expect(table.raters.map(\.rater) == ["ann", "bob"])
    }
}
