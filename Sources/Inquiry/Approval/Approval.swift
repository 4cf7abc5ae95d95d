/// What of an inquiry may have to wait for a person.
public enum ApprovalSubject: Codable, Hashable, Sendable {
    case hypothesis(Int)
    case explanation
}

/// What became of something that may have had to wait.
public struct Approval: Codable, Hashable, Sendable {
    public let subject: ApprovalSubject
    /// What people decided; nil where the policy let it go on by itself.
    public let answer: ApprovalAnswer?
    /// For a hypothesis whose formula a person changed: what takes its place. Nil where the new formula
    /// cannot be read; then nothing does.
    public let draft: HypothesisDraft?

    public init(_ subject: ApprovalSubject, answer: ApprovalAnswer?, draft: HypothesisDraft? = nil)
    {
        self.subject = subject
        self.answer = answer
        self.draft = draft
    }

    /// Whether it may go on, as it was or as it was edited.
    public var isApproved: Bool { answer?.isApproved ?? true }

    /// Whether it goes on just as it was.
    public var isUnchanged: Bool {
        switch answer?.outcome {
        case .approved?, nil: true
        case .edited?, .rejected?, .expired?: false
        }
    }

    /// The text that a person put in the place of the original.
    public var editedText: String? {
        if case .edited(let text)? = answer?.outcome { text } else { nil }
    }
}

extension ApprovalAnswer {
    /// What was decided, by whom and why, in a few words.
    public var words: String {
        let people = by.isEmpty ? "" : " by " + by.joined(separator: ", ")
        switch outcome {
        case .approved: return "approved" + people
        case .edited: return "edited" + people
        case .rejected(let reason): return "rejected" + people + ": " + reason
        case .expired: return "not answered in time"
        }
    }
}

/// What a step came to.
public enum StepResult: Hashable, Sendable {
    case event(InquiryEvent)
    /// The questions that people have not answered yet.
    case waits(for: [String])
}

extension Laboratory {
    /// Carries out a step, asking people where it must be approved. All questions of a step are put
    /// before the first answer is waited for, and no answer is used before there are all.
    ///
    /// - Parameter gate: where people are asked; nil where nobody is.
    /// - Throws: ``InquiryError/nobodyToAsk`` where something must wait and nobody is asked.
    public func perform(
        _ step: Step, _ state: InquiryState, asking gate: (any ApprovalGate)?
    ) async throws -> StepResult {
        guard case .approve(let subjects) = step else {
            return .event(try await perform(step, state))
        }
        var open: [String] = []
        var approvals: [Approval] = []
        for subject in subjects {
            guard let request = try await request(for: subject, state) else {
                approvals.append(Approval(subject, answer: nil))
                continue
            }
            guard let gate else { throw InquiryError.nobodyToAsk }
            if let answer = try await gate.answer(to: request) {
                approvals.append(try await approval(of: subject, answer, state))
            } else {
                open.append(request.name)
            }
        }
        return open.isEmpty ? .event(.approved(approvals)) : .waits(for: open)
    }

    private func approval(
        of subject: ApprovalSubject, _ answer: ApprovalAnswer, _ state: InquiryState
    ) async throws -> Approval {
        guard case .hypothesis(let id) = subject, case .edited(let formula) = answer.outcome else {
            return Approval(subject, answer: answer)
        }
        return Approval(
            subject, answer: answer, draft: try await draft(formula, editing: id, state))
    }
}
