import Digests
import Inquiry
import LinearAlgebra
import Statistics
import Testing

@testable import Explaining

@Suite struct ApprovalSheetTests {
    private static let policy = ApprovalPolicy(rules: [
        .hypothesis: .init(always: true), .explanation: .init(always: true),
    ])

    private func desk(_ notation: FormulaNotation, _ policy: ApprovalPolicy = policy)
        -> ApprovalDesk
    {
        ApprovalDesk(
            policy: policy, run: "explain-1a2b3c4d", seed: 1, notation: notation,
            provenance: [notation.fact], author: "an author", versions: [])
    }

    /// An inquiry into a text feature whose every text is as long and as awkward as may be.
    private func state(size: Int, seed: UInt64) throws -> InquiryState {
        var generator = SeededGenerator(seed: seed)
        func text() -> String {
            String(
                String.UnicodeScalarView(
                    (0..<size).map { _ in
                        ["\u{1}", "\"", "\\", "é", "𝕏", "a", " ", "\n"].map(
                            \.unicodeScalars.first!)[
                                generator.below(8)]
                    }))
        }
        let exemplars = (0..<8).map { _ in
            Exemplar(
                input: text(), activation: 3,
                tokens: (0..<size).map { _ in
                    ShadedToken(text: "\u{1}\u{2}", activation: generator.unit())
                })
        }
        let drafts = (0..<6).map { number in
            HypothesisDraft(
                origin: number == 0 ? .contrast : .rival, formula: "contains(\"w\(number)\")",
                statement: text(), refutedBy: "", complexity: 1)
        }
        let roles = ProbeRole.allCases
        let probes = (1...300).map { id in
            Probe(
                id: id, hypothesis: 1, trial: id, arm: .designed, role: roles[id % roles.count],
                input: text(), prediction: id % 2 == 0 ? .fires : .silent, note: text())
        }
        var plan = InquiryPlan()
        plan.approval = Self.policy
        return try InquiryState(
            plan: plan,
            events: [
                .began(
                    Beginning(
                        threshold: .init(fraction: 0.5, meanOfTopTen: 2, maximum: 3), density: 0.1,
                        proposeExemplars: 99, tuneExemplars: 99, exemplars: exemplars,
                        shown: ShownInputs(), heat: [])),
                .proposed(drafts),
                .approved(
                    (1...6).map {
                        Approval(
                            .hypothesis($0),
                            answer: ApprovalAnswer(
                                item: "h", contentHash: "", outcome: .approved, by: ["ann"]))
                    }),
                .registered(Registration(requests: [], probes: probes)),
                .measured(probes.map { ProbeResult(probe: $0.id, outcome: .activation(2.5)) }),
            ])
    }

    @Test(arguments: [40, 3_000], [1, 2]) func aSheetStaysWithinItsBound(
        size: Int, seed: UInt64
    ) throws {
        let state = try state(size: size, seed: seed)
        let histogram = Inquiry.Evidence.Histogram(of: [0, 1, 2, 3, .infinity])
        let request = try #require(
            try desk(.text).request(
                for: .hypothesis(2), of: .latent(3), state, histogram: histogram))
        let text = try CanonicalJSON.encode(request.sheet)
        #expect(text.utf8.count <= SheetWriter.sizeLimit)
        #expect(histogram?.counts.reduce(0, +) == 3)
        let again = try desk(.text).request(
            for: .hypothesis(2), of: .latent(3), state, histogram: histogram)
        #expect(again == request)
        #expect(request.sheet.evidence.count == 3)
        #expect(!text.contains("an author") && request.hidden.author == "an author")
    }

    @Test func whatThePolicyLetsGoOnIsNoRequest() throws {
        let state = try state(size: 10, seed: 3)
        let cheap = ApprovalPolicy(rules: [.hypothesis: .init(aboveCost: 1_000_000)])
        #expect(
            try desk(.text, cheap).request(
                for: .hypothesis(1), of: .latent(3), state, histogram: nil) == nil)
        let costly = ApprovalPolicy(rules: [.hypothesis: .init(aboveCost: 100)])
        #expect(
            try desk(.text, costly).request(
                for: .hypothesis(1), of: .latent(3), state, histogram: nil) != nil)
    }

    @Test func aSheetSaysHowItsFormulaIsWritten() throws {
        let state = try state(size: 10, seed: 4)
        for (notation, good, bad) in [
            (FormulaNotation.text, "contains(\"rain\")", "contains(rain"),
            (.board(8), "mine(C4) & !empty(D5)", "mine(Z9)"),
        ] {
            let sheet = try desk(notation).request(
                for: .hypothesis(1), of: .latent(3), state, histogram: nil)?.sheet
            let read = try #require(sheet.flatMap(FormulaNotation.init(of:)))
            #expect(read == notation)
            try read.check(good)
            #expect(throws: (any Error).self) { try read.check(bad) }
        }
    }
}
