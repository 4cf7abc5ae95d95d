import Inquiry
import Memory
import Tools

/// What became of something of a finished run that may have had to wait for people.
public struct MiningApproval: Codable, Hashable, Sendable {
    public enum Subject: Codable, Hashable, Sendable {
        case feature(String)
        case pack
    }

    public let subject: Subject
    /// What people decided; nil where the policy let it go on by itself.
    public let answer: ApprovalAnswer?
}

/// What people decided in a run of `mine`, as its journal tells it.
public struct MiningApprovals: Hashable, Sendable {
    /// In order: what was asked, and what was decided.
    public let decisions: [RunRecord.Fact]
    /// Whether people must still decide about features or the pack.
    public let isPending: Bool
    private let approvals: [MiningApproval]

    /// Of a run that asked nobody.
    public static let none = MiningApprovals([], asks: false)

    init(_ events: [MiningEvent], asks: Bool) {
        var decisions: [RunRecord.Fact] = []
        var approvals: [MiningApproval]?
        for event in events {
            switch event {
            case .checked(let checks):
                for outcome in checks.outcomes {
                    decisions += (outcome.approvals ?? []).map {
                        .init("tool \(outcome.name)", $0.line)
                    }
                }
            case .approved(let list): approvals = list
            default: break
            }
        }
        for approval in approvals ?? [] {
            guard let answer = approval.answer else { continue }
            switch approval.subject {
            case .feature(let name): decisions.append(.init("feature \(name)", answer.line))
            case .pack: decisions.append(.init("pack", answer.line))
            }
        }
        self.decisions = decisions
        self.approvals = approvals ?? []
        isPending = asks && approvals == nil
    }

    /// What people decided about a feature, or the pack; nil where nobody was asked.
    public func answer(to subject: MiningApproval.Subject) -> ApprovalAnswer? {
        approvals.first { $0.subject == subject }?.answer
    }

    /// What a person called a feature; nil where nobody did.
    func title(of feature: String) -> String? {
        guard case .edited(let title)? = answer(to: .feature(feature))?.outcome else { return nil }
        return title
    }

    /// Whether the pack may be written.
    public var allowsPack: Bool {
        !isPending && answer(to: .pack)?.isApproved != false
    }

    /// A tool that a feature may be kept by, under the name that people gave it; nil where they did not
    /// approve the feature.
    func kept(_ tool: FeatureTool) -> FeatureTool? {
        guard let answer = answer(to: .feature(tool.name)) else { return tool }
        guard answer.isApproved else { return nil }
        guard let title = title(of: tool.name) else { return tool }
        // A title that cannot be used leaves the tool its own.
        return
            (try? FeatureTool(
                name: tool.name, title: title, kind: tool.kind, examples: tool.examples,
                version: tool.version, parent: tool.parent)) ?? tool
    }
}

extension ApprovalAnswer {
    fileprivate var line: String { "\(words) (item \(item))" }
}

extension MiningRun {
    /// What people decided in a run, from nothing but its journal.
    public static func approvals(
        store: Store, run: String, manifest: MiningManifest
    ) async throws -> MiningApprovals {
        MiningApprovals(
            try await events(store: store, run: run), asks: manifest.asksInTheEnd)
    }
}

extension MiningOutcome {
    /// The tools of the features that count as confirmed, but for those that people did not approve.
    public func confirmedTools(_ approvals: MiningApprovals) -> [FeatureTool] {
        let names = record.features.filter(record.isConfirmed).map(\.name)
        return pack.tools.filter { names.contains($0.name) }.compactMap(approvals.kept)
    }
}

extension MiningManifest {
    /// Whether people are asked about what a run has confirmed.
    var asksInTheEnd: Bool { approval?[.feature] != nil || approval?[.pack] != nil }
}
