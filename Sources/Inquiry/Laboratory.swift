/// Carries out the steps of one inquiry: knows the domain, the subject and the proposer.
///
/// The contract: the answer to a step depends only on the state, the inquiry and the laboratory's own
/// settings, never on the clock, on other inquiries or on what was done before; so a journal that
/// was cut off anywhere is continued as if nothing had happened, and a finished one can be checked
/// by doing it again. What earlier waves taught is a setting: they have ended when the laboratory is
/// made. A probe that cannot be measured is an ``Outcome/failed(reason:)``; a
/// lost instrument throws.
public protocol Laboratory: Sendable {
    /// Mines exemplars of the propose and tune splits and fixes the firing threshold.
    func begin() async throws -> Beginning
    /// The leading hypothesis first, then its rivals. Empty when nothing separates the exemplars, or
    /// when a language model's answer was of no use.
    func propose(_ state: InquiryState) async throws -> Proposal
    /// Probes with predictions, two for each trial, numbered on from the state's last one. May be
    /// fewer than asked for when no such inputs are to be found.
    func design(_ requests: [TrialRequest], _ state: InquiryState) async throws -> [Probe]
    /// One result for each probe, in the same order.
    func measure(_ probes: [Probe]) async throws -> [ProbeResult]
    func refine(parent: Int, attempt: Int, _ state: InquiryState) async throws -> Refinement
    /// Inputs that the proposer writes for a hypothesis; asked where it offered to (``Helper``).
    func devise(_ hypothesis: Int, _ state: InquiryState) async throws -> Devising
    /// What the proposer finds unexplained; asked where it offered to.
    func review(leading: Int, _ state: InquiryState) async throws -> Review
    /// The outcome in the proposer's words; asked where it offered them.
    func conclude(_ state: InquiryState) async throws -> Conclusion
    /// Balanced accuracy of every hypothesis on the whole tune split.
    func rescore(_ state: InquiryState) async throws -> [HypothesisScore]
    /// What the held-out split holds; logged before its scores exist.
    func openHeldOut() async throws -> HeldOutOpening
    func score(_ state: InquiryState) async throws -> ScoreCard
    /// What people are asked about something by the plan's policy; nil where it goes on by itself.
    func request(
        for subject: ApprovalSubject, _ state: InquiryState
    ) async throws -> ApprovalRequest?
    /// A hypothesis with the formula that a person gave it; nil where that cannot be read.
    func draft(
        _ formula: String, editing hypothesis: Int, _ state: InquiryState
    ) async throws -> HypothesisDraft?
}

/// For a laboratory that asks nobody.
extension Laboratory {
    public func request(
        for subject: ApprovalSubject, _ state: InquiryState
    ) async throws -> ApprovalRequest? { nil }

    public func draft(
        _ formula: String, editing hypothesis: Int, _ state: InquiryState
    ) async throws -> HypothesisDraft? { nil }
}

/// For a laboratory whose proposer offers no more than to propose and refine: it has nothing to say.
extension Laboratory {
    public func devise(_ hypothesis: Int, _ state: InquiryState) async throws -> Devising {
        Devising(hypothesis: hypothesis, pairs: [], dropped: 0, consultation: nil)
    }

    public func review(leading: Int, _ state: InquiryState) async throws -> Review {
        Review(parent: leading, unexplained: "", drafts: [], consultation: nil)
    }

    public func conclude(_ state: InquiryState) async throws -> Conclusion {
        Conclusion(words: nil, consultation: nil)
    }
}

extension Laboratory {
    /// The event that answers `step`.
    ///
    /// - Throws: ``InquiryError/nobodyToAsk`` for a step that people must approve: see
    ///   ``perform(_:_:asking:)``.
    public func perform(_ step: Step, _ state: InquiryState) async throws -> InquiryEvent {
        switch step {
        case .begin: return .began(try await begin())
        case .propose:
            let proposal = try await propose(state)
            guard proposal.consultation == nil else { return .consulted(proposal) }
            return proposal.drafts.isEmpty
                ? .stopped(.nothingProposed) : .proposed(proposal.drafts)
        case .design(let requests):
            let probes = try await design(requests, state)
            return .registered(Registration(requests: requests, probes: probes))
        case .devise(let hypothesis): return .devised(try await devise(hypothesis, state))
        case .measure(let probes): return .measured(try await measure(probes))
        case .refine(let parent, let attempt):
            return .refined(try await refine(parent: parent, attempt: attempt, state))
        case .review(let leading): return .reviewed(try await review(leading: leading, state))
        case .conclude: return .concluded(try await conclude(state))
        case .rescore:
            let scores = try await rescore(state)
            return .rescored(scores.filter { state.record($0.hypothesis)?.isBarred != true })
        case .approve: throw InquiryError.nobodyToAsk
        case .openHeldOut: return .openedHeldOut(try await openHeldOut())
        case .score: return .scored(try await score(state))
        case .stop(let reason): return .stopped(reason)
        }
    }
}
