import Inquiry
import JSON
import LinearAlgebra

/// Sheets as large as those of real explanations: exemplars with their tokens, probes, a histogram.
enum SheetMaker {
    private static let words = [
        "rain", "harbour", "lantern", "ledger", "because", "willow", "seven", "the", "of", "and",
        "began", "quiet", "orchard", "signal", "north", "paper", "glass", "to", "in", "window",
    ]

    static func request(_ number: Int) -> ApprovalRequest {
        var generator = SeededGenerator(seed: UInt64(number), stream: 0x5EE7)
        return ApprovalRequest(
            name: "latent \(number)/explanation", sheet: sheet(number, &generator),
            hidden: ApprovalHidden(
                author: "rule inducer", verdict: "supported",
                figures: [.init("held-out balanced accuracy", "0.912 [0.87, 0.94]")]),
            rule: .init(always: true))
    }

    static func bytes(_ sheet: ApprovalSheet) -> Int {
        sheet.evidence.reduce(sheet.claim.utf8.count) { sum, evidence in
            guard case .exemplars(let exemplars) = evidence else { return sum }
            return sum
                + exemplars.exemplars.reduce(0) { sum, exemplar in
                    sum + exemplar.input.utf8.count + 40 * (exemplar.tokens?.count ?? 0)
                }
        }
    }

    private static func sheet(
        _ number: Int, _ generator: inout SeededGenerator
    ) -> ApprovalSheet {
        let claim = "fires on “\(words[number % words.count])” in sentence \(number)"
        let exemplars = (0..<12).map { _ in exemplar(&generator) }
        let probes = (1...16).map { id in
            Evidence.ProbeLine(
                probe: Probe(
                    id: id, hypothesis: 1, trial: (id + 1) / 2, arm: .designed,
                    role: id % 2 == 1 ? .positive : .nearMiss,
                    input: text(14, &generator).joined(separator: " "),
                    prediction: id % 2 == 1 ? .fires : .silent, note: "keeps the word"),
                outcome: .activation(id % 2 == 1 ? 3 : 0.1))
        }
        return ApprovalSheet(
            kind: .explanation, run: "explain-1a2b3c4d", inquiry: "latent \(number)",
            question: "Does the explanation say what the latent means?", claim: claim,
            formula: "word(\"\(words[number % words.count])\")",
            editable: .init(name: "label", text: claim),
            facts: [.init("probes", "240"), .init("density", "1.2 %")],
            evidence: [
                .exemplars(.init(board: nil, threshold: 1.5, maximum: 4, exemplars: exemplars)),
                .probes(.init(board: nil, threshold: 1.5, probes: probes)),
                .histogram(
                    .init(
                        title: "Activations above 0", edges: [0, 1, 2, 3, 4],
                        counts: [120, 40, 12, 3])),
            ],
            lineage: [.init(id: 1, parent: nil, origin: "contrast", statement: claim)],
            provenance: [.init("engine", "explain/2"), .init("seed", "1")])
    }

    private static func exemplar(_ generator: inout SeededGenerator) -> Exemplar {
        let words = text(24, &generator)
        return Exemplar(
            input: words.joined(separator: " "), activation: 3.5,
            tokens: words.enumerated().map { place, word in
                ShadedToken(text: " " + word, activation: place == 7 ? 3.5 : 0)
            })
    }

    private static func text(_ count: Int, _ generator: inout SeededGenerator) -> [String] {
        (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &generator)] }
    }
}
