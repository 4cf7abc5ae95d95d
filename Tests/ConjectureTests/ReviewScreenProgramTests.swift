import Foundation
import Reviewing
import Testing

/// The review screen as a person uses it, in a terminal of tmux.
@Suite(.enabled(if: TmuxPane.isThere, "tmux is not installed"))
struct ReviewScreenProgramTests {
    let sample: SampleQueue

    init() throws { sample = try SampleQueue() }

    private func begin(
        columns: Int = 100, rows: Int = 30, environment: [String: String] = [:]
    ) async throws -> TmuxPane {
        let pane = try TmuxPane(
            columns: columns, rows: rows, in: sample.scratch.folder, environment: environment)
        try pane.type(
            "\(Program.executable.path) review --memory \(sample.path) --rater ann; echo \"rc=$?\"")
        try pane.press("Enter")
        return pane
    }

    private func vote(_ id: String) async throws -> ReviewEvent.Decision? {
        try await sample.queue.sheet(of: id, rater: "ann").revealed?.votes.last?.decision
    }

    /// The item that the screen shows.
    private func shown(_ pane: TmuxPane) throws -> String {
        let heading = try pane.text().split(separator: "\n").first ?? ""
        return heading.split(separator: " ").first { $0.hasPrefix("e-") }.map(String.init) ?? ""
    }

    @Test func everythingIsDecidedByKeys() async throws {
        for number in 1...6 { try await sample.submit(number) }
        let pane = try await begin()
        try await pane.wait(for: "open: 6")
        try pane.press("j", "k", "Enter")
        try await pane.wait(for: "1/6 explanation")
        try await pane.look()

        let approved = try shown(pane)
        try pane.press("4", "a")
        try await pane.wait(for: "\(approved): approve, approved")
        #expect(try await vote(approved)?.rating == 4)
        #expect(try #require(try await vote(approved)?.seconds) > 0.3)

        try await pane.look()
        let edited = try shown(pane)
        try pane.press("e")
        try await pane.wait(for: "edit the label")
        try pane.press("C-u")
        try pane.type("names of rivers é漢")
        try pane.press("Enter")
        try await pane.wait(for: "\(edited): edit, edited")
        #expect(try await vote(edited)?.edit?.text == "names of rivers é漢")

        try await pane.look()
        let rejected = try shown(pane)
        try pane.press("r", "Enter")
        try await pane.wait(for: "a rejection needs a reason")
        try pane.type("too vague")
        try pane.press("Enter")
        try await pane.wait(for: "\(rejected): reject, rejected")
        #expect(try await vote(rejected)?.reason == "too vague")

        try await pane.look()
        let deferred = try shown(pane)
        try pane.press("d")
        try await pane.wait(for: "\(deferred): defer, deferred")
        try await pane.look()
        let escalated = try shown(pane)
        try pane.press("x")
        try await pane.wait(for: "\(escalated): escalate, escalated")
        try pane.press("u")
        try await pane.wait(for: "\(escalated): taken back")

        try pane.press("q")
        try await pane.wait(for: "review · ann")
        try pane.press("Tab")
        try await pane.wait(for: "mine: 3")
        try pane.press("q")
        try await pane.wait(for: "rc=0")
        #expect(try await sample.queue.verify().decisions == 5)
    }

    @Test func filterAndHelp() async throws {
        for number in 1...12 { try await sample.submit(number) }
        let pane = try await begin()
        try await pane.wait(for: "open: 12")
        try pane.press("/")
        try pane.type("word 7")
        try pane.press("Enter")
        try await pane.wait(for: "open: 1 · \"word 7\"")
        try pane.press("?")
        try await pane.wait(for: "escalate to somebody else")
        try pane.press("Escape", "Escape")
        try await pane.wait(for: "open: 12")
    }

    /// Keys that come in one burst decide on nothing that was not yet seen.
    @Test func burstOfKeysDecidesOnce() async throws {
        for number in 1...5 { try await sample.submit(number) }
        let pane = try await begin()
        try await pane.wait(for: "open: 5")
        try pane.press("Enter")
        try await pane.wait(for: "1/5 explanation")
        try await pane.look()
        try pane.press("a", "a", "a", "a", "a")
        try await pane.wait(for: "1/4 explanation")
        try await pane.look()
        #expect(try await sample.queue.verify().decisions == 1)
    }

    @Test func screenFollowsItsSize() async throws {
        let id = try await sample.submit(1)
        let pane = try await begin()
        try await pane.wait(for: "open: 1")
        try pane.press("Enter")
        try await pane.wait(for: id)
        for (columns, rows) in [(60, 12), (20, 6), (3, 2), (140, 40)] {
            try pane.resize(columns: columns, rows: rows)
            try await pane.look()
            let lines = try pane.text().split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.allSatisfy { $0.count <= columns })
        }
        #expect(try pane.text().contains("Does the explanation say what the latent means?"))
        #expect(try pane.text().contains("a approve"))
    }

    /// However the program ends, the shell has its terminal back: lines are edited and echoed.
    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGSEGV, SIGABRT])
    func terminalIsRestored(signal: Int32) async throws {
        try await sample.submit(1)
        let pane = try await begin()
        try await pane.wait(for: "open: 1")
        kill(try pane.child(), signal)
        let isAsked = [SIGTERM, SIGINT, SIGHUP].contains(signal)
        try await pane.wait(for: isAsked ? "rc=130" : "rc=\(128 + signal)")
        try pane.type("stty -a | tr ';' '\\n' | grep -c -e '^ *icanon' -e ' echo '; echo done")
        try pane.press("Enter")
        let shown = try await pane.wait(for: "\ndone")
        #expect(!shown.contains("open: 1"))
        #expect(try pane.text().contains("echo done"))
    }

    @Test func hostileTextStaysText() async throws {
        try await sample.submit(1, text: "\u{1B}]0;stolen\u{7}\u{1B}[2Jafter\u{202E}")
        let pane = try await begin()
        try await pane.wait(for: "open: 1")
        try pane.press("Enter")
        let shown = try await pane.wait(for: "<U+001B>[2Jafter<U+202E>")
        #expect(shown.contains("fires on word 1"))
        #expect(try !pane.title.contains("stolen"))
    }

    @Test func coloursAreLeftOut_whenNoneAreWanted() async throws {
        try await sample.submit(1)
        for (value, isColoured) in [("", true), ("1", false)] {
            let pane = try await begin(environment: ["NO_COLOR": value])
            try await pane.wait(for: "open: 1")
            try pane.press("Enter")
            try await pane.wait(for: "it began")
            #expect(try pane.text(hasStyles: true).contains("33m") == isColoured)
            try pane.press("C-c")
            try await pane.wait(for: "rc=0")
        }
    }

    /// Another program decides on the item that is shown.
    @Test func othersAreSeenAtWork() async throws {
        let id = try await sample.submit(1)
        let pane = try await begin()
        try await pane.wait(for: "open: 1")
        try pane.press("Enter")
        try await pane.wait(for: id)
        let hash = try await sample.queue.sheet(of: id, rater: "bob").contentHash
        try await sample.queue.release(id, rater: "ann")
        let other = try await Program.run(
            [
                "review", "decide", id, "approve", "--hash", hash, "--rater", "bob", "--memory",
                sample.path,
            ], in: sample.scratch.folder)
        #expect(other.status == 0)
        try await pane.wait(for: "somebody has decided: approved")
        try pane.press("a")
        try await pane.wait(for: "somebody was quicker")
    }

    /// The sheet changes while it is shown: it stays, the decision is refused, Enter shows the new one.
    @Test func staleDecisionIsRefused() async throws {
        let id = try await sample.submit(1)
        let pane = try await begin()
        try await pane.wait(for: "open: 1")
        try pane.press("Enter")
        try await pane.wait(for: "it began")
        try await sample.submit(1, text: "the sun came out")
        try await pane.wait(for: "it has changed since you were shown it")
        #expect(try pane.text().contains("it began"))
        try pane.press("a")
        try await pane.wait(for: "what you were shown has changed")
        try pane.press("Enter")
        try await pane.wait(for: "the sun came out")
        try await pane.look()
        try pane.press("a")
        try await pane.wait(for: "\(id): approve, approved")
    }
}
