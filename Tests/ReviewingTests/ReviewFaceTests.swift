import BrowserDriver
import Foundation
import Inquiry
import JSON
import Memory
import Testing

@testable import Reviewing

/// What people do in a browser, with real keys and clicks against the real server.
@Suite(.enabled(if: HeadlessBrowser.path != nil, "needs chromium"), .serialized)
struct ReviewFaceTests {
    let fixture: WebFixture
    var queue: ReviewQueue { fixture.queue }

    init() throws { fixture = try WebFixture(raters: ["ann", "ben"]) }

    /// Whether the page's script listens to the keys.
    private static let isReady = "document.body.dataset.ready === ''"

    /// A tab in which a rater has come in by the address made for them.
    private func enter(_ rater: String, _ browser: HeadlessBrowser) async throws -> BrowserTab {
        let address = try #require(fixture.server.addresses.first { $0.rater == rater }).address
        let tab = try await browser.newTab(address)
        try await tab.wait(until: "document.body.dataset.connected === ''")
        return tab
    }

    private func submit(_ numbers: ClosedRange<Int>, raters: Int = 1) async throws -> [String] {
        var ids: [String] = []
        for number in numbers {
            ids.append(try await queue.submit(ReviewSample.request(number, raters: raters)))
        }
        return ids
    }

    private func open(_ id: String, in tab: BrowserTab) async throws {
        try await tab.goto("\(fixture.origin)/items/\(id)")
        try await tab.wait(until: "document.body.dataset.connected === ''")
    }

    private func id(in tab: BrowserTab) async throws -> String {
        try #require(try await tab.evaluate("document.querySelector('#item').dataset.id").string)
    }

    /// Waits until an item stands somewhere, claims aside.
    private func expect(
        _ id: String, _ state: ReviewState, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        func stored() async throws -> String? {
            try await fixture.store.readReviews { try $0.item(id: id)?.state }
        }
        for _ in 0..<500 where try await stored() != state.rawValue {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try await stored() == state.rawValue, sourceLocation: sourceLocation)
    }

    private func votes(on id: String) async throws -> [ReviewRecord.Vote] {
        try await queue.record(of: id, isRevealed: true).votes
    }

    @Test func keysAloneOpenRateApproveAndUndo() async throws {
        _ = try await submit(1...3)
        let browser = try await HeadlessBrowser()
        let tab = try await enter("ann", browser)
        #expect(try await tab.count("[data-row]") == 3)
        for key in ["j", "j", "k", "Enter"] { try await tab.press(key) }
        try await tab.wait(until: "document.querySelector('#item') && \(Self.isReady)")
        let first = try await id(in: tab)
        #expect(try await tab.text("#decision").contains("What was hidden") == false)
        for key in ["2", "4", "a"] { try await tab.press(key) }
        try await tab.wait(until: "document.querySelector('#last')?.checkVisibility()")
        try await expect(first, .approved)
        let vote = try #require(try await votes(on: first).first)
        #expect(vote.rater == "ann" && vote.decision.rating == 4)
        #expect(vote.decision.seconds < 60)
        let second = try await id(in: tab)
        #expect(second != first)
        #expect(try await tab.text("#last").contains("Approved"))
        try await tab.press("u")
        try await tab.wait(until: "document.querySelector('#item')?.dataset.id === '\(first)'")
        try await expect(first, .pending)
        // What was revealed stays known: the page says what was hidden, and can be decided again.
        try await tab.wait(
            until: "document.querySelector('#decision[data-open]') && \(Self.isReady)")
        try await tab.press("d")
        try await expect(first, .deferred)
        try await tab.wait(
            until: "document.querySelector('#item')?.dataset.id !== '\(first)' && \(Self.isReady)")
        let third = try await id(in: tab)
        try await tab.press("x")
        try await expect(third, .escalated)
        try tab.checkSilence()
        await browser.close()
    }

    @Test func editsAndRejectsWithAReason() async throws {
        let ids = try await submit(1...2)
        let browser = try await HeadlessBrowser()
        let tab = try await enter("ann", browser)
        try await open(ids[0], in: tab)
        try await tab.press("e")
        try await tab.type(" thrown away")
        try await tab.press("Escape")
        #expect(try await tab.evaluate("document.querySelector('#edit-form').hidden") == true)
        #expect(try await tab.evaluate("document.activeElement.dataset.key") == "e")
        try await tab.press("e")
        try await tab.evaluate("document.querySelector('#edit-text').select()")
        try await tab.type("fires on <b>rain</b>\nand “snow”")
        try await tab.press("Enter", .control)
        try await expect(ids[0], .edited)
        let edit = try #require(try await votes(on: ids[0]).first?.decision.edit)
        #expect(edit.text == "fires on <b>rain</b>\nand “snow”")
        #expect(edit.original == "fires on word number 1")

        try await tab.wait(
            until: "document.querySelector('#item')?.dataset.id === '\(ids[1])' "
                + "&& \(Self.isReady)")
        try await tab.press("r")
        try await tab.press("Enter")
        #expect(try await queue.sheet(of: ids[1], rater: "x").line.state.isOpen)
        try await tab.type("too broad <script>alert(1)</script>")
        try await tab.press("Enter")
        try await expect(ids[1], .rejected)
        #expect(
            try await votes(on: ids[1]).first?.decision.reason
                == "too broad <script>alert(1)</script>")
        // Nothing is left: back to the list. The settled one shows its reason as text.
        try await tab.wait(for: "#list")
        try await open(ids[1], in: tab)
        #expect(try await tab.text("#decision").contains("too broad <script>alert(1)</script>"))
        try tab.checkSilence()
        await browser.close()
    }

    @Test func filtersAndSearches() async throws {
        _ = try await submit(1...4)
        try await queue.submit(ReviewSample.request(9, kind: .tool))
        let browser = try await HeadlessBrowser()
        let tab = try await enter("ann", browser)
        try await tab.press("/")
        try await tab.type("NUMBER 3")
        try await tab.press("Enter")
        try await tab.wait(until: "document.querySelectorAll('[data-row]').length === 1")
        #expect(try await tab.text("[data-row]").contains("fires on word number 3"))
        try await tab.goto(fixture.origin + "/?kind=tool")
        #expect(try await tab.count("[data-row]") == 1)
        #expect(try await tab.evaluate("document.querySelector('select').value") == "tool")
        try await tab.goto(fixture.origin + "/runs")
        try await tab.wait(until: Self.isReady)
        try await tab.press("/")
        try await tab.type("number 9")
        try await tab.press("Enter")
        try await tab.wait(
            until: "document.querySelector('[data-row]') && \(Self.isReady)")
        try await tab.press("?")
        #expect(try await tab.evaluate("document.querySelector('#help').open") == true)
        try await tab.press("Escape")
        #expect(try await tab.evaluate("document.querySelector('#help').open") == false)
        try tab.checkSilence()
        await browser.close()
    }

    @Test func ofTwoWhoWantTheSameItem_oneGetsIt_andTheOtherIsTold() async throws {
        let ids = try await submit(1...2)
        let browser = try await HeadlessBrowser()
        let ann = try await enter("ann", browser)
        let ben = try await enter("ben", browser)
        try await open(ids[0], in: ann)
        try await ann.wait(until: "!document.body.matches('[aria-busy]')")
        for _ in 0..<200 where try await queue.sheet(of: ids[0], rater: "ben").claimedBy.isEmpty {
            try await Task.sleep(for: .milliseconds(20))
        }
        try await open(ids[0], in: ben)
        try await ben.wait(until: "document.querySelector('#message')?.checkVisibility()")
        try await ben.press("a")
        try await ben.wait(
            until: "document.querySelector('#message')?.textContent.includes('Nothing was decided')"
        )
        #expect(try await queue.sheet(of: ids[0], rater: "x").line.state.isOpen)

        try await ann.press("a")
        try await expect(ids[0], .approved)
        try await ben.wait(
            until: "document.querySelector('#message')?.textContent.includes('Somebody else')")
        #expect(try await ben.count("[data-does=approve]") == 0)
        #expect(try await ben.text("#decision").contains("approved"))
        #expect(try await votes(on: ids[0]).map(\.rater) == ["ann"])
        #expect(try await queue.verify().decisions == 1)
        #expect(ann.dialogs.isEmpty && ben.dialogs.isEmpty)
        await browser.close()
    }

    @Test func decisionOnASheetThatHasChangedIsRefused() async throws {
        let id = try await queue.submit(ReviewSample.request(1))
        let browser = try await HeadlessBrowser()
        let tab = try await enter("ann", browser)
        try await open(id, in: tab)
        #expect(
            try await queue.submit(ReviewSample.request(1, text: "other evidence altogether"))
                == id)
        // Told by itself, and refused all the same.
        try await tab.wait(
            until: "document.querySelector('#message')?.textContent.includes('has changed')")
        try await tab.press("a")
        try await tab.wait(
            until: "document.querySelector('#message')?.textContent.includes('look at it again')")
        #expect(try await queue.verify().decisions == 0)
        try await tab.click("[data-does=reload]")
        try await tab.wait(
            until: "document.querySelector('main')?.textContent.includes('other evidence') "
                + "&& \(Self.isReady)")
        try await tab.press("a")
        try await expect(id, .approved)
        await browser.close()
    }

    @Test func listFollowsOtherRatersAndOtherProcesses() async throws {
        let ids = try await submit(1...2)
        let other = ReviewQueue(store: try fixture.otherStore())
        let browser = try await HeadlessBrowser()
        let tab = try await enter("ann", browser)
        let rows = "document.querySelectorAll('[data-row]').length"
        #expect(try await tab.evaluate(rows) == 2)
        try await tab.press("j")
        let focused = try await tab.evaluate("document.activeElement.id")
        try await other.submit(ReviewSample.request(3))
        try await tab.wait(until: "\(rows) === 3")
        #expect(try await tab.evaluate("document.activeElement.id") == focused)
        let hash = try await other.sheet(of: ids[0], rater: "ben").contentHash
        try await other.act(.init(.approve, contentHash: hash), on: ids[0], rater: "ben")
        try await tab.wait(until: "\(rows) === 2")
        #expect(try await tab.text("#counts").contains("1\napproved"))
        try tab.checkSilence()
        await browser.close()
    }

    @Test func oneSeesOthersVotesOnlyAfterOnesOwn() async throws {
        let id = try await submit(1...1, raters: 2)[0]
        let browser = try await HeadlessBrowser()
        let ann = try await enter("ann", browser)
        let ben = try await enter("ben", browser)
        try await open(id, in: ann)
        try await ann.press("a")
        try await ann.wait(for: "#list")
        try await open(id, in: ben)
        let before = try await ben.evaluate("document.body.textContent").string ?? ""
        #expect(!before.contains("supported") && !before.contains("rule inducer"))
        #expect(!(try await ben.text("#decision").contains("ann")))
        try await ben.press("a")
        try await expect(id, .approved)
        try await ben.wait(for: "#list")
        try await open(id, in: ben)
        let after = try await ben.text("#decision")
        #expect(after.contains("supported") && after.contains("rule inducer"))
        #expect(after.contains("ann approved it"))
        try ann.checkSilence()
        try ben.checkSilence()
        await browser.close()
    }

    @Test func runPageFollowsItsRun_andItemsReadWithoutTheScript() async throws {
        let run = try await fixture.store.begin(prefix: "explain", manifest: "{}", now: Date())
        let id = try await queue.submit(ReviewSample.request(1, run: run.id))
        let browser = try await HeadlessBrowser()
        let tab = try await enter("ann", browser)
        try await tab.goto("\(fixture.origin)/runs/\(run.id)")
        try await tab.wait(until: "document.body.dataset.connected === ''")
        #expect(try await tab.text("#run").contains("running"))
        #expect(try await tab.count("[data-row]") == 1)
        try await fixture.store.set(.finished, run: run.id, now: Date())
        try await tab.wait(
            until: "document.querySelector('#run')?.textContent.includes('finished')")
        try await tab.press("j")
        try await tab.press("Enter")
        try await tab.wait(for: "#item")
        #expect(try await self.id(in: tab) == id)
        try await tab.goto(fixture.origin + "/raters")
        #expect(try await tab.text("h1") == "Raters")

        try await tab.send("Emulation.setScriptExecutionDisabled", ["value": true])
        try await tab.goto("\(fixture.origin)/items/\(id)")
        #expect(try await tab.text("main").contains("fires on word number 1"))
        #expect(try await tab.text("noscript").contains("needs JavaScript"))
        try tab.checkSilence()
        await browser.close()
    }
}
