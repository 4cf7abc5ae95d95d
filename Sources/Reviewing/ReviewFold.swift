import Inquiry

/// One item as its events tell it: ``apply(_:by:at:)`` is the only way to change it.
struct ReviewFold: Hashable, Sendable {
    /// What somebody did that still stands.
    struct Act: Hashable, Sendable {
        let rater: String
        let at: Int64
        let decision: ReviewEvent.Decision
    }

    private(set) var submission: ReviewEvent.Submission?
    private(set) var contentHash = ""
    private(set) var hiddenHash = ""
    private(set) var acts: [Act] = []
    /// Everything that was ever done, by its nonce, so that nothing is done twice.
    private(set) var done: [String: Act] = [:]
    /// Who has been shown verdict and votes.
    private(set) var informed: Set<String> = []
    private(set) var isExpired = false
    private(set) var applied: ApprovalAnswer?

    var votes: [Act] { acts.filter { $0.decision.verb.isVote } }

    /// What each person has done last that leaves them nothing to decide: a vote, or asking for another.
    var standing: [Act] {
        var last: [String: Act] = [:]
        for act in acts where act.decision.verb != .defer { last[act.rater] = act }
        return last.values.sorted { $0.rater < $1.rater }
    }

    func vote(of rater: String) -> Act? { votes.last { $0.rater == rater } }

    /// Where the item stands, from what was done in order.
    var state: ReviewState {
        if isExpired { return .expired }
        let votes = votes
        let needed = submission?.raters ?? 1
        if let escalated = acts.lastIndex(where: { $0.decision.verb == .escalate }) {
            if let last = votes.last, acts.lastIndex(of: last).map({ $0 > escalated }) == true {
                return Self.outcome(last)
            }
            return .escalated
        }
        if votes.count >= needed {
            let first = votes.prefix(needed)
            let isUnanimous = first.dropFirst().allSatisfy {
                $0.decision.verb == votes[0].decision.verb
                    && $0.decision.edit?.text == votes[0].decision.edit?.text
            }
            if isUnanimous { return Self.outcome(votes[0]) }
            return votes.count > needed ? Self.outcome(votes[votes.count - 1]) : .escalated
        }
        return acts.last?.decision.verb == .defer ? .deferred : .pending
    }

    private static func outcome(_ act: Act) -> ReviewState {
        switch act.decision.verb {
        case .approve: .approved
        case .edit: .edited
        case .reject: .rejected
        case .defer, .escalate: .pending
        }
    }

    /// What a run is told; nil while the item is open.
    func answer(item: String) -> ApprovalAnswer? {
        if let applied { return applied }
        let outcome: ApprovalAnswer.Outcome
        switch state {
        case .approved: outcome = .approved
        case .edited: outcome = .edited(votes.last?.decision.edit?.text ?? "")
        case .rejected: outcome = .rejected(reason: votes.last?.decision.reason ?? "")
        case .expired: outcome = .expired
        case .pending, .claimed, .deferred, .escalated: return nil
        }
        return ApprovalAnswer(
            item: item, contentHash: contentHash, outcome: outcome,
            by: Set(votes.filter(isBehind).map(\.rater)).sorted())
    }

    /// Whether a vote is for what was decided.
    private func isBehind(_ vote: Act) -> Bool {
        vote.decision.verb == votes.last?.decision.verb
            && vote.decision.edit?.text == votes.last?.decision.edit?.text
    }

    /// - Throws: ``ReviewError`` when the event cannot follow what has happened.
    mutating func apply(_ event: ReviewEvent, by actor: String, at: Int64) throws(ReviewError) {
        switch event {
        case .submitted(let submission):
            guard self.submission == nil else { throw .outOfOrder(event.kind) }
            self.submission = submission
            contentHash = submission.contentHash
            hiddenHash = submission.hiddenHash
        case .revised(let revision):
            guard submission != nil, applied == nil else { throw .outOfOrder(event.kind) }
            contentHash = revision.contentHash
            hiddenHash = revision.hiddenHash
            acts = []
        case .decided(let decision): try decide(decision, by: actor, at: at)
        case .undone: try undo(by: actor)
        case .expired:
            guard state.isOpen else { throw .outOfOrder(event.kind) }
            isExpired = true
        case .applied(let answer):
            guard submission != nil, applied == nil, !state.isOpen else {
                throw .outOfOrder(event.kind)
            }
            applied = answer
        }
    }

    private mutating func decide(
        _ decision: ReviewEvent.Decision, by rater: String, at: Int64
    ) throws(ReviewError) {
        guard submission != nil else { throw .outOfOrder("decided") }
        guard decision.contentHash == contentHash else { throw .stale }
        guard state.isOpen else { throw .alreadyDecided(state) }
        guard vote(of: rater) == nil else { throw .votedBefore }
        if state == .escalated, standing.contains(where: { $0.rater == rater }) {
            throw .needsAnother
        }
        let act = Act(rater: rater, at: at, decision: decision)
        done[decision.nonce] = act
        acts.append(act)
        if decision.verb.isVote { informed.insert(rater) }
    }

    private mutating func undo(by rater: String) throws(ReviewError) {
        guard applied == nil, !isExpired else { throw .actedUpon }
        guard acts.contains(where: { $0.rater == rater }) else { throw .nothingToUndo }
        guard acts.last?.rater == rater else { throw .decidedSince }
        acts.removeLast()
    }
}
