import Inquiry
import Rows
import Tools

/// One thing that happened in a run of `mine`. The journal holds these and nothing else.
public enum MiningEvent: Codable, Hashable, Sendable {
    /// The rows were dealt to their roles.
    case dealt(Deal)
    case proposed(Proposal)
    case checked(Checks)
    case screened(Screening)
    case selected(Choice)
    /// The confirm rows are opened, once.
    case opened(ConfirmOpening)
    case confirmed(MiningOutcome)
    /// What people let be kept and written of it.
    case approved([MiningApproval])

    /// Names the kind in the journal.
    var kind: String {
        switch self {
        case .dealt: "dealt"
        case .proposed: "proposed"
        case .checked: "checked"
        case .screened: "screened"
        case .selected: "selected"
        case .opened: "opened"
        case .confirmed: "confirmed"
        case .approved: "approved"
        }
    }

    public struct Deal: Codable, Hashable, Sendable {
        public let roles: [MiningRecord.Role]
        public let setAside: [MiningRecord.SetAside]
    }

    public struct Proposal: Codable, Hashable, Sendable {
        public let candidates: [Candidate]
        public let consultations: [Consultation]
        /// Proposals of which no tool can be made.
        public let unreadable: [MiningRecord.Dropped]
    }

    /// What running the tools showed.
    public struct Checks: Codable, Hashable, Sendable {
        public let outcomes: [Outcome]
        public let consultations: [Consultation]

        public struct Outcome: Codable, Hashable, Sendable {
            public let name: String
            /// The tool that took its place after its faults were told, or after a person wrote it anew.
            public let repaired: FeatureTool?
            /// Why it is dropped.
            public let fault: String?
            /// What people decided before it was run; nil where nobody was asked.
            public var approvals: [ApprovalAnswer]?
        }
    }

    /// Which features that cost a call for each row are worth their calls.
    public struct Screening: Codable, Hashable, Sendable {
        public let outcomes: [Outcome]

        public struct Outcome: Codable, Hashable, Sendable {
            public let name: String
            /// Rows after which it was decided.
            public let rows: Int
            /// Why it is dropped.
            public let fault: String?
        }
    }

    /// What selection chose among all tools that are sound.
    public struct Choice: Codable, Hashable, Sendable {
        public let chosen: [Chosen]
        /// Of the chosen set: cross-fitted rank correlation on the select rows.
        public let score: Double?
        /// Why no more were chosen.
        public let stop: String

        public struct Chosen: Codable, Hashable, Sendable {
            public let name: String
            public let gain: Double
        }
    }
}

/// What a run leaves: the record that reports are made from, and the pack.
public struct MiningOutcome: Codable, Hashable, Sendable {
    public let record: MiningRecord
    public let pack: FeaturePack
}
