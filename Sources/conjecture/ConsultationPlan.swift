import Consulting
import Explaining
import Foundation
import LanguageModels

/// What asking a language model will take, said before a run begins.
struct ConsultationPlan: CustomStringConvertible {
    private let inquiries: Int
    private let reference: ProposerReference
    private let concurrency: Int
    private let isOnlyAtMost: Bool

    /// Of an inquiry on planted features with the scripted model (`conjecture benchmark sage`), four bytes
    /// counted as a token.
    private static let calls = 12.7
    private static let inputTokens = 41_000.0
    private static let outputTokens = 5_100.0
    /// Of one answer; models differ.
    private static let seconds = 10.0

    /// - Returns: nil where no model is asked, or nobody can say how many features there are.
    init?(_ manifest: StudyManifest, concurrency: Int) {
        guard let reference = manifest.proposer, let inquiries = manifest.inquiries else {
            return nil
        }
        self.inquiries = inquiries
        self.reference = reference
        self.concurrency = concurrency
        isOnlyAtMost = manifest.isInducerFirst
    }

    var description: String {
        let calls = Double(inquiries) * Self.calls
        let input = Double(inquiries) * Self.inputTokens
        let output = Double(inquiries) * Self.outputTokens
        let money = reference.price.map { price in
            let cost =
                input / 1e6 * price.input + output / 1e6 * price.output
            return String(format: "%.2f USD", cost)
        }
        let hours = calls * Self.seconds / Double(concurrency) / 3_600
        return
            "plan: \(inquiries) inquiries, controls included; \(isOnlyAtMost ? "at most about" : "about") "
            + String(format: "%.0f calls, %.1f million tokens, ", calls, (input + output) / 1e6)
            + "\(money ?? "at a price that is not stated"), "
            + String(format: "%.1f h at %.0f s an answer", hours, Self.seconds)
    }
}
