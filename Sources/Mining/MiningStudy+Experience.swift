import Digests
import Inquiry
import Memory
import Tools

/// What tasks teach each other: tools that were confirmed on the rows of one are proposed for the next.
extension MiningStudy {
    private static let scope = "mine"
    /// The most tools that a task begins with.
    static let experienceLimit = 40

    /// Keeps the features that a finished run chose, with the tools that compute them and whether they were
    /// confirmed. Where people are asked about features, only confirmed ones that they approved.
    public static func keepLessons(
        of outcome: MiningOutcome, _ manifest: MiningManifest, approvals: MiningApprovals = .none,
        store: Store, run: String
    ) async throws {
        let asks = manifest.approval?[.feature] != nil
        for feature in outcome.record.features where !asks || outcome.record.isConfirmed(feature) {
            guard
                let tool = outcome.pack.tools.first(where: { $0.name == feature.name })
                    .flatMap(approvals.kept)
            else { continue }
            try await store.keep(
                Lesson(
                    run: run, inquiry: feature.name, scope: scope,
                    corpus: manifest.data.sketch.text,
                    status: (outcome.record.isConfirmed(feature)
                        ? HypothesisStatus.supported : .unresolved).rawValue,
                    formula: try CanonicalJSON.encode(tool),
                    statement: approvals.title(of: feature.name) ?? feature.sentence,
                    score: feature.confirm.map { abs($0.value) },
                    evidence:
                        "rank correlation with \(outcome.record.target) on rows that confirmed it"))
        }
    }

    /// The tools that other rows confirmed, the most telling first. A tool in which any of these rows had
    /// a part, however they were dealt then, is not proposed for them again: it was chosen by their
    /// targets. Without a language model, none that only one can carry out.
    public static func experience(
        for manifest: MiningManifest, store: Store
    ) async throws -> [FeatureTool] {
        let lessons = try await store.lessons(scope: scope, exceptCorpus: "")
        let own = Set(
            lessons.filter { manifest.data.sketch.overlaps($0.corpus) }.map(\.formula)
                .compactMap { try? CanonicalJSON.decode(FeatureTool.self, from: $0).hash })
        var seen = own
        return lessons.filter { $0.status == HypothesisStatus.supported.rawValue }
            .sorted { ($1.score ?? 0, $0.formula) < ($0.score ?? 0, $1.formula) }
            .compactMap { try? CanonicalJSON.decode(FeatureTool.self, from: $0.formula) }
            .filter { seen.insert($0.hash).inserted && manifest.canRun($0) }
            .prefix(experienceLimit).map { $0 }
    }
}

extension MiningManifest {
    /// Whether a run can carry a tool out.
    public func canRun(_ tool: FeatureTool) -> Bool {
        switch tool.kind {
        case .expression: true
        case .python: allowsPython
        case .prompt: proposer != nil
        }
    }
}
