import Foundation
import Inquiry
import Testing

@testable import Reviewing

@Suite struct ReviewScreenTests {
    typealias Step = ReviewScreen.Step
    let now = ContinuousClock.now

    static func line(_ number: Int, state: ReviewState = .pending) -> ReviewLine {
        ReviewLine(
            id: "e-\(number)", kind: .explanation, run: "run", inquiry: "latent \(number)",
            claim: "claim \(number)", state: state, decision: nil, submittedAt: 0, expiresAt: nil)
    }

    static func sheet(
        _ number: Int, hash: String = "h1", claimedBy: [String] = [], state: ReviewState = .pending
    ) -> ReviewSheet {
        ReviewSheet(
            line: line(number, state: state), sheet: ReviewSample.sheet(number), contentHash: hash,
            raters: 1, claimedBy: claimedBy, canUndo: false, revealed: nil)
    }

    /// A list of so many items, the first selected.
    func list(_ count: Int) -> ReviewScreen {
        var screen = ReviewScreen(rater: "ann", filter: ReviewFilter())
        screen.loaded(
            ReviewPage(
                lines: (0..<count).map { Self.line($0) }, offset: 0, total: count, sequence: 1))
        return screen
    }

    /// The first of three items is shown, for long enough to be seen.
    func item() -> ReviewScreen {
        var screen = list(3)
        screen.opened(Self.sheet(0), nonce: "n1", at: now - .seconds(5))
        screen.layOut(now: Date())
        return screen
    }

    func text(_ screen: ReviewScreen) -> String {
        let drawn = screen.drawn(now: Date())
        return (0..<drawn.rows).map { drawn.text(row: $0) }.joined(separator: "\n")
    }

    private func asked(_ steps: [Step]) -> ReviewQueue.Act? {
        guard case .act(let act, _) = steps.first else { return nil }
        return act
    }

    @Test func keysMoveInTheList() {
        var screen = list(3)
        _ = screen.press(.character("j"), at: now)
        _ = screen.press(.down, at: now)
        _ = screen.press(.character("j"), at: now)
        #expect(screen.selection == 2)
        _ = screen.press(.character("k"), at: now)
        #expect(screen.selected?.id == "e-1")
        #expect(screen.press(.enter, at: now) == [.open])
        #expect(screen.press(.character("q"), at: now) == [.quit])
    }

    @Test func listDecidesNothing() {
        var screen = list(3)
        for key in "aerdx" {
            #expect(screen.press(.character(key), at: now) == [])
            #expect(screen.notice != nil)
        }
    }

    @Test func decisionsNameWhatWasShown() throws {
        var screen = item()
        #expect(screen.press(.character("4"), at: now) == [])
        let act = try #require(asked(screen.press(.character("a"), at: now)))
        #expect(act.verb == .approve)
        #expect(act.contentHash == "h1")
        #expect(act.nonce == "n1")
        #expect(act.rating == 4)
        #expect(abs(act.seconds - 5) < 0.01)
        _ = screen.press(.character("0"), at: now)
        #expect(asked(screen.press(.character("d"), at: now))?.rating == nil)
        #expect(asked(screen.press(.character("x"), at: now))?.verb == .escalate)
    }

    /// A key that repeats must not decide on the next item before anybody has seen it.
    @Test func decisionIsRefused_whenItComesTooSoon() {
        var screen = list(3)
        screen.opened(Self.sheet(0), nonce: "n1", at: now)
        #expect(screen.press(.character("a"), at: now + .milliseconds(100)) == [])
        #expect(screen.notice?.text.contains("too fast") == true)
        #expect(asked(screen.press(.character("a"), at: now + .milliseconds(400))) != nil)
    }

    @Test func rejectionAsksWhy() throws {
        var screen = item()
        #expect(screen.press(.character("r"), at: now) == [])
        for character in "no a" { _ = screen.press(.character(character), at: now) }
        let act = try #require(asked(screen.press(.enter, at: now)))
        #expect(act.verb == .reject)
        #expect(act.reason == "no a")
        // What was typed stays until the queue has taken it.
        #expect(screen.prompt?.editor.text == "no a")
        #expect(screen.press(.escape, at: now) == [])
        #expect(screen.prompt == nil)
    }

    @Test func editBeginsWithTheText() throws {
        var screen = item()
        _ = screen.press(.character("e"), at: now)
        _ = screen.press(.backspace, at: now)
        _ = screen.press(.paste("9\n8"), at: now)
        let act = try #require(asked(screen.press(.enter, at: now)))
        #expect(act.verb == .edit)
        #expect(act.text == "fires on word number 9\n8")
    }

    @Test func enterIsALine_whenTheTextHasLines() throws {
        var screen = list(1)
        var sheet = ReviewSample.sheet(0)
        sheet.editable?.text = "one\ntwo"
        screen.opened(
            ReviewSheet(
                line: Self.line(0), sheet: sheet, contentHash: "h", raters: 1, claimedBy: [],
                canUndo: false, revealed: nil), nonce: "n", at: now - .seconds(5))
        _ = screen.press(.character("e"), at: now)
        #expect(screen.press(.enter, at: now) == [])
        #expect(asked(screen.press(.control("s"), at: now))?.text == "one\ntwo\n")
    }

    @Test func pasteDecidesNothing() {
        var screen = item()
        #expect(screen.press(.paste("a"), at: now) == [])
        #expect(screen.prompt == nil)
    }

    @Test func nextItemLetsGoOfThisOne() {
        var screen = item()
        #expect(screen.press(.character("j"), at: now) == [.release("e-0"), .load, .open])
        #expect(screen.selection == 1)
        screen.selection = 2
        #expect(screen.press(.character("j"), at: now) == [])
        #expect(screen.press(.character("q"), at: now) == [.release("e-0"), .load])
        #expect(screen.view == .list)
    }

    @Test func undoTakesTheLastOne() {
        var screen = list(2)
        #expect(screen.press(.character("u"), at: now) == [])
        #expect(screen.notice?.isProblem == true)
        screen.done = ["e-7", "e-8"]
        #expect(screen.press(.character("u"), at: now) == [.undo("e-8")])
    }

    @Test func filterIsTyped() {
        var screen = list(2)
        _ = screen.press(.character("/"), at: now)
        for character in "jax" { _ = screen.press(.character(character), at: now) }
        #expect(screen.press(.enter, at: now) == [.load])
        #expect(screen.filter.text == "jax")
        #expect(screen.press(.tab, at: now) == [.load])
        #expect(screen.filter.part == .mine)
        #expect(screen.press(.character("t"), at: now) == [.load])
        #expect(screen.filter.kind == .hypothesis)
    }

    /// What is shown never changes under the hand of somebody who is about to decide.
    @Test func changedSheetIsToldAndNotShown() {
        var screen = item()
        screen.changed(Self.sheet(0, hash: "h2"))
        #expect(screen.opened?.sheet.contentHash == "h1")
        #expect(screen.notice?.text.contains("changed") == true)
        screen.changed(Self.sheet(0, state: .approved))
        #expect(screen.notice?.text.contains("approved") == true)
        screen.changed(Self.sheet(0, claimedBy: ["bob"]))
        #expect(screen.notice?.text.contains("bob") == true)
    }

    @Test func controlCLeavesFromAnywhere() {
        var screen = item()
        _ = screen.press(.character("r"), at: now)
        #expect(screen.press(.control("c"), at: now) == [.release("e-0"), .quit])
    }

    /// Every view fits any size, and the cursor is on the screen.
    @Test func anySizeIsDrawn() {
        for columns in [1, 2, 5, 20, 61, 80, 200] {
            for rows in [1, 2, 3, 4, 6, 24, 60] {
                for key: Key? in [nil, .character("r"), .character("?"), .character("q")] {
                    var screen = item()
                    (screen.columns, screen.rows) = (columns, rows)
                    if let key { _ = screen.press(key, at: now) }
                    screen.layOut(now: Date())
                    let drawn = screen.drawn(now: Date())
                    #expect(drawn.columns == columns && drawn.rows == rows)
                    if let cursor = drawn.cursor {
                        #expect((0..<rows).contains(cursor.row))
                        #expect((0..<columns).contains(cursor.column))
                    }
                }
            }
        }
    }

    @Test func helpNamesTheKeys() {
        var screen = list(1)
        _ = screen.press(.character("?"), at: now)
        #expect(text(screen).contains("a approve   e edit   r reject   d defer   x escalate"))
        _ = screen.press(.character("j"), at: now)
        #expect(screen.view == .list)
    }
}
