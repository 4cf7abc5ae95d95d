import Digests
import Inquiry

/// Writes what people are asked in one study: which of its hypotheses and explanations must wait by its
/// policy, and the sheets that they are shown. A sheet holds what is known of the feature and nothing of a
/// verdict or a score; the same state gives the same sheet.
struct ApprovalDesk: Sendable {
    let policy: ApprovalPolicy
    let run: String
    let seed: UInt64
    let notation: FormulaNotation
    /// What made what is shown.
    let provenance: [RunRecord.Fact]
    /// Who proposes.
    let author: String
    /// The model and its prompts.
    let versions: [RunRecord.Fact]

    /// What people are asked about something; nil where it goes on by itself.
    ///
    /// - Parameter histogram: of the feature's activations on inputs that a proposer may know.
    func request(
        for subject: ApprovalSubject, of feature: Feature, _ state: InquiryState,
        histogram: Inquiry.Evidence.Histogram?
    ) throws -> ApprovalRequest? {
        switch subject {
        case .hypothesis(let id):
            guard let record = state.record(id) else { throw InquiryError.unknownHypothesis(id) }
            return try request(forHypothesis: record, of: feature, state, histogram)
        case .explanation:
            // A control's explanation enters no experience.
            guard case .latent = feature, let card = state.scores,
                let record = state.committed.flatMap(state.record)
            else { return nil }
            return try request(forExplanation: record, card, of: feature, state, histogram)
        }
    }

    private func request(
        forHypothesis record: HypothesisRecord, of feature: Feature, _ state: InquiryState,
        _ histogram: Inquiry.Evidence.Histogram?
    ) throws -> ApprovalRequest? {
        let name = "\(feature.name)/hypothesis \(record.hypothesis.id)"
        // Two probes a trial in each of two arms, as far as the inquiry's probes last.
        let cost = min(4 * state.plan.trialsPerHypothesis, state.plan.probes - state.probes.count)
        guard
            let rule = policy.rule(
                for: .hypothesis, cost: Double(cost), score: nil, name: name, seed: seed)
        else { return nil }
        let sheet = try writer(record, state, histogram).sheet {
            ApprovalSheet(
                kind: .hypothesis, run: run, inquiry: feature.name,
                question: "Is this worth testing?",
                claim: claim(record.hypothesis),
                formula: record.hypothesis.formula,
                editable: .init(
                    name: ApprovalSheet.Editable.formula, text: record.hypothesis.formula),
                facts: $0.facts + [.init("probes that the test may take", String(cost))],
                evidence: $0.evidence, lineage: $0.lineage, provenance: provenance)
        }
        return ApprovalRequest(
            name: name, sheet: sheet,
            hidden: ApprovalHidden(
                author: author(of: record.hypothesis), versions: versions), rule: rule)
    }

    private func request(
        forExplanation record: HypothesisRecord, _ card: ScoreCard, of feature: Feature,
        _ state: InquiryState, _ histogram: Inquiry.Evidence.Histogram?
    ) throws -> ApprovalRequest? {
        let name = "\(feature.name)/explanation"
        let score = card.explanation.balancedAccuracy.value
        guard
            let rule = policy.rule(
                for: .explanation, cost: Double(state.probes.count), score: score, name: name,
                seed: seed)
        else { return nil }
        let words = state.conclusion?.words
        let sheet = try writer(record, state, histogram).sheet {
            ApprovalSheet(
                kind: .explanation, run: run, inquiry: feature.name,
                question: "Does this say what the feature means?",
                claim: words.map { "\($0.label): \($0.description)" }
                    ?? claim(record.hypothesis),
                formula: record.hypothesis.formula,
                editable: .init(
                    name: ApprovalSheet.Editable.label,
                    text: words?.label ?? record.hypothesis.statement),
                facts: $0.facts + [.init("probes spent", String(state.probes.count))],
                evidence: $0.evidence, lineage: $0.lineage, provenance: provenance)
        }
        return ApprovalRequest(
            name: name, sheet: sheet,
            hidden: ApprovalHidden(
                author: author(of: record.hypothesis), verdict: record.status.rawValue,
                figures: Self.figures(card, record), versions: versions), rule: rule)
    }

    /// In a sentence.
    private func claim(_ hypothesis: Hypothesis) -> String {
        let statement = SheetWriter.head(hypothesis.statement, 4_000)
        return switch notation {
        case .board: "It fires when \(statement)."
        case .text: "It fires on \(statement)."
        }
    }

    private func writer(
        _ record: HypothesisRecord, _ state: InquiryState, _ histogram: Inquiry.Evidence.Histogram?
    ) -> SheetWriter {
        SheetWriter(state: state, record: record, histogram: histogram, notation: notation)
    }

    private func author(of hypothesis: Hypothesis) -> String {
        switch hypothesis.origin {
        case .contrast, .rival, .refinement, .review: author
        case .experience: "an earlier inquiry"
        case .person: "a person"
        }
    }

    private static func figures(
        _ card: ScoreCard, _ record: HypothesisRecord
    ) -> [RunRecord.Fact] {
        func fact(_ name: String, _ score: HeldOutScore) -> RunRecord.Fact {
            let estimate = score.balancedAccuracy
            let interval = estimate.interval.map {
                " (\($0.low.rounded3) to \($0.high.rounded3))"
            }
            return .init(name, estimate.value.rounded3 + (interval ?? ""))
        }
        return [
            fact("held-out balanced accuracy", card.explanation),
            fact("of the one-shot", card.oneShot),
            .init("F1", card.explanation.f1.value.rounded3),
            .init("AUROC", card.explanation.auroc.value.rounded3),
            .init("logarithm of the e-value", record.logEValue.rounded3),
        ]
            + record.roles.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                .init("\($0.key.rawValue) as predicted", "\($0.value.correct) of \($0.value.total)")
            }
    }
}

extension StudyManifest {
    /// What writes the questions of a run; nil where nobody is asked.
    func desk(run: String) throws -> ApprovalDesk? {
        guard let policy = plan.approval else { return nil }
        let notation: FormulaNotation
        let engine: String
        switch self {
        case .games(let manifest):
            (notation, engine) = (.board(manifest.subject.board), manifest.engine)
        case .texts(let manifest): (notation, engine) = (.text, manifest.engine)
        }
        let provenance: [RunRecord.Fact] = [
            .init("engine", engine), .init("seed", String(seed)),
            .init("subject", "\(hook), SHA-256 \(identity.prefix(16))"),
            .init("manifest", SHA256.digest(of: try text).hex),
            notation.fact,
        ]
        return ApprovalDesk(
            policy: policy, run: run, seed: seed, notation: notation, provenance: provenance,
            author: proposer?.identity.name ?? "rule inducer", versions: proposer?.versions ?? [])
    }
}

extension Double {
    /// To three digits after the point.
    var rounded3: String { String((self * 1_000).rounded() / 1_000) }
}
