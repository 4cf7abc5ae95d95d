import Digests
import Inquiry
import Rows
import Tools

extension MiningStudy {
    /// A tool that was run, or was not let run.
    private struct Trial {
        var tool: FeatureTool
        var faults: [String]
        var answer: ApprovalAnswer?

        var isRefused: Bool { answer?.isApproved == false }
    }

    /// Runs a candidate's tool, and where it has faults the one that it was mended to.
    ///
    /// - Parameter hashes: of all tools that there are.
    /// - Throws: ``ApprovalPending`` for a program that nobody has let run yet.
    func check(
        _ candidate: Candidate, on sample: RowSet, _ hashes: inout Set<Digest>
    ) async throws -> (outcome: MiningEvent.Checks.Outcome, consultations: [Consultation]) {
        var trial = try await trial(of: candidate.tool, candidate, on: sample, &hashes)
        var answers = trial.answer.map { [$0] } ?? []
        var consultations: [Consultation] = []
        if !trial.faults.isEmpty, !trial.isRefused {
            let answer = try await proposer.repair(candidate, faults: trial.faults)
            consultations = answer.consultations
            if let tool = answer.tool {
                if hashes.insert(tool.hash).inserted {
                    trial = try await self.trial(of: tool, candidate, on: sample, &hashes)
                    answers += trial.answer.map { [$0] } ?? []
                } else {
                    trial.faults = ["as it was mended it computes what another tool computes"]
                }
            }
        }
        let isSound = trial.faults.isEmpty
        return (
            .init(
                name: candidate.tool.name,
                repaired: isSound && trial.tool != candidate.tool ? trial.tool : nil,
                fault: isSound ? nil : trial.faults.joined(separator: "; "),
                approvals: answers.isEmpty ? nil : answers), consultations
        )
    }

    private func trial(
        of tool: FeatureTool, _ candidate: Candidate, on sample: RowSet,
        _ hashes: inout Set<Digest>
    ) async throws -> Trial {
        guard let desk, case .python = tool.kind,
            let answer = try await desk.answer(toRunning: tool, of: candidate)
        else {
            return Trial(tool: tool, faults: try await bench.faults(of: tool, on: sample))
        }
        var trial = Trial(tool: tool, faults: [], answer: answer)
        switch answer.outcome {
        case .approved: break
        case .rejected, .expired:
            trial.faults = ["not approved: \(answer.words)"]
            return trial
        case .edited(let source):
            guard let edited = tool.edited(source) else {
                trial.faults = ["the source that a person wrote cannot be used"]
                return trial
            }
            guard hashes.insert(edited.hash).inserted else {
                trial.faults = ["as it was edited it computes what another tool computes"]
                return trial
            }
            trial.tool = edited
        }
        trial.faults = try await bench.faults(of: trial.tool, on: sample)
        return trial
    }

    /// What people decided about the confirmed features and the pack. All questions are put before the first
    /// answer is waited for.
    ///
    /// - Throws: ``ApprovalPending``.
    func approvals(_ state: MiningState) async throws -> [MiningApproval] {
        guard let desk, let outcome = state.outcome else { return [] }
        var open: [String] = []
        var approvals: [MiningApproval] = []
        func take(
            _ subject: MiningApproval.Subject, _ answer: () async throws -> ApprovalAnswer?
        ) async throws {
            do {
                approvals.append(MiningApproval(subject: subject, answer: try await answer()))
            } catch let pending as ApprovalPending {
                open += pending.questions
            }
        }
        for feature in outcome.record.features where outcome.record.isConfirmed(feature) {
            try await take(.feature(feature.name)) {
                try await desk.answer(toKeeping: feature, outcome.record)
            }
        }
        try await take(.pack) { try await desk.answer(toPacking: outcome) }
        guard open.isEmpty else { throw ApprovalPending(questions: open) }
        return approvals
    }
}

extension FeatureTool {
    /// The same with the source that a person gave it; nil where that cannot be used.
    fileprivate func edited(_ source: String) -> FeatureTool? {
        guard (try? FeatureTool.checkPython(source)) != nil else { return nil }
        return try? FeatureTool(
            name: name, title: title, kind: .python(source), examples: examples,
            version: version + 1, parent: hash)
    }
}
