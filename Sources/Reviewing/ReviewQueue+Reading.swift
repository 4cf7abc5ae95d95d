import Digests
import Inquiry
import Memory

/// Which items somebody wants to see.
public struct ReviewFilter: Hashable, Sendable {
    public enum Part: String, Hashable, Sendable, CaseIterable {
        /// Open, and not decided by this person.
        case open
        /// Decided by this person.
        case mine
        /// Settled, by whomever.
        case settled
        case all
    }

    public var part: Part
    public var kind: ApprovalKind?
    public var run: String?
    /// What the claim, the inquiry or the run must contain.
    public var text: String?

    public init(
        part: Part = .open, kind: ApprovalKind? = nil, run: String? = nil, text: String? = nil
    ) {
        self.part = part
        self.kind = kind
        self.run = run
        self.text = text
    }
}

/// One line of a list, as one person may see it: what others think of an item that this person has not
/// decided is not in it.
public struct ReviewLine: Codable, Hashable, Sendable {
    public let id: String
    public let kind: ApprovalKind
    public let run: String
    public let inquiry: String
    public let claim: String
    public let state: ReviewState
    /// What this person decided.
    public let decision: ReviewVerb?
    /// Milliseconds since 1970.
    public let submittedAt: Int64
    public let expiresAt: Int64?
}

public struct ReviewPage: Codable, Hashable, Sendable {
    public let lines: [ReviewLine]
    /// Where the first line stands in the whole list, from 0.
    public let offset: Int
    /// Items that fit the filter.
    public let total: Int
    /// Number of the last event of the audit when this was read.
    public let sequence: Int
}

/// An item as one person may see it.
public struct ReviewSheet: Hashable, Sendable {
    public let line: ReviewLine
    public let sheet: ApprovalSheet
    public let contentHash: String
    /// How many must decide.
    public let raters: Int
    /// Others who look at it now.
    public let claimedBy: [String]
    /// Whether this person can undo what they did.
    public let canUndo: Bool
    /// Nil until this person has decided on what stands there now, or nobody can decide any more.
    public let revealed: Revealed?

    /// What was hidden.
    public struct Revealed: Hashable, Sendable {
        public let hidden: ApprovalHidden
        public let votes: [Vote]
    }

    public struct Vote: Hashable, Sendable {
        public let rater: String
        public let at: Int64
        public let decision: ReviewEvent.Decision
    }
}

extension ReviewQueue {
    /// A part of the list in this person's own random order; deferred items come last, and settled ones
    /// newest first.
    public func page(
        _ filter: ReviewFilter, rater: String, offset: Int = 0, limit: Int = 50
    ) async throws -> ReviewPage {
        let now = now
        return try await store.readReviews { table in
            let places = try Self.order(filter, rater: rater, in: table)
            let claims = Dictionary(
                grouping: try table.claims(at: now).filter { $0.rater != rater }, by: \.item)
            let start = min(max(0, offset), places.count)
            let end = min(places.count, start + max(0, limit))
            let lines = try places[start..<end].compactMap { number in
                try table.item(number: number).map {
                    try Self.line(
                        $0, rater: rater, isClaimed: claims[$0.id] != nil, in: table, at: now)
                }
            }
            return ReviewPage(
                lines: lines, offset: start, total: places.count, sequence: try table.lastSequence()
            )
        }
    }

    /// The numbers of the items that fit a filter, in a person's own order.
    private static func order(
        _ filter: ReviewFilter, rater: String, in table: ReviewTable
    ) throws -> [Int] {
        var selection = ReviewSelection(
            kind: filter.kind?.rawValue, run: filter.run, text: filter.text)
        switch filter.part {
        case .open:
            selection.states = ReviewState.openStates
            selection.openTo = rater
        case .mine: selection.decidedBy = rater
        case .settled:
            selection.states = ["approved", "edited", "rejected", "expired"]
            return try table.places(selection).reversed()
        case .all: break
        }
        let seed = SHA256.digest(of: "order \(rater)").prefix64
        func shuffled(_ numbers: [Int]) -> [Int] {
            numbers.map { (key: mixed(UInt64($0) ^ seed), number: $0) }
                .sorted { $0.key < $1.key }.map(\.number)
        }
        guard filter.part == .open else { return shuffled(try table.places(selection)) }
        selection.states = ["pending", "escalated"]
        let first = shuffled(try table.places(selection))
        selection.states = ["deferred"]
        return first + shuffled(try table.places(selection))
    }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): an order that looks random.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    static func line(
        _ item: ReviewItemRow, rater: String, isClaimed: Bool, in table: ReviewTable, at now: Int64
    ) throws -> ReviewLine {
        let decision = try table.decision(on: item.id, by: rater).flatMap(ReviewVerb.init)
        var state = ReviewState(rawValue: item.state) ?? .pending
        if state.isOpen {
            if let expiresAt = item.expiresAt, expiresAt <= now {
                state = .expired
            } else if decision == nil {
                // That others disagree about it would tell that they have voted.
                state = isClaimed ? .claimed : state == .escalated ? .pending : state
            }
        }
        return ReviewLine(
            id: item.id, kind: ApprovalKind(rawValue: item.kind) ?? .hypothesis, run: item.run,
            inquiry: item.inquiry, claim: item.claim, state: state, decision: decision,
            submittedAt: item.submittedAt, expiresAt: item.expiresAt)
    }

    /// An item as a person may see it.
    public func sheet(of id: String, rater: String) async throws -> ReviewSheet {
        let now = now
        return try await store.readReviews { table in
            let (item, fold) = try Self.fold(of: id, in: table)
            let (sheet, hidden) = try Self.sheet(of: id, in: table)
            let claims = try table.claims(on: id, at: now).map(\.rater).filter { $0 != rater }
            let line = try Self.line(
                item, rater: rater, isClaimed: !claims.isEmpty, in: table, at: now)
            var revealed: ReviewSheet.Revealed?
            if fold.vote(of: rater) != nil || fold.applied != nil || line.state == .expired {
                revealed = ReviewSheet.Revealed(
                    hidden: hidden,
                    votes: fold.votes.map {
                        ReviewSheet.Vote(rater: $0.rater, at: $0.at, decision: $0.decision)
                    })
            }
            return ReviewSheet(
                line: line, sheet: sheet, contentHash: fold.contentHash, raters: item.raters,
                claimedBy: claims,
                canUndo: fold.applied == nil && line.state != .expired
                    && fold.acts.last?.rater == rater,
                revealed: revealed)
        }
    }

    /// How many items are in each state.
    public func counts() async throws -> [ReviewState: Int] {
        try await store.readReviews { table in
            var counts: [ReviewState: Int] = [:]
            for state in ReviewState.allCases where state != .claimed {
                counts[state] = try table.count(ReviewSelection(states: [state.rawValue]))
            }
            return counts
        }
    }

    /// Number of the last event of the audit: it grows with every change of any process.
    public func sequence() async throws -> Int {
        try await store.readReviews { try $0.lastSequence() }
    }

    /// The items of which something happened after an event, each once, in order.
    public func changed(after sequence: Int) async throws -> (items: [String], sequence: Int) {
        try await store.readReviews { table in
            let events = try table.events(after: sequence, limit: 10_000)
            var seen = Set<String>()
            return (
                events.map(\.item).filter { seen.insert($0).inserted },
                events.last?.sequence ?? sequence
            )
        }
    }
}
