import Foundation
import Inquiry
import Memory
import Reviewing

/// A memory with a few items to decide.
final class SampleQueue {
    let scratch: Scratch
    let path: String
    let queue: ReviewQueue

    init() throws {
        scratch = try Scratch()
        path = scratch.path("memory.sqlite")
        queue = ReviewQueue(store: try Store(path: path))
    }

    /// - Parameter text: what the exemplars say.
    @discardableResult
    func submit(_ number: Int, raters: Int = 1, text: String = "it began to rain") async throws
        -> String
    {
        let sheet = ApprovalSheet(
            kind: .explanation, run: "explain-1a2b3c4d", inquiry: "latent \(number)",
            question: "Does the explanation say what the latent means?",
            claim: "fires on word \(number)",
            editable: .init(name: "label", text: "fires on word \(number)"),
            evidence: [
                .exemplars(
                    .init(
                        board: nil, threshold: 1, maximum: 4,
                        exemplars: (0..<30).map { index in
                            Exemplar(
                                input: text, activation: 4,
                                tokens: [
                                    ShadedToken(text: text, activation: 4),
                                    ShadedToken(text: " \(index)", activation: 0),
                                ])
                        }))
            ])
        return try await queue.submit(
            ApprovalRequest(
                name: "latent \(number)/explanation", sheet: sheet,
                hidden: ApprovalHidden(author: "rule inducer", verdict: "supported"),
                rule: .init(always: true, raters: raters)))
    }
}
