import Foundation
import Inquiry
import JSON
import Memory
import Reviewing
import Testing

/// Runs that wait for people, as a user runs them.
@Suite(.serialized) struct ApprovalProgramTests {
    private let study = [
        "explain", Program.example, "--games", "600", "--controls", "0", "--seed", "7", "--wave",
        "0", "--max-probes", "300", "--approvals", "policy.yaml", "--memory", "memory.sqlite",
    ]

    private func scratch(_ policy: String) throws -> Scratch {
        let scratch = try Scratch()
        try policy.write(toFile: scratch.path("policy.yaml"), atomically: true, encoding: .utf8)
        return scratch
    }

    private func run(_ scratch: Scratch, _ arguments: [String]) async throws -> Program.Result {
        try await Program.run(arguments + ["--memory", "memory.sqlite"], in: scratch.folder)
    }

    private func report(_ scratch: Scratch, _ run: String) throws -> String {
        try String(contentsOfFile: scratch.path("\(run)/report.html"), encoding: .utf8)
    }

    private func onlyRun(_ person: ReviewingPerson) async throws -> String {
        try #require(try await person.store.runs().first?.id)
    }

    /// Approves whatever is asked until the program ends.
    ///
    /// - Returns: the longest time in seconds from the last decision of a round to the journal's next event.
    private func approveAll(
        _ program: Program.Running, _ person: ReviewingPerson, run: String, inquiry: String
    ) async throws -> Double {
        var longest = 0.0
        var decided: ContinuousClock.Instant?
        var count = 0
        while program.process.isRunning {
            let lines = try await person.items()
            if !lines.isEmpty {
                // Everything that waits is asked together; then the run is seen to wait.
                try await Task.sleep(for: .milliseconds(400))
                guard try await person.items().count == lines.count else { continue }
                #expect(lines.allSatisfy { $0.kind == .hypothesis })
                count = try await person.events(run, inquiry).count
                try await person.approve(lines)
                decided = .now
            } else if let moment = decided, try await person.events(run, inquiry).count > count {
                longest = max(longest, (ContinuousClock.now - moment) / .seconds(1))
                decided = nil
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return longest
    }

    @Test func goesOnWithinASecondOfTheDecision_alsoAfterItWasKilledWhileWaiting() async throws {
        var reports: [String] = []
        for kills in [0, 2] {
            let scratch = try scratch("approve: {hypothesis: always}")
            let person = try ReviewingPerson(scratch)
            var program = try Program.Running(study + ["--features", "3"], in: scratch.folder)
            _ = try await person.items(atLeast: 1)
            let run = try await onlyRun(person)
            for _ in 0..<kills {
                program.signal(SIGKILL)
                _ = try await program.wait()
                let before = try await person.items().map(\.id)
                program = try Program.Running(
                    ["resume", run, "--memory", "memory.sqlite"], in: scratch.folder)
                try await Task.sleep(for: .milliseconds(400))
                let now = try await person.items()
                #expect(Set(before).isSubset(of: now.map(\.id)))
                #expect(Set(now.map(\.claim)).count == now.count, "asked twice")
            }
            let delay = try await approveAll(program, person, run: run, inquiry: "latent 3")
            let result = try await program.wait()
            try #require(result.status == 0, "\(result.errors)")
            print("from decision to the journal's next event: \(delay) s at most")
            #expect(delay < 5)
            let counts = try await person.store.measurementCounts(run: run)
            #expect(counts.asked == counts.held, "something was measured twice")
            reports.append(try report(scratch, run))
            let verified = try await self.run(scratch, ["verify", run])
            #expect(verified.status == 0, "\(verified.errors)")
            _ = try await person.queue.verify()
        }
        #expect(reports[0] == reports[1])
        #expect(reports[0].contains("approved by ann"))
    }

    @Test func whatNobodyAnswersInTimeIsNotApproved() async throws {
        let scratch = try scratch("approve: {hypothesis: {always: true, hours: 0.0003}}")
        let result = try await Program.run(study + ["--features", "3"], in: scratch.folder)
        try #require(result.status == 0, "\(result.errors)")
        let person = try ReviewingPerson(scratch)
        let run = try await onlyRun(person)
        let events = try await person.events(run, "latent 3")
        #expect(events.last == .stopped(.nothingApproved))
        #expect(try report(scratch, run).contains("not answered in time"))
        let verified = try await self.run(scratch, ["verify", run])
        #expect(verified.status == 0, "\(verified.errors)")
    }

    @Test func whatIsRejectedIsNeverMeasured_andWhatIsEditedIsTestedAsEdited() async throws {
        let scratch = try scratch("approve: {hypothesis: always}")
        let begun = try await Program.run(
            study + ["--features", "3", "--no-wait"], in: scratch.folder)
        #expect(begun.status == 4, "\(begun.errors)")
        #expect(begun.errors.contains("conjecture resume"))
        let person = try ReviewingPerson(scratch)
        let run = try await onlyRun(person)
        #expect(try await person.store.run(run).state == .interrupted)
        let lines = try await person.items()
        try #require(lines.count >= 2)
        let edited = try await person.sheet(lines[0])
        let formula = try #require(edited.sheet.formula)
        let shorter = formula.components(separatedBy: " & ").prefix(2).joined(separator: " & ")
        try await person.decide(.edit, lines[0], text: shorter)
        for line in lines.dropFirst() { try await person.decide(.reject, line, reason: "silly") }
        while try await self.run(scratch, ["resume", run, "--no-wait"]).status == 4 {
            for line in try await person.items() {
                try await person.decide(.reject, line, reason: "enough")
            }
        }
        let state = try InquiryState(
            plan: policyPlan, events: try await person.events(run, "latent 3"))
        let written = try #require(state.records.first { $0.hypothesis.origin == .person })
        #expect(written.hypothesis.formula == shorter)
        #expect(state.committed == written.hypothesis.id)
        #expect(!state.probes.isEmpty)
        #expect(state.probes.allSatisfy { $0.hypothesis == written.hypothesis.id })
        #expect(try report(scratch, run).contains("rejected by ann: silly"))
        let verified = try await self.run(scratch, ["verify", run])
        #expect(verified.status == 0, "\(verified.errors)")
    }

    @Test func aStudyOfTextsAsksToo() async throws {
        let scratch = try scratch(
            "approve: {hypothesis: always}\ncontrols: {shuffled: 1, duplicate: 1}")
        let stories = Program.root.appendingPathComponent("Examples/stories").path
        try """
        subject: \(stories)
        corpus: [\(stories)/tinystories-sample.txt]
        passages: 600
        features: 138
        controls: 0
        max-probes: 60
        approvals: policy.yaml
        no-wait: true
        """.write(toFile: scratch.path("study.yaml"), atomically: true, encoding: .utf8)
        let begun = try await run(scratch, ["explain", "study.yaml", "--seed", "4"])
        #expect(begun.status == 4, "\(begun.errors)")
        let person = try ReviewingPerson(scratch)
        let run = try await onlyRun(person)
        var isFirst = true
        repeat {
            for line in try await person.items() {
                // Planted items look like others; what is decided on them binds nothing.
                if isFirst, try await person.sheet(line).sheet.editable != nil {
                    try await person.decide(.edit, line, text: "contains(\"the\")")
                } else {
                    try await person.decide(.reject, line, reason: "no")
                }
            }
            isFirst = false
        } while try await self.run(scratch, ["resume", run, "--no-wait"]).status == 4
        let state = try InquiryState(
            plan: policyPlan, events: try await person.events(run, "latent 138"))
        #expect(state.isFinished && state.committed != nil)
        #expect(
            state.probes.allSatisfy {
                state.record($0.hypothesis)?.hypothesis.formula == "contains(\"the\")"
            })
        let verified = try await self.run(scratch, ["verify", run])
        #expect(verified.status == 0, "\(verified.errors)")
    }

    private var policyPlan: InquiryPlan {
        var plan = InquiryPlan()
        plan.approval = ApprovalPolicy(rules: [.hypothesis: .init(always: true)])
        return plan
    }

    @Test func oneInquiryWaits_andTheOtherFinishes() async throws {
        let scratch = try scratch("approve: {hypothesis: always}")
        let program = try Program.Running(
            study + ["--features", "3,17", "--concurrency", "1"], in: scratch.folder)
        let person = try ReviewingPerson(scratch)
        while try await Set(person.items().map(\.inquiry)).count < 2 {
            try await Task.sleep(for: .milliseconds(20))
        }
        let run = try await onlyRun(person)
        let own = try await person.items().filter { $0.inquiry == "latent 17" }
        let rest = try await person.items().count - own.count
        while true {
            for line in try await person.items() where line.inquiry == "latent 17" {
                try await person.decide(.approve, line)
            }
            let events = try await person.events(run, "latent 17")
            if try InquiryState(plan: policyPlan, events: events).isFinished { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try await person.events(run, "latent 3").count == 2)
        program.signal(SIGINT)
        #expect(try await program.wait().status == 130)
        let left = try await self.run(scratch, ["resume", run, "--no-wait"])
        #expect(left.status == 4)
        #expect(left.errors.contains("waits for \(rest) approvals"), "\(left.errors)")
        let late = try await self.run(scratch, ["resume", run, "--max-seconds", "2"])
        #expect(late.status == 3, "\(late.errors)")
    }

    @Test func anExplanationThatIsNotApprovedTeachesNothing_andAnExportWaits() async throws {
        let scratch = try scratch("approve: {explanation: always, export: always}")
        let begun = try await Program.run(
            study + ["--features", "3,17", "--no-wait"], in: scratch.folder)
        #expect(begun.status == 4, "\(begun.errors)")
        let person = try ReviewingPerson(scratch)
        let run = try await onlyRun(person)
        for line in try await person.items(.explanation) {
            let sheet = try await person.sheet(line)
            #expect(!"\(sheet.sheet.evidence)\(sheet.sheet.facts)".contains("supported"))
            if line.inquiry == "latent 3" {
                try await person.decide(.reject, line, reason: "too long")
            } else {
                try await person.decide(.edit, line, text: "my own words")
            }
        }
        let ended = try await self.run(scratch, ["resume", run])
        try #require(ended.status == 0, "\(ended.errors)")
        let lessons = try await person.store.search("my own words", limit: 10)
        #expect(lessons.map(\.inquiry) == ["latent 17"])
        #expect(try await person.store.search("latent", limit: 10).count == 1)
        let page = try report(scratch, run)
        #expect(page.contains("rejected by ann: too long") && page.contains("my own words"))

        let export = ["export", run, "--format", "csv", "--out", "out.csv"]
        #expect(try await self.run(scratch, export + ["--no-wait"]).status == 4)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("out.csv")))
        try await person.approve(try await person.items(.export))
        let written = try await self.run(scratch, export + ["--no-wait"])
        #expect(written.status == 0, "\(written.errors)")
        let table = try String(contentsOfFile: scratch.path("out.csv"), encoding: .utf8)
        #expect(table.contains("my own words") && !table.contains("latent 3"))
        let other = ["export", run, "--format", "jsonl", "--out", "out.jsonl", "--no-wait"]
        #expect(try await self.run(scratch, other).status == 4)
        let asked = try #require(try await person.items(.export).first)
        try await person.decide(.reject, asked, reason: "not yet")
        let refused = try await self.run(scratch, other)
        #expect(refused.status == 1 && refused.errors.contains("not yet"), "\(refused.errors)")
    }

    @Test(arguments: [
        ("approve: {hypotheses: always}", "approve.hypotheses"),
        ("approve: {tool: {above: 3}}", "approve.tool.above"),
        ("approve: {tool: {raters: 2}}", "approve.tool"),
        ("approve: {pack: {below-score: 0.4}}", "pack has no score"),
        ("approve: {pack: {share: 2}}", "approve.pack.share"),
        ("approve: {pack: sometimes}", "approve.pack"),
        ("approve: {}\nwatch: {}", "watch"),
        ("controls: {shuffled: 0.1}", "approve"),
        ("approve: [", "not YAML"),
    ])
    func namesWhatIsWrongWithAPolicy(_ policy: String, _ name: String) async throws {
        let scratch = try scratch(policy)
        let result = try await Program.run(study + ["--features", "3"], in: scratch.folder)
        #expect(result.status != 0)
        #expect(
            result.errors.contains("policy.yaml") && result.errors.contains(name),
            "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }
}
