import Foundation
import Inquiry
import Memory
import Reviewing

/// Asks people about something that is about to be written.
struct ApprovalWait {
    let store: Store
    let run: String
    let policy: ApprovalPolicy
    /// Whether to stay until they have decided.
    let isPatient: Bool

    /// - Returns: what they decided.
    /// - Throws: ``ExitStatus/waiting`` where nobody has decided and the command does not stay.
    func answer(to request: ApprovalRequest) async throws -> ApprovalAnswer {
        let gate = QueueGate(
            queue: ReviewQueue(store: store), run: run, controls: policy.controls)
        if let answer = try await gate.answer(to: request) { return answer }
        Console.error("\(request.name) " + RunEnding.waits(for: 1))
        guard isPatient else {
            Console.error("then the same command again")
            throw ExitStatus.waiting
        }
        while true {
            try await gate.change()
            guard try await gate.open([request.name]).isEmpty else { continue }
            if let answer = try await gate.answer(to: request) { return answer }
        }
    }
}
