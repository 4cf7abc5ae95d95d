import Consulting
import Digests
import Foundation
import Inquiry
import LinearAlgebra
import Memory
import Rows
import Statistics
import Tools

/// One run of `mine`: answers each of its steps from rows, tools and a proposer.
///
/// The module finds features of texts that predict an outcome, decides by figures on rows that nobody
/// proposed from, and leaves a pack that scores new rows. Beginning a run, resuming it and checking it
/// are one path, ``MiningRun``. Read first: ``MiningManifest``, ``MiningEvent``, this type.
public struct MiningStudy: Sendable {
    let manifest: MiningManifest
    let rows: RowSet
    let deal: RoleDeal
    let folds: TrainingFolds
    let bench: FeatureBench
    let proposer: any FeatureProposer
    /// Whether the proposer can be run again on permuted targets, at no cost.
    let inducing: InducingFeatureProposer?
    let annotator: Annotator?
    let embedding: TextEmbedding?
    /// Asks people; nil where nobody is asked.
    var desk: MiningDesk?

    static let lengthName = "length"

    /// The control that is always in the score: the length of the text.
    static func lengthTool() throws(ToolError) -> FeatureTool {
        try FeatureTool(
            name: lengthName, title: "Length in words, as a logarithm",
            kind: .expression("log1p(words)"))
    }

    func answer(_ step: MiningStep, _ state: MiningState) async throws -> MiningEvent {
        switch step {
        case .deal: .dealt(dealt)
        case .propose(let round): .proposed(try await proposal(round, state))
        case .check(let round): .checked(try await checks(round, state))
        case .screen(let round): .screened(try await screening(round, state))
        case .select: .selected(try await choice(state))
        case .open: .opened(deal.confirm.opening)
        case .confirm: .confirmed(try await confirmation(state))
        case .approve: .approved(try await approvals(state))
        }
    }

    private var dealt: MiningEvent.Deal {
        let sealed = deal.confirm.opening
        return MiningEvent.Deal(
            roles: [
                .init(
                    name: Discover.name, rows: deal.discover.count, groups: deal.discover.unitCount),
                .init(name: Select.name, rows: deal.select.count, groups: deal.select.unitCount),
                .init(name: Confirm.name, rows: sealed.rows, groups: sealed.units),
            ],
            setAside: rows.setAside.entries.map { entry in
                .init(
                    reason: "\(entry.reason)", rows: entry.count,
                    examples: entry.examples.map(\.place.number))
            })
    }

    private func proposal(
        _ round: Int, _ state: MiningState
    ) async throws -> MiningEvent.Proposal {
        let residual = try await residual(state.chosen)
        return try await proposer.propose(
            ProposerView(
                round: round, discover: deal.discover, residual: residual.discover,
                selectResidual: residual.select, state: state))
    }

    /// Rows of the discover split that a tool is tried on before it is believed.
    static let sampleRows = 300

    private func checks(_ round: Int, _ state: MiningState) async throws -> MiningEvent.Checks {
        // Drawn, as a file may be in the order of its products or dates.
        var generator = SeededGenerator(seed: seed(.sample))
        let sample = deal.discover.rows.taking(
            Array(
                deal.discover.rows.texts.indices.shuffled(using: &generator)
                    .prefix(Self.sampleRows)))
        var hashes = Set(state.candidates.map(\.tool.hash))
        var outcomes: [MiningEvent.Checks.Outcome] = []
        var consultations: [Consultation] = []
        var open: [String] = []
        for candidate in state.candidates(of: round) {
            do {
                let checked = try await check(candidate, on: sample, &hashes)
                outcomes.append(checked.outcome)
                consultations += checked.consultations
            } catch let pending as ApprovalPending {
                // Others are asked about meanwhile; what is known by then is in the memory.
                open += pending.questions
            }
        }
        guard open.isEmpty else { throw ApprovalPending(questions: open) }
        return MiningEvent.Checks(outcomes: outcomes, consultations: consultations)
    }
}
