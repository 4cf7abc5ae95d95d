import Foundation
import Games
import Inquiry
import LinearAlgebra
import Testing

@testable import Reviewing

@Suite struct SheetTextTests {
    func plain(
        _ sheet: ApprovalSheet, revealed: ReviewSheet.Revealed? = nil, width: Int = 80
    ) -> String {
        SheetText.plain(
            ReviewSheet(
                line: ReviewScreenTests.line(1), sheet: sheet, contentHash: "h", raters: 2,
                claimedBy: ["bob"], canUndo: false, revealed: revealed),
            width: width, now: Date())
    }

    @Test func sheetShowsClaimEvidenceAndLineage() {
        let text = plain(ReviewSample.sheet(3))
        for part in [
            "Does the explanation say what the latent means?", "fires on word number 3",
            "word(\"w3\")", "probes      240", "   4.000   it began to rain 0",
            "positive, predicted fires, 3.000: as predicted", "        0 – 1",
            "############################## 120", "1 contrast: fires on word number 3",
            "  2 refinement: a narrower one", "engine      explain/2", "2 raters", "bob",
        ] { #expect(text.contains(part), "\(part)") }
        #expect(!text.contains("supported"))
    }

    @Test func hiddenFiguresComeAfterTheDecision() {
        let decision = ReviewEvent.Decision(
            verb: .edit, contentHash: "h", reason: "narrower", rating: 4,
            edit: ReviewEdit(from: "a", to: "b"), seconds: 12, nonce: "n", isInformed: false,
            provenance: [])
        let text = plain(
            ReviewSample.sheet(3),
            revealed: .init(
                hidden: ApprovalHidden(
                    author: "rule inducer", verdict: "supported", figures: [.init("score", "0.9")]),
                votes: [.init(rater: "ann", at: 0, decision: decision)]))
        for part in [
            "author      rule inducer", "verdict     supported", "score       0.9",
            "ann         edit, rating 4, 12 s: narrower", "    -a", "    +b",
        ] { #expect(text.contains(part), "\(part)") }
    }

    @Test func boardsAreDrawnBesideOneAnother() throws {
        var generator = SeededGenerator(seed: 1)
        let rules = Othello.sixBySix
        let games = (0..<3).map { _ in
            rules.transcript(Array(rules.randomGame(using: &generator).prefix(8)))
        }
        var text = StyledText(width: 70)
        EvidenceText.add(
            .exemplars(
                .init(
                    board: 6, threshold: 1, maximum: 3,
                    exemplars: games.map { Exemplar(input: $0, activation: 2) })), to: &text)
        let lines = text.lines.map { $0.map(\.text).joined() }
        let letters = try #require(lines.first { $0.contains(" A  B ") })
        #expect(letters.components(separatedBy: " A  B ").count == 4)
        #expect(lines.joined().count { $0 == "[" } == 3 + 1)
    }

    @Test func brokenBoardsAreShownAsText() {
        var text = StyledText(width: 40)
        EvidenceText.add(
            .exemplars(
                .init(
                    board: 6, threshold: 1, maximum: 3,
                    exemplars: [Exemplar(input: "Z9 no game", activation: 2)])), to: &text)
        #expect(text.lines.contains { $0.map(\.text).joined().contains("Z9 no game") })
    }

    /// Nothing that a run puts on a sheet reaches the terminal as a command, wherever it is.
    @Test func hostileTextStaysText() {
        let bad = "\u{1B}]0;x\u{7}\u{202E}evil\u{9B}2J"
        let sheet = ApprovalSheet(
            kind: .tool, run: bad, inquiry: bad, question: bad, claim: bad, formula: bad,
            editable: .init(name: bad, text: "x" + bad), facts: [.init(bad, bad)],
            evidence: [
                .exemplars(
                    .init(
                        board: nil, threshold: 1, maximum: 2,
                        exemplars: [
                            Exemplar(
                                input: bad, activation: 1,
                                tokens: [ShadedToken(text: bad, activation: 2)]),
                            Exemplar(input: bad, activation: .infinity),
                        ])),
                .probes(
                    .init(
                        board: nil, threshold: 1,
                        probes: [
                            .init(
                                probe: Probe(
                                    id: 1, hypothesis: 1, trial: 1, arm: .natural, role: .exemplar,
                                    input: bad, prediction: .fires, note: bad),
                                outcome: .failed(reason: bad))
                        ])),
                .histogram(.init(title: bad, edges: [0, .nan, 1], counts: [1, -4])),
                .table(.init(title: bad, columns: [bad], rows: [[bad, bad], []])),
                .text(.init(title: bad, text: bad, isCode: true)),
            ],
            lineage: [
                .init(id: 1, parent: 2, origin: bad, statement: bad),
                .init(id: 2, parent: 1, origin: bad, statement: bad),
            ],
            provenance: [.init(bad, bad)])
        for width in [1, 7, 80] {
            let text = plain(sheet, width: width)
            for scalar in text.unicodeScalars where scalar != "\n" {
                #expect(SafeText.isPlain(scalar))
            }
        }
        #expect(plain(sheet).contains("<U+202E>evil<U+009B>2J"))
    }

    /// Lines never exceed the width, whatever it is.
    @Test func linesFitTheWidth() {
        for width in [20, 33, 80, 120] {
            let lines = SheetText.lines(
                ReviewScreenTests.sheet(3), width: width, now: Date())
            #expect(lines.allSatisfy { $0.columnCount <= width })
        }
    }
}
