/// What an inquiry wants done next. Steps are carried out by a ``Laboratory``.
public enum Step: Hashable, Sendable {
    case begin
    case propose
    /// Design `trials` trials of each arm for each hypothesis.
    case design([TrialRequest])
    case measure([Probe])
    /// Do better than `parent`; `attempt` counts the refinements in a row that moved nothing.
    case refine(parent: Int, attempt: Int)
    case rescore
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
        case .design: "design"
        case .measure: "measure"
        case .refine: "refine"
        case .rescore: "rescore"
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
        if committed != nil { return opening == nil ? .openHeldOut : .score }
        let unmeasured = probes.filter { outcomes[$0.id - 1] == nil }
        if !unmeasured.isEmpty { return .measure(unmeasured) }
        let requests = trialRequests()
        if !requests.isEmpty { return .design(requests) }
        return refinementStep() ?? .rescore
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
        guard stalls < plan.stallsBeforeCommit, records.count < plan.hypotheses,
            probes.count + 2 * plan.trialsPerRound <= plan.probes, let leading
        else { return nil }
        return .refine(parent: leading.hypothesis.id, attempt: stalls)
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
        case .measured: "measured"
        case .refined: "refined"
        case .rescored: "rescored"
        case .openedHeldOut: "openedHeldOut"
        case .scored: "scored"
        case .stopped: "stopped"
        }
    }
}
