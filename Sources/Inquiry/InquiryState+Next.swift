/// What an inquiry wants done next. Steps are carried out by a ``Laboratory``.
public enum Step: Hashable, Sendable {
    case begin
    case propose
    /// Ask people about everything in it that must wait.
    case approve([ApprovalSubject])
    /// Design `trials` trials of each arm for each hypothesis.
    case design([TrialRequest])
    /// Have inputs written for one hypothesis that stood its first trials.
    case devise(Int)
    case measure([Probe])
    /// Do better than `parent`; `attempt` counts the refinements in a row that moved nothing.
    case refine(parent: Int, attempt: Int)
    /// Look for what is unexplained; `leading` is the hypothesis that leads.
    case review(leading: Int)
    case rescore
    case conclude
    case openHeldOut
    case score
    case stop(StopReason)
}

extension Step {
    /// The step in one word, for traces.
    var word: String {
        switch self {
        case .begin: "begin"
        case .propose: "propose"
        case .approve: "approve"
        case .design: "design"
        case .devise: "devise"
        case .measure: "measure"
        case .refine: "refine"
        case .review: "review"
        case .rescore: "rescore"
        case .conclude: "conclude"
        case .openHeldOut: "open held-out"
        case .score: "score"
        case .stop: "stop"
        }
    }
}

/// Trials of one arm for one hypothesis.
public struct TrialRequest: Codable, Hashable, Sendable {
    public let hypothesis: Int
    public let arm: Arm
    /// The first trial's number within its arm and hypothesis.
    public let first: Int
    public let count: Int

    public init(hypothesis: Int, arm: Arm, first: Int, count: Int) {
        self.hypothesis = hypothesis
        self.arm = arm
        self.first = first
        self.count = count
    }
}

extension InquiryState {
    /// Pure: the same state always wants the same step. Nil when the inquiry is finished.
    public func nextStep() -> Step? {
        guard !isFinished else { return nil }
        guard let beginning else { return .begin }
        if let reason = reasonNotToStart(beginning) { return .stop(reason) }
        guard !records.isEmpty else {
            guard let consultation = consultations.last else { return .propose }
            return .stop(consultation.failure.map { .failed(reason: $0) } ?? .nothingProposed)
        }
        let unapproved = records.filter { $0.status == .proposed && $0.approval == nil }
        if !unapproved.isEmpty {
            return .approve(unapproved.map { .hypothesis($0.hypothesis.id) })
        }
        if committed != nil { return lastStep }
        if records.allSatisfy(\.isBarred) { return .stop(.nothingApproved) }
        let unmeasured = probes.filter { outcomes[$0.id - 1] == nil }
        if !unmeasured.isEmpty { return .measure(unmeasured) }
        let requests = trialRequests()
        if !requests.isEmpty { return devisingStep(requests) ?? .design(requests) }
        return refinementStep() ?? reviewStep() ?? .rescore
    }

    /// Words come before the held-out data is opened, so that they cannot speak of it.
    private var lastStep: Step {
        if helpers.contains(.concluder), conclusion == nil { return .conclude }
        if opening == nil { return .openHeldOut }
        return scores == nil ? .score : .approve([.explanation])
    }

    /// Once for each hypothesis, and only where its first trials did not settle it: most do.
    private func devisingStep(_ requests: [TrialRequest]) -> Step? {
        guard helpers.contains(.designer) else { return nil }
        return requests.first {
            $0.arm == .designed && $0.first > 1 && devisings[$0.hypothesis] == nil
        }.map { .devise($0.hypothesis) }
    }

    private func reasonNotToStart(_ beginning: Beginning) -> StopReason? {
        let fewest = min(beginning.proposeExemplars, beginning.tuneExemplars)
        guard fewest < plan.exemplarsRequired else { return nil }
        return .tooFewExemplars(
            propose: beginning.proposeExemplars, tune: beginning.tuneExemplars,
            required: plan.exemplarsRequired)
    }

    /// One round for every hypothesis under test, as far as the probes last.
    private func trialRequests() -> [TrialRequest] {
        var left = plan.probes - probes.count
        var requests: [TrialRequest] = []
        for record in records where record.status == .testing {
            for arm in record.openArms(plan: plan) {
                let done = record[arm].registered
                let count = min(plan.trialsPerRound, plan.trialsPerHypothesis - done, left / 2)
                guard count > 0 else { continue }
                left -= 2 * count
                requests.append(
                    TrialRequest(
                        hypothesis: record.hypothesis.id, arm: arm, first: done + 1, count: count))
            }
        }
        return requests
    }

    private func refinementStep() -> Step? {
        guard stalls < plan.stallsBeforeCommit, hasRoom, let leading else { return nil }
        return .refine(parent: leading.hypothesis.id, attempt: stalls)
    }

    /// Whether one more hypothesis could be put to a test.
    private var hasRoom: Bool {
        records.count < plan.hypotheses && probes.count + 2 * plan.trialsPerRound <= plan.probes
    }

    private func reviewStep() -> Step? {
        guard helpers.contains(.reviewer), reviews.count < Self.reviewLimit,
            reviews.last?.drafts.isEmpty != true, hasRoom, let leading
        else { return nil }
        return .review(leading: leading.hypothesis.id)
    }

    /// Reviews that one inquiry gets.
    private static let reviewLimit = 2
}

extension InquiryState {
    /// Whether the next step is for people.
    public var isWaiting: Bool {
        if case .approve? = nextStep() { true } else { false }
    }

    /// Where the inquiry stands, for lists that those see who may still be asked about its explanation: it
    /// holds no verdict before they have decided.
    public var shownVerdict: String {
        if isWaiting { return "waiting" }
        let asks = plan.approval?[.explanation] != nil
        return asks && !isFinished && committed != nil ? "scoring" : verdict
    }
}

extension InquiryEvent {
    /// The event's name in the journal.
    public var kind: String {
        switch self {
        case .began: "began"
        case .proposed: "proposed"
        case .consulted: "consulted"
        case .registered: "registered"
        case .devised: "devised"
        case .measured: "measured"
        case .refined: "refined"
        case .approved: "approved"
        case .reviewed: "reviewed"
        case .rescored: "rescored"
        case .concluded: "concluded"
        case .openedHeldOut: "openedHeldOut"
        case .scored: "scored"
        case .stopped: "stopped"
        }
    }
}
