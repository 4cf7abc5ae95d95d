import Digests
import Inquiry
import Tools

/// What people have not decided yet, though a step of the run needs it.
struct ApprovalPending: Error {
    let questions: [String]
}

/// Asks people what a run of `mine` must not do by itself: run a program, keep a feature, write a pack.
/// The same state gives the same sheet, and a question is asked once.
struct MiningDesk: Sendable {
    let manifest: MiningManifest
    let policy: ApprovalPolicy
    /// Where people are asked; nil where nobody is.
    let gate: (any ApprovalGate)?
    let run: String

    /// What people decided about running a program; nil where the policy lets it run.
    ///
    /// - Throws: ``ApprovalPending`` while nobody has decided.
    func answer(toRunning tool: FeatureTool, of candidate: Candidate) async throws
        -> ApprovalAnswer?
    {
        let name = "tool \(tool.name) \(tool.hash.hex.prefix(12))"
        guard let rule = rule(.tool, cost: manifest.data.rows, score: nil, name: name) else {
            return nil
        }
        let sheet = ApprovalSheet(
            kind: .tool, run: run, inquiry: tool.name, question: "May this program be run?",
            claim: tool.title,
            editable: .init(
                name: ApprovalSheet.Editable.source, text: tool.kind.definition),
            facts: [
                .init("rows that it would be run on", String(manifest.data.rows)),
                .init("where", manifest.python.rawValue),
                .init("round", String(candidate.round + 1)),
                .init("version", String(tool.version)),
                .init("tool", tool.hash.hex),
            ],
            evidence: [
                .text(.init(title: "\(tool.name).py", text: tool.reading, isCode: true)),
                .table(Self.examples(of: tool)),
            ], lineage: tool.version > 1 ? Self.lineage(tool, candidate) : [],
            provenance: try provenance)
        return try await ask(
            ApprovalRequest(
                name: name, sheet: sheet, hidden: hidden(candidate.origin.rawValue), rule: rule))
    }

    /// What people decided about a confirmed feature; nil where the policy lets it be kept.
    ///
    /// - Throws: ``ApprovalPending``.
    func answer(
        toKeeping feature: MinedFeature, _ record: MiningRecord
    ) async throws -> ApprovalAnswer? {
        let name = "feature \(feature.name)"
        let score = feature.confirm.map { abs($0.value) }
        guard let rule = rule(.feature, cost: manifest.data.rows, score: score, name: name) else {
            return nil
        }
        let sheet = ApprovalSheet(
            kind: .feature, run: run, inquiry: feature.name,
            question: "Does this feature say what it is called, and may later tasks use it?",
            claim: feature.sentence,
            editable: .init(name: ApprovalSheet.Editable.label, text: feature.title),
            facts: [
                .init("target", record.target), .init("kind", feature.kind),
                .init("rows", String(manifest.data.rows)),
            ], evidence: Self.evidence(of: feature), provenance: try provenance)
        return try await ask(
            ApprovalRequest(
                name: name, sheet: sheet,
                hidden: hidden(feature.origin, verdict: "confirmed", Self.figures(of: feature)),
                rule: rule))
    }

    /// What people decided about the pack; nil where the policy lets it be written.
    ///
    /// - Throws: ``ApprovalPending``.
    func answer(toPacking outcome: MiningOutcome) async throws -> ApprovalAnswer? {
        let features = outcome.record.features
        let name = "pack"
        guard let rule = rule(.pack, cost: features.count, score: nil, name: name) else {
            return nil
        }
        let sheet = ApprovalSheet(
            kind: .pack, run: run, inquiry: name,
            question: "May this pack be written, to score new rows with?",
            claim: "\(features.count) features that speak for \(outcome.record.target)",
            facts: [
                .init("features", String(features.count)),
                .init("tools", String(outcome.pack.tools.count)),
                .init("stand-ins", String(outcome.pack.standIns.count)),
            ],
            evidence: [
                .table(
                    .init(
                        title: "features", columns: ["feature", "kind", "what it is"],
                        rows: features.map {
                            [$0.title, $0.kind, Self.head($0.definition, 400)]
                        }))
            ], provenance: try provenance)
        let score = outcome.record.scores.first { $0.name == MiningRecord.Score.features }
        return try await ask(
            ApprovalRequest(
                name: name, sheet: sheet,
                hidden: hidden("the run", score.map(Self.figures(of:)) ?? []), rule: rule))
    }

    private func rule(
        _ kind: ApprovalKind, cost: Int, score: Double?, name: String
    ) -> ApprovalPolicy.Rule? {
        policy.rule(for: kind, cost: Double(cost), score: score, name: name, seed: manifest.seed)
    }

    private func ask(_ request: ApprovalRequest) async throws -> ApprovalAnswer {
        guard let gate else { throw InquiryError.nobodyToAsk }
        guard let answer = try await gate.answer(to: request) else {
            throw ApprovalPending(questions: [request.name])
        }
        return answer
    }

    private var provenance: [RunRecord.Fact] {
        get throws {
            [
                .init("engine", manifest.engine), .init("seed", String(manifest.seed)),
                .init("rows", "SHA-256 \(manifest.data.digest.hex)"),
                .init("manifest", SHA256.digest(of: try manifest.text).hex),
            ]
        }
    }

    private func hidden(
        _ origin: String, verdict: String? = nil, _ figures: [RunRecord.Fact] = []
    ) -> ApprovalHidden {
        let model = manifest.proposer.map { "\($0.identity.name), " } ?? ""
        return ApprovalHidden(
            author: model + origin, verdict: verdict, figures: figures,
            versions: manifest.proposer?.versions ?? [])
    }
}
