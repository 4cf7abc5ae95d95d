import Foundation
import Inquiry
import LinearAlgebra
import Testing

@testable import Reviewing

@Suite struct ReviewPagesTests {
    private func item(_ sheet: ReviewSheet) -> String {
        ReviewPages.item(sheet, nonce: "n0nce", session: PageSample.session)
    }

    @Test func nothingIsInline_andNothingComesFromElsewhere() throws {
        let pages = [
            item(PageSample.view(PageSample.board)),
            item(PageSample.view(ReviewSample.sheet(1), decision: .approve)),
            ReviewPages.queue(
                page: ReviewPage(
                    lines: (1...5).map { PageSample.line($0) }, offset: 0, total: 5, sequence: 9),
                filter: ReviewFilter(), counts: [:], session: PageSample.session),
            ReviewPages.help(session: PageSample.session),
        ]
        for page in pages {
            #expect(!page.contains(" style="))
            #expect(!page.contains("<style"))
            #expect(page.ranges(of: "<script").count == 1)
            #expect(!page.contains("http://") && !page.contains("https://"))
            #expect(page.firstMatch(of: /\son[a-z]+=/) == nil)
        }
    }

    @Test(arguments: PageSample.attacks)
    func whateverATextHolds_itStaysText(attack: String) {
        let page = item(
            PageSample.view(
                PageSample.sheet(attack: attack), decision: .reject,
                revealed: PageSample.revealed(text: attack)))
        let plain = item(
            PageSample.view(
                PageSample.sheet(attack: "plain"), decision: .reject,
                revealed: PageSample.revealed(text: "plain")))
        for mark in ["<", ">", "\""] {
            #expect(page.ranges(of: mark).count == plain.ranges(of: mark).count)
        }
    }

    @Test func nothingHiddenIsOnThePage_untilItIsRevealed() {
        let sheet = ReviewSample.sheet(1)
        #expect(!item(PageSample.view(sheet)).contains("What was hidden"))
        let revealed = PageSample.revealed(text: "the rule inducer")
        let page = item(PageSample.view(sheet, decision: .approve, revealed: revealed))
        #expect(page.contains("What was hidden"))
        #expect(page.contains("the rule inducer"))
    }

    @Test func whatIsSettledCannotBeDecided() {
        for state in ReviewState.allCases {
            let page = item(PageSample.view(ReviewSample.sheet(1), state: state))
            #expect(page.contains("data-does=\"approve\"") == state.isOpen, "\(state)")
        }
        let decided = item(PageSample.view(ReviewSample.sheet(1), decision: .approve))
        #expect(!decided.contains("data-does=\"approve\""))
        #expect(decided.contains("data-does=\"undo\""))
    }

    @Test func everythingOnTheSheetIsShown() {
        let page = item(PageSample.view(ReviewSample.sheet(7)))
        for text in [
            "fires on word number 7", "word(&quot;w7&quot;)", "240", "near-miss", "as predicted",
            "Activations above 0", "a narrower one", "explain/2", "ab".repeated(32),
            "data-nonce=\"n0nce\"", "t0ken",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test func lineageIsDrawnWhole_evenWhenItGoesRoundInACircle() {
        var generator = SeededGenerator(seed: 3, stream: 0)
        for _ in 0..<300 {
            let count = Int.random(in: 1...12, using: &generator)
            let ancestors = (1...count).map { id in
                ApprovalSheet.Ancestor(
                    id: id,
                    parent: Bool.random(using: &generator)
                        ? Int.random(in: 1...count + 1, using: &generator) : nil,
                    origin: "o", statement: "statement \(id).")
            }
            let drawn = LineageDrawing(ancestors: ancestors).html.source
            for id in 1...count {
                #expect(drawn.ranges(of: "statement \(id).").count == 1)
            }
            #expect(drawn.ranges(of: "<ul").count == drawn.ranges(of: "</ul>").count)
        }
    }

    @Test func linksOfTheListKeepTheFilter() {
        let filter = ReviewFilter(
            part: .all, kind: .tool, run: "explain-1a2b3c4d", text: "a & b=\"c\"")
        let page = ReviewPages.queue(
            page: ReviewPage(
                lines: (0..<50).map { PageSample.line($0) }, offset: 50, total: 500, sequence: 1),
            filter: filter, counts: [.pending: 500], session: PageSample.session)
        let rest = "kind=tool&amp;run=explain-1a2b3c4d&amp;text=a%20%26%20b%3D%22c%22"
        #expect(page.contains("href=\"/?part=open&amp;\(rest)\""))
        #expect(page.contains("href=\"/?part=all&amp;\(rest)&amp;offset=100\""))
        #expect(page.contains("href=\"/?part=all&amp;\(rest)\">Previous"))
        #expect(page.contains("51–100 of 500"))
    }

    @Test func everyClassOfADrawingHasItsStyle() {
        let pages =
            item(PageSample.view(PageSample.board)) + item(PageSample.view(ReviewSample.sheet(1)))
        let classes = Set(
            pages.matches(of: /class="([^"]*)"/).flatMap { $0.1.split(separator: " ") }.map(
                String.init))
        // A wrapper that only tests and scripts look for; what two selectors share.
        let unstyled: Set = ["shown", "wide", "rating", "question"]
        for name in classes.subtracting(unstyled) {
            let isStyled = ReviewAssets.css.contains(".\(name)")
            #expect(isStyled, "\(name)")
        }
        #expect(classes.contains("s8") && classes.contains("felt"))
    }

    /// WCAG 2.2: at least 4.5 to 1 for text.
    @Test(arguments: ["ink", "soft", "good", "bad", "warn", "accent"], [0, 1])
    func textStandsOutFromItsBackground(name: String, scheme: Int) throws {
        func luminance(_ name: String) throws -> Double {
            let values = ReviewAssets.css.matches(
                of: try Regex("--\(name): (#[0-9a-f]+);", as: (Substring, Substring).self))
            var digits = String(
                try #require(values.indices.contains(scheme) ? values[scheme] : nil).1.dropFirst())
            if digits.count == 3 { digits = digits.map { "\($0)\($0)" }.joined() }
            let number = try #require(Int(digits, radix: 16))
            let parts = [16, 8, 0].map { shift -> Double in
                let part = Double((number >> shift) & 255) / 255
                return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        }
        for ground in ["card", "page"] {
            let (text, back) = (try luminance(name), try luminance(ground))
            let contrast = (max(text, back) + 0.05) / (min(text, back) + 0.05)
            #expect(contrast >= 4.5, "\(name) on \(ground): \(contrast)")
        }
    }
}

extension String {
    fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
