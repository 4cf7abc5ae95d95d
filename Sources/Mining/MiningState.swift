import Inquiry
import Rows
import Tools

/// What a run's steps are, each followed by one event.
enum MiningStep: Hashable, Sendable {
    case deal
    case propose(round: Int)
    case check(round: Int)
    case screen(round: Int)
    case select(round: Int)
    case open
    case confirm
    /// Ask people about what was confirmed.
    case approve
}

/// Where a run of `mine` stands: a fold over its journal. What comes next follows from it alone.
struct MiningState: Sendable {
    private(set) var deal: MiningEvent.Deal?
    /// Every tool that was ever proposed, in order.
    private(set) var candidates: [Candidate] = []
    /// Why a candidate is out, by name.
    private(set) var faults: [String: String] = [:]
    /// Proposals of which no tool could be made.
    private(set) var unreadable: [MiningRecord.Dropped] = []
    private(set) var rounds: [Round] = []
    private(set) var opening: ConfirmOpening?
    private(set) var outcome: MiningOutcome?
    private(set) var approvals: [MiningApproval]?
    private let reflections: Int
    /// Whether people are asked about what was confirmed.
    private let asks: Bool

    struct Round: Sendable {
        var proposal: MiningEvent.Proposal
        var checks: MiningEvent.Checks?
        var screening: MiningEvent.Screening?
        var choice: MiningEvent.Choice?
    }

    init(reflections: Int, asks: Bool = false) {
        self.reflections = reflections
        self.asks = asks
    }

    init(
        reflections: Int, asks: Bool = false, events: [MiningEvent]
    ) throws(MiningError) {
        self.init(reflections: reflections, asks: asks)
        for event in events { try apply(event) }
    }

    /// Nil when the run is finished.
    func next() -> MiningStep? {
        if deal == nil { return .deal }
        if let round = rounds.last {
            let number = rounds.count - 1
            if !round.proposal.candidates.isEmpty {
                if round.checks == nil { return .check(round: number) }
                if round.screening == nil { return .screen(round: number) }
                if round.choice == nil { return .select(round: number) }
                if rounds.count <= reflections { return .propose(round: rounds.count) }
            }
        } else {
            return .propose(round: 0)
        }
        if opening == nil { return .open }
        if outcome == nil { return .confirm }
        return asks && approvals == nil ? .approve : nil
    }

    /// - Throws: ``MiningError/eventOutOfOrder(_:)`` where the event cannot follow.
    mutating func apply(_ event: MiningEvent) throws(MiningError) {
        switch (next(), event) {
        case (.deal, .dealt(let deal)): self.deal = deal
        case (.propose, .proposed(let proposal)):
            candidates += proposal.candidates
            unreadable += proposal.unreadable
            rounds.append(Round(proposal: proposal))
        case (.check, .checked(let checks)):
            take(checks)
        case (.screen, .screened(let screening)):
            rounds[rounds.count - 1].screening = screening
            for outcome in screening.outcomes { faults[outcome.name] = outcome.fault }
        case (.select, .selected(let choice)): rounds[rounds.count - 1].choice = choice
        case (.open, .opened(let opening)): self.opening = opening
        case (.confirm, .confirmed(let outcome)): self.outcome = outcome
        case (.approve, .approved(let approvals)): self.approvals = approvals
        default: throw .eventOutOfOrder(event.kind)
        }
    }

    private mutating func take(_ checks: MiningEvent.Checks) {
        rounds[rounds.count - 1].checks = checks
        for outcome in checks.outcomes {
            faults[outcome.name] = outcome.fault
            guard let repaired = outcome.repaired,
                let place = candidates.firstIndex(where: { $0.tool.name == outcome.name })
            else { continue }
            let old = candidates[place]
            candidates[place] = Candidate(tool: repaired, origin: old.origin, round: old.round)
        }
    }

    /// Candidates that nothing speaks against so far.
    var sound: [Candidate] { candidates.filter { faults[$0.tool.name] == nil } }

    func candidates(of round: Int) -> [Candidate] { candidates.filter { $0.round == round } }

    /// What was chosen last.
    var choice: MiningEvent.Choice? { rounds.compactMap(\.choice).last }

    /// The chosen candidates in the order in which they were chosen.
    var chosen: [Candidate] { choice.map(candidates(of:)) ?? [] }

    func candidates(of choice: MiningEvent.Choice) -> [Candidate] {
        choice.chosen.compactMap { chosen in
            candidates.first { $0.tool.name == chosen.name }
        }
    }

    /// Why a candidate that is not chosen is not.
    func fate(of candidate: Candidate) -> String {
        faults[candidate.tool.name] ?? "added nothing to what was chosen"
    }
}
