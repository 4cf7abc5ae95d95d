import Inquiry
import Memory

@testable import Reviewing

/// What pages are drawn from in tests.
enum PageSample {
    static let session = PageSession(rater: "ann", formToken: "t0ken")

    /// Texts that would run, break out or load something if they were ever taken for markup.
    static let attacks = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "<svg/onload=alert(3)>",
        "\"><script>alert(4)</script>", "'><img src=x onerror='alert(5)'>",
        "\" onmouseover=\"alert(6)\" x=\"", "' autofocus onfocus='alert(7)' y='",
        "</textarea><script>alert(8)</script>", "</title><script>alert(9)</script>",
        "</code></pre><iframe srcdoc='<script>alert(10)</script>'></iframe>",
        "<a href=\"javascript:alert(11)\">click</a>", "javascript:alert(12)",
        "<meta http-equiv=refresh content='0;url=//evil.example'>", "<base href=//evil.example/>",
        "<style>*{display:none}</style>", "<link rel=stylesheet href=//evil.example/x.css>",
        "<form action=//evil.example><input name=review-token>", "&lt;script&gt;alert(13)",
        "<!--", "-->", "]]>", "<![CDATA[<script>alert(14)</script>]]>", "${alert(15)}",
        "{{constructor.constructor('alert(16)')()}}", "\u{0}<script>alert(17)</script>",
        "<scr\u{0}ipt>alert(18)</scr\u{0}ipt>", "\u{202E}gnitirw fo noitcerid", "\u{2066}isolate",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(19)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(20)>\">",
        "<details open ontoggle=alert(21)>", "<template><script>alert(22)</script></template>",
    ]

    /// A sheet with every kind of evidence, and a text in every place that holds one.
    static func sheet(attack: String) -> ApprovalSheet {
        let exemplar = Exemplar(
            input: attack, activation: 3,
            tokens: [
                ShadedToken(text: attack, activation: 3),
                ShadedToken(text: " after \(attack)", activation: 0),
            ])
        let probe = Probe(
            id: 1, hypothesis: 1, trial: 1, arm: .designed, role: .nearMiss, input: attack,
            prediction: .silent, note: attack)
        return ApprovalSheet(
            kind: .explanation, run: "explain-1a2b3c4d", inquiry: attack, question: attack,
            claim: attack, formula: attack, editable: .init(name: attack, text: attack),
            facts: [.init(attack, attack)],
            evidence: [
                .exemplars(.init(board: nil, threshold: 1, maximum: 3, exemplars: [exemplar])),
                .probes(
                    .init(
                        board: nil, threshold: 1,
                        probes: [
                            .init(probe: probe, outcome: .failed(reason: attack)),
                            .init(probe: probe, outcome: nil),
                        ])),
                .histogram(.init(title: attack, edges: [0, 1, 2], counts: [3, 1])),
                .table(.init(title: attack, columns: [attack], rows: [[attack]])),
                .text(.init(title: attack, text: attack)),
                .text(.init(title: attack, text: attack, isCode: true)),
            ],
            lineage: [.init(id: 1, parent: nil, origin: attack, statement: attack)],
            provenance: [.init(attack, attack)])
    }

    static func line(
        _ number: Int, claim: String = "fires on words for weather", state: ReviewState = .pending,
        decision: ReviewVerb? = nil, kind: ApprovalKind = .explanation
    ) -> ReviewLine {
        ReviewLine(
            id: "e-\(String(repeating: "0", count: 11))\(number % 10)", kind: kind,
            run: "explain-1a2b3c4d", inquiry: "latent \(number)", claim: claim, state: state,
            decision: decision, submittedAt: 1_795_000_000_000,
            expiresAt: number % 3 == 0 ? 1_795_600_000_000 : nil)
    }

    static func view(
        _ sheet: ApprovalSheet, state: ReviewState = .pending, decision: ReviewVerb? = nil,
        revealed: ReviewSheet.Revealed? = nil
    ) -> ReviewSheet {
        ReviewSheet(
            line: line(1, claim: sheet.claim, state: state, decision: decision), sheet: sheet,
            contentHash: String(repeating: "ab", count: 32), raters: 2, claimedBy: ["ben"],
            canUndo: decision != nil, revealed: revealed)
    }

    static func revealed(text: String) -> ReviewSheet.Revealed {
        .init(
            hidden: ApprovalHidden(
                author: text, verdict: text, figures: [.init(text, text)]),
            votes: [
                .init(
                    rater: "ben", at: 1_795_000_100_000,
                    decision: .init(
                        verb: .edit, contentHash: "", reason: text, rating: 4,
                        edit: ReviewEdit(from: "one\ntwo", to: "one\n\(text)"), seconds: 12,
                        nonce: "", isInformed: false, provenance: []))
            ])
    }

    /// An Othello latent with boards, and a Python tool.
    static var board: ApprovalSheet {
        let games = ["F5D6C3D3C4", "C4C3D3C5", "D3C3C4C5B6", "E6F4C3C4D3", "F5D6C4D3C3F4"]
        return ApprovalSheet(
            kind: .hypothesis, run: "explain-1a2b3c4d", inquiry: "latent 12",
            question: "Is this worth testing?",
            claim:
                "fires when the disc on C4 was just flipped by the opponent and the mover holds D3",
            formula: "flipped(C4) & mine(D3)",
            editable: .init(name: "formula", text: "flipped(C4) & mine(D3)"),
            facts: [.init("probes planned", "96"), .init("density", "1.4 %")],
            evidence: [
                .exemplars(
                    .init(
                        board: 8, threshold: 1.2, maximum: 3.4,
                        exemplars: games.enumerated().map {
                            Exemplar(input: $1, activation: 3.4 - Double($0) / 3)
                        })),
                .text(
                    .init(
                        title: "Source",
                        text: "def feature(text):\n    words = text.split()\n"
                            + "    return sum(word.isupper() for word in words) / max(1, len(words))"
                            + "  # a long comment that goes on beyond the right edge of any page that "
                            + "is not very wide indeed\n", isCode: true)),
                .table(
                    .init(
                        title: "On rows", columns: ["row", "value", "text"],
                        rows: (1...4).map { ["\($0)", "0.\($0)5", "A review, number \($0)"] })),
            ],
            lineage: [
                .init(id: 1, parent: nil, origin: "contrast", statement: "C4 was just flipped"),
                .init(id: 3, parent: 1, origin: "refinement", statement: "and D3 is mine"),
                .init(id: 2, parent: nil, origin: "occlusion", statement: "D3 is mine"),
            ],
            provenance: [.init("engine", "explain/2"), .init("seed", "1")])
    }
}
