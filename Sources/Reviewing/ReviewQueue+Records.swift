import Inquiry
import Memory

/// Everything that is known of an item, for other tools.
public struct ReviewRecord: Codable, Hashable, Sendable {
    public struct Vote: Codable, Hashable, Sendable {
        public let rater: String
        /// Milliseconds since 1970.
        public let at: Int64
        public let decision: ReviewEvent.Decision

        public init(_ vote: ReviewSheet.Vote) {
            (rater, at, decision) = (vote.rater, vote.at, vote.decision)
        }

        fileprivate init(_ act: ReviewFold.Act) {
            (rater, at, decision) = (act.rater, act.at, act.decision)
        }
    }

    public let id: String
    public let kind: ApprovalKind
    public let run: String
    public let inquiry: String
    public let state: ReviewState
    public let contentHash: String
    public let raters: Int
    public let submittedAt: Int64
    public let expiresAt: Int64?
    /// When a run went on with it.
    public let appliedAt: Int64?
    public let sheet: ApprovalSheet
    /// The standing acts, in order; none of an open item unless everything is revealed.
    public let votes: [Vote]
    /// Nil for an open item unless everything is revealed.
    public let hidden: ApprovalHidden?
    /// Why it was planted; nil for others, and unless everything is revealed.
    public let control: ReviewControl?
}

extension ReviewQueue {
    /// The ids of all items in the order of submission.
    public func ids() async throws -> [String] {
        try await store.readReviews { try $0.numbers(ReviewSelection()).map(\.id) }
    }

    /// Everything that is known of an item.
    ///
    /// - Parameter isRevealed: whether what is hidden from those who still decide is in it: the votes and
    ///   verdicts of open items, and what was planted.
    public func record(of id: String, isRevealed: Bool) async throws -> ReviewRecord {
        try await store.readReviews { table in
            let (item, fold) = try Self.fold(of: id, in: table)
            let (sheet, hidden) = try Self.sheet(of: id, in: table)
            let isShown = isRevealed || !fold.state.isOpen
            return ReviewRecord(
                id: id, kind: sheet.kind, run: sheet.run, inquiry: sheet.inquiry,
                state: isRevealed || !fold.state.isOpen ? fold.state : .pending,
                contentHash: fold.contentHash, raters: item.raters,
                submittedAt: item.submittedAt, expiresAt: item.expiresAt,
                appliedAt: item.appliedAt, sheet: sheet,
                votes: isShown ? fold.acts.map { ReviewRecord.Vote($0) } : [],
                hidden: isShown ? hidden : nil,
                control: isRevealed ? fold.submission?.control : nil)
        }
    }

    /// Whether an event of the audit has this hash.
    public func hasEvent(hash: String) async throws -> Bool {
        try await store.readReviews { table in
            var last = 0
            while true {
                let rows = try table.events(after: last, limit: 1_000)
                guard let end = rows.last else { return false }
                if rows.contains(where: { $0.hash == hash }) { return true }
                last = end.sequence
            }
        }
    }
}
