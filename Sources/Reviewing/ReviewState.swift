/// Where an item stands.
public enum ReviewState: String, Codable, Hashable, Sendable, CaseIterable {
    case pending
    /// Somebody is looking at it: pending or deferred, and locked for a while. Never stored.
    case claimed
    /// Put off; it can still be decided.
    case deferred
    /// Those who voted disagree, or somebody asked for another: the next vote of another person decides.
    case escalated
    case approved, edited, rejected
    /// Nobody answered in time: not approved.
    case expired

    /// Whether it can still be decided.
    public var isOpen: Bool {
        switch self {
        case .pending, .claimed, .deferred, .escalated: true
        case .approved, .edited, .rejected, .expired: false
        }
    }

    static let openStates = [ReviewState.pending, .deferred, .escalated].map(\.rawValue)
}
