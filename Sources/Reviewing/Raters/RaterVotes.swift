import Inquiry
import Memory

/// The votes of an audit that tell something of raters: a fold over all of its events.
struct RaterVotes: Sendable {
    struct Vote: Hashable, Sendable {
        let verb: ReviewVerb
        let rating: Int?
        let seconds: Double
    }

    struct Item: Hashable, Sendable {
        let kind: ApprovalKind
        let control: ReviewControl?
        fileprivate(set) var contentHash: String
        /// The first uninformed vote of each rater on the sheet as it is now.
        fileprivate(set) var votes: [String: Vote] = [:]
    }

    /// By their ids.
    private(set) var items: [String: Item] = [:]
    /// How many votes of each rater do not count, being informed or not the first.
    private(set) var informed: [String: Int] = [:]
    private(set) var sequence = 0

    mutating func apply(_ row: ReviewEventRow) throws(ReviewError) {
        sequence = row.sequence
        switch try ReviewEvent(row) {
        case .submitted(let submission):
            items[row.item] = Item(
                kind: submission.kind, control: submission.control,
                contentHash: submission.contentHash)
        case .revised(let revision):
            items[row.item]?.contentHash = revision.contentHash
            items[row.item]?.votes = [:]
        case .decided(let decision):
            guard decision.verb.isVote else { return }
            guard !decision.isInformed, items[row.item]?.votes[row.actor] == nil else {
                informed[row.actor, default: 0] += 1
                return
            }
            items[row.item]?.votes[row.actor] = Vote(
                verb: decision.verb, rating: decision.rating, seconds: decision.seconds)
        case .undone, .expired, .applied: break
        }
    }

    /// Forgets all other items.
    mutating func keep(_ ids: Set<String>) { items = items.filter { ids.contains($0.key) } }

    /// Everybody who voted, in order of their names.
    var raters: [String] {
        Set(items.values.flatMap(\.votes.keys)).union(informed.keys).sorted()
    }

    /// The items that were not planted, in an order that stays.
    func realItems(_ kind: ApprovalKind? = nil) -> [Item] {
        items.sorted { $0.key < $1.key }.map(\.value).filter {
            $0.control == nil && (kind == nil || $0.kind == kind)
        }
    }
}
