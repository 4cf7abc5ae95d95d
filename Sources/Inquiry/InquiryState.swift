/// An inquiry as a fold over its events: ``apply(_:)`` is the only way to change it, and
/// ``nextStep()`` the only source of what to do. Running, resuming and replaying are this one path.
public struct InquiryState: Hashable, Sendable {
    public let plan: InquiryPlan
    public private(set) var beginning: Beginning?
    public private(set) var records: [HypothesisRecord] = []
    public private(set) var probes: [Probe] = []
    /// By position in ``probes``; nil until measured.
    public private(set) var outcomes: [Outcome?] = []
    public private(set) var refinements: [Refinement] = []
    /// Every question to a language model.
    public private(set) var consultations: [Consultation] = []
    /// What else the proposer is to be asked.
    public private(set) var helpers: [Helper] = []
    /// Inputs that a language model wrote, by hypothesis.
    public private(set) var devisings: [Int: Devising] = [:]
    public private(set) var reviews: [Review] = []
    public private(set) var conclusion: Conclusion?
    /// Refinements in a row that moved nothing.
    public private(set) var stalls = 0
    /// The hypothesis that the inquiry committed to.
    public private(set) var committed: Int?
    public private(set) var opening: HeldOutOpening?
    public private(set) var scores: ScoreCard?
    /// What people decided about the explanation; nil while they have not, and where nobody is asked.
    public private(set) var approval: Approval?
    public private(set) var stop: StopReason?

    public init(plan: InquiryPlan) {
        self.plan = plan
    }

    public init(plan: InquiryPlan, events: some Sequence<InquiryEvent>) throws(InquiryError) {
        self.init(plan: plan)
        for event in events { try apply(event) }
    }

    /// The threshold that decides what firing means; nil before the inquiry has begun.
    public var threshold: Double? { beginning?.threshold.value }

    public var isFinished: Bool {
        stop != nil
            || (scores != nil && (approval != nil || plan.approval?[.explanation] == nil))
    }

    /// Where the inquiry stands, in one word.
    public var verdict: String {
        if stop != nil { return "stopped" }
        if let committed, let record = record(committed) { return record.status.rawValue }
        return records.isEmpty ? "beginning" : "testing"
    }

    public func record(_ hypothesis: Int) -> HypothesisRecord? {
        records.indices.contains(hypothesis - 1) ? records[hypothesis - 1] : nil
    }

    /// The hypothesis that leads: the committed one, else a supported one, else the one that the
    /// evidence speaks for most. Refuted ones come last.
    public var leading: HypothesisRecord? {
        if let committed { return record(committed) }
        return records.filter { !$0.isBarred }.max { Self.rank($0) < Self.rank($1) }
    }

    private static func rank(_ record: HypothesisRecord) -> (Int, Double, Int) {
        let tier =
            switch record.status {
            case .supported: 3
            case .testing, .proposed: 2
            case .unresolved, .superseded: 1
            case .refuted: 0
            }
        return (tier, record.logEValue, record.hypothesis.id)
    }

    /// The next state.
    ///
    /// - Throws: ``InquiryError`` when the event cannot follow what has happened: a result for a
    ///   probe that was never registered, a prediction for a hypothesis that does not exist.
    public mutating func apply(_ event: InquiryEvent) throws(InquiryError) {
        guard !isFinished else { throw .afterTheEnd(event.kind) }
        switch event {
        case .began(let beginning): self.beginning = beginning
        case .proposed(let drafts): for draft in drafts { add(draft, parent: nil) }
        case .consulted(let proposal):
            note(proposal.consultation)
            helpers = proposal.helpers ?? []
            for draft in proposal.drafts { add(draft, parent: nil) }
        case .registered(let registration): try register(registration)
        case .devised(let devising): try devise(devising)
        case .measured(let results): try measure(results)
        case .refined(let refinement): try refine(refinement)
        case .approved(let approvals): for approval in approvals { try take(approval) }
        case .reviewed(let review): try take(review)
        case .rescored(let scores): try commit(scores)
        case .concluded(let conclusion):
            note(conclusion.consultation)
            self.conclusion = conclusion
        case .openedHeldOut(let opening): self.opening = opening
        case .scored(let card): scores = card
        case .stopped(let reason): stop = reason
        }
    }

    private mutating func note(_ consultation: Consultation?) {
        if let consultation { consultations.append(consultation) }
    }

    private mutating func devise(_ devising: Devising) throws(InquiryError) {
        guard record(devising.hypothesis) != nil else {
            throw .unknownHypothesis(devising.hypothesis)
        }
        note(devising.consultation)
        devisings[devising.hypothesis] = devising
    }

    /// Takes what was added as far as the plan has room; refining begins anew.
    private mutating func take(_ review: Review) throws(InquiryError) {
        guard record(review.parent) != nil else { throw .unknownHypothesis(review.parent) }
        note(review.consultation)
        reviews.append(review)
        for draft in review.drafts.prefix(max(0, plan.hypotheses - records.count)) {
            add(draft, parent: review.parent)
            stalls = 0
        }
    }

    private mutating func add(_ draft: HypothesisDraft, parent: Int?) {
        let hypothesis = Hypothesis(id: records.count + 1, parent: parent, draft: draft)
        var record = HypothesisRecord(hypothesis, plan: plan)
        // What a person wrote is not put to people again.
        if plan.approval?[.hypothesis] == nil || draft.origin == .person {
            record.status = .testing
        }
        records.append(record)
    }

    private mutating func take(_ approval: Approval) throws(InquiryError) {
        switch approval.subject {
        case .hypothesis(let id):
            guard let record = record(id) else { throw .unknownHypothesis(id) }
            guard record.status == .proposed, record.approval == nil else {
                throw .approvedOutOfTurn
            }
            records[id - 1].approval = approval
            if approval.isUnchanged { records[id - 1].status = .testing }
            guard let draft = approval.draft else { return }
            records[id - 1].status = .superseded
            add(draft, parent: id)
        case .explanation:
            guard scores != nil, self.approval == nil else { throw .approvedOutOfTurn }
            self.approval = approval
        }
    }

    private mutating func register(_ registration: Registration) throws(InquiryError) {
        for request in registration.requests {
            guard var arm = record(request.hypothesis)?[request.arm] else {
                throw .unknownHypothesis(request.hypothesis)
            }
            arm.registered += request.count
            records[request.hypothesis - 1][request.arm] = arm
        }
        for probe in registration.probes {
            guard probe.id == probes.count + 1 else {
                throw .probeOutOfOrder(found: probe.id, expected: probes.count + 1)
            }
            guard record(probe.hypothesis) != nil else {
                throw .unknownHypothesis(probe.hypothesis)
            }
            probes.append(probe)
            outcomes.append(nil)
        }
        if registration.probes.isEmpty { settle() }
    }

    private mutating func measure(_ results: [ProbeResult]) throws(InquiryError) {
        guard let threshold else { throw .measuredBeforeBeginning }
        for result in results {
            guard probes.indices.contains(result.probe - 1) else {
                throw .unknownProbe(result.probe)
            }
            guard outcomes[result.probe - 1] == nil else { throw .measuredTwice(result.probe) }
            outcomes[result.probe - 1] = result.outcome
        }
        for trial in Self.trials(results.map { probes[$0.probe - 1] }) {
            score(trial, threshold: threshold)
        }
        settle()
    }

    /// Probes of one trial together, in the order in which they were registered.
    private static func trials(_ probes: [Probe]) -> [[Probe]] {
        var order: [TrialKey] = []
        var members: [TrialKey: [Probe]] = [:]
        for probe in probes.sorted(by: { $0.id < $1.id }) {
            let key = TrialKey(probe)
            if members[key] == nil { order.append(key) }
            members[key, default: []].append(probe)
        }
        return order.compactMap { members[$0] }
    }

    private mutating func score(_ trial: [Probe], threshold: Double) {
        var correct = 0
        var failed = false
        guard let first = trial.first else { return }
        let index = first.hypothesis - 1
        for probe in trial {
            guard let seen = outcomes[probe.id - 1]?.observed(threshold: threshold) else {
                failed = true
                continue
            }
            let hit = seen == probe.prediction
            correct += hit ? 1 : 0
            records[index].roles[probe.role, default: RoleCount()].total += 1
            records[index].roles[probe.role, default: RoleCount()].correct += hit ? 1 : 0
        }
        records[index][first.arm].observe(failed ? nil : Double(correct) / Double(trial.count))
    }

    /// Verdicts, from nothing but the e-processes and the plan.
    private mutating func settle() {
        for index in records.indices where records[index].status == .testing {
            if records[index].isRefuted {
                records[index].status = .refuted
            } else if records[index].isSupported {
                records[index].status = .supported
            } else if records[index].openArms(plan: plan).isEmpty {
                records[index].status = .unresolved
            }
        }
    }

    private mutating func refine(_ refinement: Refinement) throws(InquiryError) {
        guard let parent = record(refinement.parent) else {
            throw .unknownHypothesis(refinement.parent)
        }
        refinements.append(refinement)
        note(refinement.consultation)
        let move = refinement.draftScore - refinement.parentScore
        guard let draft = refinement.draft, move >= plan.minimumMove else {
            stalls += 1
            return
        }
        stalls = 0
        if parent.status == .unresolved { records[refinement.parent - 1].status = .superseded }
        add(draft, parent: refinement.parent)
    }

    /// Commits to the supported hypothesis with the best tune score, or to the best of all where none
    /// is supported.
    private mutating func commit(_ scores: [HypothesisScore]) throws(InquiryError) {
        for score in scores {
            guard record(score.hypothesis) != nil else {
                throw .unknownHypothesis(score.hypothesis)
            }
            records[score.hypothesis - 1].tuneScore = score.balancedAccuracy
        }
        for index in records.indices where records[index].status == .testing {
            records[index].status = .unresolved
        }
        let supported = records.filter { $0.status == .supported }
        let pool = supported.isEmpty ? records.filter { !$0.isBarred } : supported
        let best = pool.max {
            ($0.tuneScore ?? 0, -$0.hypothesis.complexity, -$0.hypothesis.id)
                < ($1.tuneScore ?? 0, -$1.hypothesis.complexity, -$1.hypothesis.id)
        }
        guard let best else { throw .nothingToCommitTo }
        committed = best.hypothesis.id
    }
}

private struct TrialKey: Hashable {
    let hypothesis: Int
    let arm: Arm
    let trial: Int

    init(_ probe: Probe) {
        hypothesis = probe.hypothesis
        arm = probe.arm
        trial = probe.trial
    }
}
