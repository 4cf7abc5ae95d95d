import Inquiry

/// People in an array, for tests: each question has its answer, given after it was asked so many times.
actor ScriptedGate: ApprovalGate {
    /// By the question's name; one that is not here waits.
    private var answers: [String: ApprovalAnswer.Outcome]
    private(set) var asked: [String] = []
    private(set) var shown: [String: ApprovalSheet] = [:]
    /// Looks until everything else is answered with this.
    private var looks: Int
    private let later: ApprovalAnswer.Outcome?

    init(
        _ answers: [String: ApprovalAnswer.Outcome] = [:], after looks: Int = 0,
        later: ApprovalAnswer.Outcome? = nil
    ) {
        self.answers = answers
        self.looks = looks
        self.later = later
    }

    private func outcome(_ name: String) -> ApprovalAnswer.Outcome? {
        answers[name] ?? (looks <= 0 ? later : nil)
    }

    func answer(to request: ApprovalRequest) -> ApprovalAnswer? {
        asked.append(request.name)
        shown[request.name] = request.sheet
        return outcome(request.name).map {
            ApprovalAnswer(item: "h-\(request.name)", contentHash: "", outcome: $0, by: ["ann"])
        }
    }

    func open(_ names: [String]) -> [String] { names.filter { outcome($0) == nil } }

    func change() async throws {
        try await Task.sleep(for: .milliseconds(5))
        looks -= 1
    }
}

/// A scripted laboratory that asks people as the plan says.
struct AskingLaboratory: Laboratory {
    var inner: ScriptedLaboratory
    var name = "it"

    func begin() async throws -> Beginning { try await inner.begin() }
    func propose(_ state: InquiryState) async throws -> Proposal { try await inner.propose(state) }
    func design(_ requests: [TrialRequest], _ state: InquiryState) async throws -> [Probe] {
        try await inner.design(requests, state)
    }
    func measure(_ probes: [Probe]) async throws -> [ProbeResult] {
        try await inner.measure(probes)
    }
    func refine(parent: Int, attempt: Int, _ state: InquiryState) async throws -> Refinement {
        try await inner.refine(parent: parent, attempt: attempt, state)
    }
    func rescore(_ state: InquiryState) async throws -> [HypothesisScore] {
        try await inner.rescore(state)
    }
    func openHeldOut() async throws -> HeldOutOpening { try await inner.openHeldOut() }
    func score(_ state: InquiryState) async throws -> ScoreCard { try await inner.score(state) }

    func request(
        for subject: ApprovalSubject, _ state: InquiryState
    ) async throws -> ApprovalRequest? {
        let (kind, name): (ApprovalKind, String) =
            switch subject {
            case .hypothesis(let id): (.hypothesis, "\(name)/\(id)")
            case .explanation: (.explanation, "\(name)/explanation")
            }
        let score = state.scores?.explanation.balancedAccuracy.value
        guard
            let rule = state.plan.approval?.rule(
                for: kind, cost: 100, score: score, name: name, seed: 1)
        else { return nil }
        let sheet = ApprovalSheet(
            kind: kind, run: "run", inquiry: self.name, question: "?", claim: name)
        return ApprovalRequest(
            name: name, sheet: sheet, hidden: ApprovalHidden(author: "scripted"), rule: rule)
    }

    func draft(
        _ formula: String, editing hypothesis: Int, _ state: InquiryState
    ) async throws -> HypothesisDraft? {
        guard Double(formula) != nil else { return nil }
        return HypothesisDraft(
            origin: .person, formula: formula, statement: "hits \(formula)", refutedBy: "misses",
            complexity: 1)
    }
}
