import Foundation
import Inquiry
import Memory
import Reviewing

/// A memory in a folder of its own that goes with it.
final class SampleMemory {
    let folder: URL
    let store: Store

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "reviews-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try Store(path: folder.appendingPathComponent("memory.sqlite").path)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}

enum ReviewSample {
    static func sheet(
        _ number: Int, kind: ApprovalKind = .explanation, run: String = "explain-1a2b3c4d",
        claim: String? = nil, text: String = "it began to rain"
    ) -> ApprovalSheet {
        let claim = claim ?? "fires on word number \(number)"
        let exemplars = (0..<8).map { index in
            Exemplar(
                input: "\(text) \(index)", activation: 4 - Double(index) / 4,
                tokens: (text + " \(index)").split(separator: " ").enumerated().map { place, word in
                    ShadedToken(text: " \(word)", activation: place == index % 4 ? 3.5 : 0)
                })
        }
        let probes = (1...6).map { id in
            Evidence.ProbeLine(
                probe: Probe(
                    id: id, hypothesis: 1, trial: (id + 1) / 2, arm: .designed,
                    role: id % 2 == 1 ? .positive : .nearMiss, input: "\(text), probe \(id)",
                    prediction: id % 2 == 1 ? .fires : .silent, note: "keeps: \(text)"),
                outcome: .activation(id % 2 == 1 ? 3 : 0.1))
        }
        return ApprovalSheet(
            kind: kind, run: run, inquiry: "latent \(number)",
            question: "Does the explanation say what the latent means?", claim: claim,
            formula: "word(\"w\(number)\")", editable: .init(name: "label", text: claim),
            facts: [.init("probes", "240"), .init("density", "1.2 %")],
            evidence: [
                .exemplars(.init(board: nil, threshold: 1.5, maximum: 4, exemplars: exemplars)),
                .probes(.init(board: nil, threshold: 1.5, probes: probes)),
                .histogram(
                    .init(
                        title: "Activations above 0", edges: [0, 1, 2, 3, 4],
                        counts: [120, 40, 12, 3])),
            ],
            lineage: [
                .init(id: 1, parent: nil, origin: "contrast", statement: claim),
                .init(id: 2, parent: 1, origin: "refinement", statement: "a narrower one"),
            ],
            provenance: [.init("engine", "explain/2"), .init("seed", "1")])
    }

    static func request(
        _ number: Int, kind: ApprovalKind = .explanation, raters: Int = 1, hours: Double? = nil,
        run: String = "explain-1a2b3c4d", claim: String? = nil, text: String = "it began to rain"
    ) -> ApprovalRequest {
        ApprovalRequest(
            name: "latent \(number)/\(kind.rawValue)",
            sheet: sheet(number, kind: kind, run: run, claim: claim, text: text),
            hidden: ApprovalHidden(
                author: "rule inducer", verdict: "supported",
                figures: [.init("held-out balanced accuracy", "0.912 [0.87, 0.94]")]),
            rule: .init(always: true, raters: raters, hours: hours))
    }
}
